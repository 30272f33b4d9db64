//! What stewards decided, in the run: read, followed, and told of.
//!
//! In: the hub's store and tonight's records. Out: what matching, identifying and surviving follow ([`Resolved`]), the rows of
//! the published table, warnings and notices (counts and numbers of decisions, no values). What holds is decided by `steward`.

use crate::identify::RenamedMember;
use crate::model::Language;
use crate::model::MatchWeight;
use crate::model::RecordIndex;
use crate::pipeline::Circumstances;
use crate::pipeline::Prepared;
use crate::pipeline::RunError;
use crate::publish::DecisionRow;
use crate::publish::Hub;
use crate::publish::LogEvent;
use crate::publish::LogLevel;
use crate::publish::ReviewItem;
use crate::publish::Run;
use crate::publish::Staging;
use crate::publish::read_decision_states;
use crate::steward;
use crate::steward::Against;
use crate::steward::Decision;
use crate::steward::DecisionState;
use crate::steward::Resolved;
use crate::steward::Since;
use crate::steward::StewardError;
use crate::steward::Store;
use crate::survive::Pin;
use crate::table::Registry;

/// Numbers of decisions that one warning names.
const NAMED_MAX: usize = 20;

/// Reason of a question about a decision whose records have changed.
const STALE: &str = "stale";

/// A decision to be asked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StalePair {
    /// Smaller record.
    pub left: RecordIndex,
    /// Larger record; `left` again when the decision is about one.
    pub right: RecordIndex,
    /// Weight of the pair.
    pub weight: MatchWeight,
}

/// What stewards said, for the records of this run; nothing when they never said anything.
///
/// # Errors
/// [`RunError::Steward`] when the store cannot be read.
pub fn resolve_decisions(
    hub: &Hub,
    prepared: &Prepared,
    circumstances: &Circumstances,
) -> Result<Resolved, RunError> {
    let Some(store) = Store::open_existing(&hub.path().join(steward::FILE))? else {
        return Ok(Resolved::default());
    };
    let day = circumstances.started_at.get(..10).unwrap_or_default();
    let records = &prepared.ingested.records;
    Ok(steward::resolve(
        &store.known()?,
        records,
        &prepared.standard,
        day,
    ))
}

/// What the maps of renumbered keys did to the records of the last run.
#[derive(Debug, Default)]
pub(super) struct Renamed {
    /// Those that have another key now.
    pub(super) members: Vec<RenamedMember>,
    /// Number of the last map that was followed; 0 without any.
    pub(super) last_map: i64,
}

/// Gives the records of the last run the keys that a steward accepted since, so that they keep their IDs.
///
/// # Errors
/// A store that lost what the last run followed is damaged: a run without it would undo what stewards said, unseen.
pub(super) fn rename_members(
    hub: &Hub,
    last: Option<&Run>,
    registry: &mut Registry,
) -> Result<Renamed, RunError> {
    let path = hub.path().join(steward::FILE);
    let store = Store::open_existing(&path)?;
    let known = store.map(|store| store.known()).transpose()?.unwrap_or_default();
    let is_kept = |id: i64| known.decisions.iter().any(|decision| decision.id == id);
    let states = last.map(read_decision_states).transpose()?.unwrap_or_default();
    if !states.iter().all(|(id, ..)| is_kept(*id)) {
        let detail = "it lacks decisions that the last run followed".to_owned();
        return Err(StewardError::Damaged { path, detail }.into());
    }
    let rekeys = known.rekeys;
    let mut found = Renamed {
        members: Vec::new(),
        last_map: rekeys.last(),
    };
    let Some(last) = last.filter(|_| !rekeys.is_empty()) else {
        return Ok(found);
    };
    let since = &last.manifest().facts;
    let since = Since::of_run(since.last_map, &since.started_at);
    let renamed = |source: &str, key: &str| rekeys.pending(since, source, key).to_owned();
    for at in 0..registry.members.len() {
        let status = registry.mark(at).status;
        let (source, key, id) = &mut registry.members[at];
        let new_key = renamed(source, key);
        if new_key == *key {
            continue;
        }
        found.members.push(RenamedMember {
            source: source.clone(),
            old_key: std::mem::replace(key, new_key.clone()),
            new_key,
            id: *id,
            status,
        });
    }
    for former in &mut registry.former {
        former.key = renamed(&former.source, &former.key);
    }
    registry.former.sort_unstable();
    let mut order: Vec<usize> = (0..registry.members.len()).collect();
    order.sort_unstable_by(|&a, &b| registry.members[a].cmp(&registry.members[b]));
    registry.members = order.iter().map(|&at| registry.members[at].clone()).collect();
    if !registry.marks.is_empty() {
        registry.marks = order.iter().map(|&at| registry.marks[at]).collect();
    }
    Ok(found)
}

