//! The data's path as one function: read, standardise, match, identify, survive, publish.
//!
//! In: a checked [`Plan`] and the run's circumstances ([`Circumstances`]: the clock and who watches). Out: a published run
//! and its [`Summary`]. This module alone knows the order of the stages, cuts the pairs into batches, and spreads them
//! over threads; the stages are pure. What is written where is `publish`'s business.

mod audited;
pub mod budget;
mod decisions;
mod error;
mod evidence;
pub mod forget;
mod guards;
mod matching;
mod outputs;
mod pages;
mod queue;
mod related;
pub mod retention;
mod settings;
mod told;
mod train;

pub use decisions::StalePair;
pub use decisions::resolve_decisions;
pub use error::RunError;
pub use error::RunErrorKind;
pub use error::SourceFaults;
pub use evidence::Against;
pub use evidence::comparison_labels;
pub use matching::Matched;
pub use matching::Matching;
pub use matching::WeakestLink;
pub use matching::forecast;
pub use train::Change;
pub use train::Effect;
pub use train::PriorChange;
pub use train::Training;
pub use train::WeightChange;
pub use train::train;

use crate::identify;
use crate::identify::identify;
use crate::ingest::Ingested;
use crate::ingest::carry;
use crate::ingest::ingest;
use crate::model::IssueCode;
use crate::plan::Plan;
use crate::publish::Hub;
use crate::publish::Lock;
use crate::publish::Run;
use crate::publish::read_decision_states;
use crate::publish::read_erasures;
use crate::publish::read_records;
use crate::quality::Quality;
use crate::reference;
use crate::score::Model;
use crate::standardise;
use crate::standardise::standardise;
use crate::survive;
use crate::survive::survive;
use crate::table::GoldenRecords;
use crate::table::IdAssignments;
use crate::table::Issue;
use crate::table::Lineage;
use crate::table::Registry;
use crate::table::StandardRecords;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Stages in their order, for progress and timings.
pub const STAGES: [&str; 8] = [
    "ingest",
    "standardise",
    "block",
    "train",
    "score",
    "cluster",
    "identify",
    "publish",
];

/// What a run is told about the world, so that no stage asks for it.
pub struct Circumstances<'a> {
    /// Start of the run, UTC, RFC 3339.
    pub started_at: String,
    /// The time now, UTC, RFC 3339; for the log and the manifest only.
    pub now: &'a (dyn Fn() -> String + Sync),
    /// Milliseconds since the start; for timings only.
    pub elapsed_ms: &'a (dyn Fn() -> u64 + Sync),
    /// Called when a stage starts and as it goes on: stage, done, total (0 when unknown).
    pub progress: &'a (dyn Fn(&'static str, u64, u64) + Sync),
}

/// How to run.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Learn the model again instead of using the last run's.
    pub is_from_scratch: bool,
    /// Do everything but publish; the hub is left as it was.
    pub is_dry_run: bool,
}

/// What a run came to.
#[derive(Debug, Clone)]
pub struct Summary {
    /// Id of the run; empty for a dry run.
    pub run_id: String,
    /// Directory of the run; empty for a dry run.
    pub directory: PathBuf,
    /// Its figures.
    pub quality: Quality,
    /// What the steward must look at although the run stands: sources that are missing, rows that were lost.
    pub warnings: Vec<String>,
    /// What is worth knowing.
    pub notices: Vec<String>,
    /// Guards that refuse the run: it is a candidate, and the last published run stands. Empty when published.
    pub refused: Vec<String>,
}

/// Records that have been read and standardised.
pub struct Prepared {
    /// What was read; its columns have moved into `standard`.
    pub ingested: Ingested,
    /// Standard values.
    pub standard: StandardRecords,
}

/// Reads the sources of a plan and standardises their records, and those that the last run had and they do not give.
///
/// # Errors
/// [`RunError::SourceMissing`] names every required source that cannot be read, [`RunError::Reference`] a list that was in
/// use before, and the errors of both stages.
pub fn prepare(
    plan: &Plan,
    last: Option<(&Run, &Registry)>,
    circumstances: &Circumstances,
) -> Result<Prepared, RunError> {
    // Before the first value is read: a list in use cannot be replaced.
    for file in &plan.reference {
        reference::replace(&file.list, file.text.clone())?;
    }
    (circumstances.progress)("ingest", 0, plan.ingest.sources.len() as u64);
    let mut settings = plan.ingest.clone();
    if let Some(erasures) = read_erasures(&plan.hub)? {
        settings.forgotten = erasures.forgotten();
    }
    let mut ingested = ingest(&settings)?;
    if ingested.faults.iter().any(|fault| fault.required) {
        let mut faults = std::mem::take(&mut ingested.faults);
        faults.retain(|fault| fault.required);
        return Err(RunError::SourceMissing {
            source: SourceFaults(faults),
        });
    }
    if let Some((run, registry)) = last {
        let missing = identify::missing(&ingested.records, registry);
        let past = read_records(run, &missing)?;
        carry(&plan.ingest, registry.run + 1, &past, &mut ingested);
    }
    (circumstances.progress)("standardise", 0, ingested.records.len() as u64);
    let settings = standardise::Settings {
        fields: plan.fields.clone(),
    };
    let columns = std::mem::take(&mut ingested.records.columns);
    let standard = standardise(&settings, ingested.records.len(), columns)?;
    Ok(Prepared { ingested, standard })
}

/// Runs a plan from its exports to the published run.
///
/// # Errors
/// [`RunError`] with a kind that gives the exit code; whatever happens, the last published run stands.
pub fn run(plan: &Plan, options: Options, circumstances: &Circumstances) -> Result<Summary, RunError> {
    let hub = Hub::open(&plan.hub)?;
    let lock = hub.lock()?;
    if !options.is_dry_run {
        hub.tidy(&lock)?;
    }
    let last = hub.current()?;
    let mut registry = hub.registry(last.as_ref())?;
    let renamed = decisions::rename_members(&hub, last.as_ref(), &mut registry)?;
    let mut timings = Timings::new(circumstances);
    let prepared = prepare(plan, last.as_ref().map(|run| (run, &registry)), circumstances)?;
    timings.end("read_and_standardise");
    let frozen = match options.is_from_scratch {
        true => None,
        false => frozen_model(&hub, last.as_ref())?,
    };
    let has_last_model = last.is_some() && !options.is_from_scratch;
    let (known, adopted) = frozen.unzip();
    let (known, last_model) = unless_outgrown(plan, known, has_last_model, prepared.ingested.records.len());
    (circumstances.progress)("block", 0, 0);
    let decided = resolve_decisions(&hub, &prepared, circumstances)?;
    let matching = Matching::new(plan, &prepared.standard)
        .with_labels(&prepared.ingested.records)
        .with_decisions(decided)
        .with_standing(identify::previous_ids(&prepared.ingested.records, &registry));
    let mut matched = matching.match_records(known, circumstances);
    let of_matching = [matching.report_budget(), matching.report_labels()];
    timings.end("match");
    (circumstances.progress)("identify", 0, 0);
    let records = &prepared.ingested.records;
    let settings = identify_settings(plan, &prepared, &matched, adopted.as_deref(), last.as_ref())?;
    let rekeys = identify::rekey(records, &settings.causes.contents, &registry);
    let mut ids = identify(&settings, records, &matched.clustering.clusters, &registry);
    ids.changes = identify::with_new_keys(ids.changes, &renamed.members);
    let conflicts = guards::conflicts(&matching, &prepared.standard, &ids);
    // Index, rows and terms are of no more use, and hold as much as all records.
    drop(matching);
    let (golden, lineage) = survivors(plan, &prepared, &ids, &mut matched)?;
    timings.end("identify_and_survive");
    let (ingested, language) = (&prepared.ingested, plan.language);
    let findings = outputs::Findings {
        conflicts,
        issues: issues(&prepared),
        warnings: told::warnings(language, ingested, &matched, &rekeys, registry.run + 1),
        notices: told::notices(language, ingested, &matched, last_model, of_matching),
        ids,
        golden,
        lineage,
        rekeys,
    };
    (circumstances.progress)("publish", 0, 0);
    let place = Place {
        hub: &hub,
        lock: &lock,
        last: last.as_ref(),
        registry: &registry,
        last_map: renamed.last_map,
        adopted_sha256: adopted.as_deref().unwrap_or_default(),
    };
    outputs::publish(
        plan,
        options,
        circumstances,
        &place,
        &prepared,
        &matched,
        &findings,
        timings,
    )
}

/// Golden records with their lineage, pinned values in their cells.
fn survivors(
    plan: &Plan,
    prepared: &Prepared,
    ids: &IdAssignments,
    matched: &mut Matched,
) -> Result<(GoldenRecords, Lineage), RunError> {
    let settings = survive::Settings {
        rules: plan.survivorship.clone(),
    };
    let records = &prepared.ingested.records;
    let (mut golden, mut lineage) = survive(&settings, records, &prepared.standard, ids)?;
    let pins = decisions::pins(&matched.decisions);
    for decision in survive::pin(&pins, ids, &mut golden, &mut lineage) {
        matched.decisions.without_cell(decision);
    }
    Ok((golden, lineage))
}

/// Where a run goes and what stands there.
struct Place<'a> {
    hub: &'a Hub,
    lock: &'a Lock,
    last: Option<&'a Run>,
    registry: &'a Registry,
    /// Number of the last map of renumbered keys that was followed.
    last_map: i64,
    /// SHA-256 of the adopted model; empty when none waited.
    adopted_sha256: &'a str,
}