/// Pinned values for the golden records.
pub(super) fn pins(decisions: &Resolved) -> Vec<Pin> {
    let pins = decisions.value_pins.iter().map(|pin| Pin {
        record: pin.record,
        field: pin.field.clone(),
        value: pin.value.clone(),
        decision: pin.decision,
    });
    pins.collect()
}

/// What stewards must settle.
pub(super) fn warnings(language: Language, decisions: &Resolved) -> Vec<String> {
    let all = &decisions.contradictions;
    let mut shown: Vec<String> = Vec::new();
    for found in all {
        let (a, b) = (found.decision, found.against);
        shown.push(match b {
            // The other way round it was told before.
            Against::Decision(b) if b < a => continue,
            against => format!("{a} {}", of_what(language, against)),
        });
    }
    if shown.is_empty() {
        return Vec::new();
    }
    let (count, more) = (shown.len(), shown.len().saturating_sub(NAMED_MAX));
    shown.truncate(NAMED_MAX);
    let shown = shown.join(language.choose(", ", "；"));
    let warning = match language {
        Language::En => {
            let noun = if count == 1 {
                "contradiction"
            } else {
                "contradictions"
            };
            let more = if more > 0 {
                format!(" and {more} more")
            } else {
                String::new()
            };
            format!(
                "{count} {noun} among decisions: {shown}{more}; what keeps records apart was followed, of two \
                 pins of one value neither; see decisions.csv, then `guiyi decide undo`"
            )
        }
        Language::Zh => {
            let more = if more > 0 {
                format!("，另有 {more} 处")
            } else {
                String::new()
            };
            format!(
                "裁决中有 {count} 处矛盾：{shown}{more}；已按分开处理，同一值的两个固定值均未采用；\
                 见 decisions.csv，再用 `guiyi decide undo` 撤销"
            )
        }
    };
    vec![warning]
}

/// What a decision contradicts.
fn of_what(language: Language, against: Against) -> String {
    match (language, against) {
        (Language::En, Against::Decision(other)) => format!("against {other}"),
        (Language::En, Against::Identifiers) => "against identifiers of its records".to_owned(),
        (Language::En, Against::Label) => "against a label".to_owned(),
        (Language::En, Against::Members) => "against other members of its customers".to_owned(),
        (Language::Zh, Against::Decision(other)) => format!("与 {other} 矛盾"),
        (Language::Zh, Against::Identifiers) => "与其记录的证照号码矛盾".to_owned(),
        (Language::Zh, Against::Label) => "与标注矛盾".to_owned(),
        (Language::Zh, Against::Members) => "与其客户的其他成员矛盾".to_owned(),
    }
}

/// Decisions by their state, in the run's log.
pub(super) fn log(staging: &Staging, now: &str, decisions: &Resolved) -> Result<(), RunError> {
    if decisions.is_empty() {
        return Ok(());
    }
    let states = [
        DecisionState::InForce,
        DecisionState::Stale,
        DecisionState::Unresolved,
        DecisionState::Contradicted,
        DecisionState::Expired,
    ];
    let counts = states.map(|state| (state.as_str(), decisions.count(state) as u64));
    let is_sound = decisions.contradictions.is_empty();
    Ok(staging.log().write(&LogEvent {
        ts: now,
        level: if is_sound {
            LogLevel::Info
        } else {
            LogLevel::Warning
        },
        stage: "cluster",
        event: "decisions",
        place: None,
        counts: counts.into_iter().collect(),
    })?)
}