impl Place<'_> {
    /// SHA-256 of the adopted model when it weighed the pairs, else empty.
    fn adopted(&self, matched: &Matched) -> &str {
        match matched.is_newly_trained {
            true => "",
            false => self.adopted_sha256,
        }
    }
}

/// Milliseconds per part of the run.
struct Timings<'a> {
    circumstances: &'a Circumstances<'a>,
    last: u64,
    parts: BTreeMap<String, u64>,
}

impl<'a> Timings<'a> {
    fn new(circumstances: &'a Circumstances<'a>) -> Self {
        Self {
            circumstances,
            last: (circumstances.elapsed_ms)(),
            parts: BTreeMap::new(),
        }
    }

    fn end(&mut self, part: &str) {
        let now = (self.circumstances.elapsed_ms)();
        self.parts.insert(part.to_owned(), now.saturating_sub(self.last));
        self.last = now;
    }
}

/// The model that runs use, with its SHA-256 when it was adopted since the last run; else the last run's with an empty text.
/// `None` when there is none, or it is of another layout.
fn frozen_model(hub: &Hub, last: Option<&Run>) -> Result<Option<(Model, String)>, RunError> {
    // Weights learned in place of damaged ones would move IDs unseen.
    if let Some(adopted) = hub.adopted_model(last.map_or("", Run::id))? {
        let model = serde_json::from_str(adopted.model.get()).ok();
        return Ok(model.map(|model| (model, adopted.model_sha256)));
    }
    let Some(run) = last else { return Ok(None) };
    run.verify_file("model.json")?;
    let bytes = std::fs::read(run.path("model.json")).ok();
    let model = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    Ok(model.map(|model| (model, String::new())))
}

/// The model unless there are too many records for it by now; and what is to be said of it.
fn unless_outgrown(
    plan: &Plan,
    known: Option<Model>,
    has_last_model: bool,
    records: usize,
) -> (Option<Model>, told::LastModel) {
    let few = settings::model_records_min(&plan.matching);
    match known {
        Some(model) if model.is_outgrown(records, few) => (
            None,
            told::LastModel::Outgrown {
                records: model.records,
            },
        ),
        known if has_last_model => (known, told::LastModel::Frozen),
        known => (known, told::LastModel::Absent),
    }
}

/// What identifying is told beside clusters and registry.
fn identify_settings(
    plan: &Plan,
    prepared: &Prepared,
    matched: &Matched,
    adopted: Option<&str>,
    last: Option<&Run>,
) -> Result<identify::Settings, RunError> {
    let before = last.map(read_decision_states).transpose()?.unwrap_or_default();
    let faults = prepared.ingested.faults.iter();
    Ok(identify::Settings {
        absent_sources: faults.map(|fault| fault.source.clone()).collect(),
        pins: matched.decisions.pinned_ids(),
        causes: identify::Causes {
            contents: identify::contents(prepared.ingested.records.len(), &prepared.standard),
            is_new_model: matched.is_newly_trained || adopted.is_some_and(|sha256| !sha256.is_empty()),
            are_new_rules: last.is_some_and(|run| has_other_rules(run, plan)),
            decided: matched.decisions.decided_since(&before),
        },
    })
}

/// Did the last run match by other rules: those of another job or of another program?
fn has_other_rules(last: &Run, plan: &Plan) -> bool {
    let facts = &last.manifest().facts;
    let is_other_job = !facts.matching_sha256.is_empty() && facts.matching_sha256 != plan.matching_hash;
    is_other_job || facts.program_version != env!("CARGO_PKG_VERSION")
}

/// Findings of standardising and of reading, sorted by (record, field, code).
fn issues(prepared: &Prepared) -> Vec<Issue> {
    let mut issues = standardise::collect_issues(&prepared.standard);
    issues.extend(prepared.ingested.cell_issues.iter().map(|found| {
        let column = prepared.standard.column(found.field.as_str());
        Issue {
            record: found.record,
            field: found.field.clone(),
            code: IssueCode::find(found.code.name).unwrap_or(found.code),
            raw: column.map_or("", |column| column.raw_of(found.record)).to_owned(),
            standard: column.map_or_else(String::new, |column| column.text_of(found.record)),
            evidence: String::new(),
        }
    }));
    issues.sort_by(|a, b| (a.record, &a.field, a.code.name).cmp(&(b.record, &b.field, b.code.name)));
    issues.dedup_by(|a, b| a.record == b.record && a.field == b.field && a.code == b.code);
    issues
}

/// Cluster settings of a plan.
pub fn cluster_settings(plan: &Plan) -> crate::cluster::Settings {
    settings::cluster(&plan.matching)
}