/// What is worth knowing of decisions.
pub(super) fn notices(language: Language, decisions: &Resolved) -> Vec<String> {
    let mut notices = Vec::new();
    let unresolved = decisions.count(DecisionState::Unresolved);
    if unresolved > 0 {
        notices.push(match language {
            Language::En => format!(
                "{unresolved} decisions name a record that the exports do not hold; they hold for the others"
            ),
            Language::Zh => format!("{unresolved} 个裁决提到的记录不在导出文件中，对其余记录仍然有效"),
        });
    }
    if !decisions.stale.is_empty() {
        let stale = decisions.stale.len();
        notices.push(match language {
            Language::En => format!(
                "{stale} decisions rest on values that have changed since; they hold and are asked again in the review"
            ),
            Language::Zh => format!("{stale} 个裁决所依据的内容已有变化，继续有效，并在复核中再次提问"),
        });
    }
    notices
}

/// Decisions that are asked again, as questions of the review.
pub(super) fn questions(stale: &[StalePair], name: impl Fn(RecordIndex) -> String) -> Vec<ReviewItem> {
    let questions = stale.iter().map(|pair| ReviewItem {
        left: pair.left,
        right: pair.right,
        weight: pair.weight,
        pairs: 1,
        reason: STALE,
        names: [
            name(pair.left),
            if pair.left == pair.right {
                String::new()
            } else {
                name(pair.right)
            },
        ],
        since_run: 0,
    });
    questions.collect()
}

/// The published table; a decision that stands as in the run before has stood so since then.
///
/// # Errors
/// [`RunError::Publish`] when the table of the run before is damaged.
pub(super) fn rows(
    decisions: &Resolved,
    last: Option<&Run>,
    run_number: u32,
) -> Result<Vec<DecisionRow>, RunError> {
    if decisions.is_empty() {
        return Ok(Vec::new());
    }
    let before = last.map(read_decision_states).transpose()?.unwrap_or_default();
    let since = |id: i64, state: DecisionState| {
        let at = before.binary_search_by_key(&id, |(id, ..)| *id).ok();
        let same = at.map(|at| &before[at]).filter(|(_, of, _)| of == state.as_str());
        same.map_or(u64::from(run_number), |(.., since)| *since)
    };
    let states = decisions.states.iter().map(|(_, state)| *state);
    let rows = decisions
        .decisions
        .iter()
        .zip(states)
        .map(|(decision, state)| DecisionRow {
            since_run: since(decision.id, state),
            state: state.as_str(),
            against: against(decisions, decision.id),
            ..row(decision)
        });
    Ok(rows.collect())
}

fn against(decisions: &Resolved, id: i64) -> String {
    let all = &decisions.contradictions;
    let start = all.partition_point(|found| found.decision < id);
    let own = all[start..].iter().take_while(|found| found.decision == id);
    let own: Vec<String> = own.map(|found| found.against.text()).collect();
    own.join("; ")
}

/// What a decision says by itself.
fn row(decision: &Decision) -> DecisionRow {
    let first = &decision.records[0];
    let others = || decision.records[1..].iter();
    let other = others()
        .find(|record| record.side != first.side)
        .or_else(|| others().next());
    let name = |record: &steward::DecidedRecord| [record.source.clone(), record.key.clone()];
    let word = &decision.word;
    DecisionRow {
        decision: decision.id.unsigned_abs(),
        kind: decision.matter.as_str(),
        a: name(first),
        b: other.map(name).unwrap_or_default(),
        records: decision.records.len() as u64,
        field: decision.matter.field().unwrap_or_default().to_owned(),
        value: decision.matter.value().unwrap_or_default(),
        author: word.author.clone(),
        reason: word.reason.clone(),
        expiry: decision.expiry.to_string(),
        made_at: word.made_at.clone(),
        ..DecisionRow::default()
    }
}
