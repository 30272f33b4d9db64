//! The steward's desk: the locked hub, its store, and the published run.

use super::published::Key;
use super::published::Published;
use crate::cli::Failure;
use crate::cli::audit_log;
use crate::cli::console;
use crate::cli::log;
use crate::model::Language;
use crate::model::UnifiedId;
use crate::pipeline::RunError;
use crate::plan;
use crate::plan::Plan;
use crate::publish::Hub;
use crate::publish::Lock;
use crate::steward;
use crate::steward::DecidedRecord;
use crate::steward::Decision;
use crate::steward::Expiry;
use crate::steward::Join;
use crate::steward::Known;
use crate::steward::Matter;
use crate::steward::NewDecision;
use crate::steward::Parting;
use crate::steward::Store;
use crate::steward::Word;
use crate::steward::refused_joins;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Who says something, why, and how long it holds.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct WordArguments {
    /// Who decides.
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) author: String,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    pub(in crate::cli) reason: String,
    /// How long it holds: `for-ever` (the default), `until-source-changes`, or a last day, `YYYY-MM-DD`.
    #[arg(long, value_name = "EXPIRY", value_parser = expiry)]
    pub(in crate::cli) expiry: Option<Expiry>,
    /// The job file.
    #[arg(long, default_value = "guiyi.toml", value_name = "JOB")]
    pub(in crate::cli) job: PathBuf,
}

impl WordArguments {
    pub(in crate::cli) fn word(&self) -> Word {
        Word {
            author: self.author.trim().to_owned(),
            reason: self.reason.trim().to_owned(),
            made_at: console::now(),
        }
    }
}

fn expiry(text: &str) -> Result<Expiry, steward::UnknownExpiry> {
    text.parse().or_else(|_| text.replace('-', "_").parse())
}

/// What is said of some records.
pub(in crate::cli) struct Saying {
    pub(in crate::cli) matter: Matter,
    /// Records with their sides.
    pub(in crate::cli) records: Vec<(Key, u8)>,
    /// Why, where it has a reason of its own.
    pub(in crate::cli) reason: String,
}

/// A decision that was not undone, with its records under the keys of today.
pub(in crate::cli) struct Standing {
    pub(in crate::cli) decision: Decision,
    /// Records with their sides.
    pub(in crate::cli) records: Vec<(Key, u8)>,
}

/// Everything a decision is made with.
pub(in crate::cli) struct Desk {
    pub(in crate::cli) plan: Plan,
    pub(in crate::cli) hub: Hub,
    pub(in crate::cli) published: Published,
    store: Store,
    known: Known,
    _lock: Lock,
}

impl Desk {
    /// Locks the hub and opens its store.
    pub(in crate::cli) fn open(word: &WordArguments) -> Result<Self, Failure> {
        let plan = plan::load(&word.job).map_err(RunError::from)?;
        let hub = Hub::open(&plan.hub).map_err(RunError::from)?;
        let lock = hub.lock().map_err(RunError::from)?;
        let published = Published::of(&hub)?;
        let store = Store::open(&hub.path().join(steward::FILE)).map_err(RunError::from)?;
        let known = store.known().map_err(RunError::from)?;
        Ok(Self {
            plan,
            hub,
            published,
            store,
            known,
            _lock: lock,
        })
    }

    /// Decisions that were not undone, in the order of time.
    pub(in crate::cli) fn standing(&self) -> impl Iterator<Item = Standing> + '_ {
        let of = |decision: &Decision| {
            let today = |record: &DecidedRecord| {
                let key = self
                    .known
                    .rekeys
                    .current(decision.id, &record.source, &record.key);
                ((record.source.clone(), key.to_owned()), record.side)
            };
            Standing {
                records: decision.records.iter().map(today).collect(),
                decision: decision.clone(),
            }
        };
        let standing = self
            .known
            .decisions
            .iter()
            .filter(|decision| decision.undone.is_none());
        standing.map(of)
    }

    pub(in crate::cli) fn id_of(&self, key: &Key) -> Result<UnifiedId, Failure> {
        let id = self.published.id_of(key);
        id.ok_or_else(|| Failure::usage(format!("`{}:{}` has no published ID", key.0, key.1)))
    }

    /// Makes one decision, undoes others with it, and tells what was kept; 3 when it contradicts another.
    pub(in crate::cli) fn decide(
        &mut self,
        word: &WordArguments,
        undo: &[i64],
        matter: Matter,
        records: &[(Key, u8)],
    ) -> Result<u8, Failure> {
        let new = self.new_decisions(
            word,
            &[Saying {
                matter,
                records: records.to_vec(),
                reason: String::new(),
            }],
        )?;
        let ids = self.keep(word, undo, &new)?;
        ids.iter().zip(&new).for_each(|(id, new)| self.tell(*id, new));
        self.warn(&ids)
    }

    /// Decisions about records of the published run, each with a reason of its own where it has one.
    pub(in crate::cli) fn new_decisions(
        &self,
        word: &WordArguments,
        sayings: &[Saying],
    ) -> Result<Vec<NewDecision>, Failure> {
        let asked: Vec<(&Matter, &[(Key, u8)])> = sayings
            .iter()
            .map(|saying| (&saying.matter, saying.records.as_slice()))
            .collect();
        let seen = self.published.see(&asked)?;
        let since = self.published.maps_known();
        let new = sayings.iter().zip(seen).map(|(saying, mut records)| {
            // The published run may know keys that are renumbered by now.
            for record in &mut records {
                let rekeys = &self.known.rekeys;
                record.key = rekeys.pending(since, &record.source, &record.key).to_owned();
            }
            let mut said = word.word();
            if !saying.reason.is_empty() {
                saying.reason.clone_into(&mut said.reason);
            }
            NewDecision {
                records,
                matter: saying.matter.clone(),
                expiry: word.expiry.unwrap_or_default(),
                word: said,
            }
        });
        Ok(new.collect())
    }

    /// Writes, all or nothing, and reads back.
    pub(in crate::cli) fn keep(
        &mut self,
        word: &WordArguments,
        undo: &[i64],
        add: &[NewDecision],
    ) -> Result<Vec<i64>, Failure> {
        let ids = self
            .store
            .write(undo, &word.word(), add)
            .map_err(RunError::from)?;
        self.known = self.store.known().map_err(RunError::from)?;
        let listed = |ids: &[i64]| ids.iter().map(i64::to_string).collect::<Vec<_>>().join(" ");
        let facts = [("decisions", listed(&ids)), ("undone", listed(undo))];
        let facts = facts.each_ref().map(|(name, fact)| (*name, fact.as_str()));
        audit_log::leave(&self.plan, "decided", &word.author, &facts)?;
        Ok(ids)
    }

    /// Accepts new keys of a source.
    pub(super) fn rekey(
        &mut self,
        source: &str,
        keys: &[(String, String)],
        word: &WordArguments,
    ) -> Result<(), Failure> {
        let kept = self.store.rekey(source, keys, &word.word());
        kept.map_err(RunError::from)?;
        let count = keys.len().to_string();
        audit_log::leave(
            &self.plan,
            "rekeyed",
            &word.author,
            &[("source", source), ("keys", &count)],
        )
    }

    /// One line on a decision that was kept.
    pub(in crate::cli) fn tell(&self, id: i64, new: &NewDecision) {
        let language = self.plan.language;
        let names: Vec<String> = new
            .records
            .iter()
            .map(|record| format!("{}:{}", record.source, record.key))
            .collect();
        let what = kind(&new.matter, language);
        let value = match (new.matter.field(), new.matter.value()) {
            (Some(field), Some(value)) => format!("  {field} = {value}"),
            (None, Some(value)) => format!("  {value}"),
            _ => String::new(),
        };
        let (names, expiry) = (names.join(", "), new.expiry);
        console::print(&match language {
            Language::En => {
                format!("decision {id}: {what} {names}{value}  ({expiry}; holds from the next run)")
            }
            Language::Zh => format!("裁决 {id}：{what} {names}{value}  （{expiry}；下次运行生效）"),
        });
    }

    /// Warns of joins and partings that contradict each other; 3 when one of `ids` is among them.
    pub(in crate::cli) fn warn(&self, ids: &[i64]) -> Result<u8, Failure> {
        let mut found: Vec<(i64, i64)> = self
            .contradictions()
            .into_iter()
            .filter(|(join, part)| ids.contains(join) || ids.contains(part))
            .collect();
        found.dedup();
        let Some((join, part)) = found.first() else {
            return Ok(0);
        };
        let message = format!(
            "decision {join} joins what decision {part} keeps apart; records stay apart until one is undone with \
             `guiyi decide undo`"
        );
        log::warn(&message);
        console::closing_line(3, "kept_with_warnings", None, &message);
        Ok(3)
    }

    /// Decisions that join against decisions that part, by today's keys.
    fn contradictions(&self) -> Vec<(i64, i64)> {
        let mut numbers: BTreeMap<Key, u32> = BTreeMap::new();
        let (mut joins, mut partings) = (Vec::new(), Vec::new());
        for standing in self.standing() {
            let mut number = |key: &Key| {
                let next = numbers.len() as u32;
                *numbers.entry(key.clone()).or_insert(next)
            };
            let decision = standing.decision.id;
            let nodes: Vec<(u32, u8)> = standing
                .records
                .iter()
                .map(|(key, side)| (number(key), *side))
                .collect();
            if super::is_joining(&standing.decision) {
                joins.extend(nodes.windows(2).map(|two| Join {
                    decision,
                    left: two[0].0,
                    right: two[1].0,
                }));
            } else if standing.decision.matter == Matter::Part {
                let of = |wanted: u8| {
                    nodes
                        .iter()
                        .filter(move |(_, side)| *side == wanted)
                        .map(|(node, _)| *node)
                };
                let pairs = of(0).flat_map(|left| of(1).map(move |right| (left, right)));
                partings.extend(pairs.map(|(left, right)| Parting {
                    decision,
                    left,
                    right,
                }));
            }
        }
        let refused = refused_joins(&joins, &partings);
        refused
            .iter()
            .map(|refused| (refused.join.decision, refused.by))
            .collect()
    }
}

/// What is decided, in words.
pub(super) fn kind(matter: &Matter, language: Language) -> &'static str {
    match matter {
        Matter::Link => language.choose("one customer", "同一客户"),
        Matter::Part => language.choose("not one customer", "不是同一客户"),
        Matter::Confirm => language.choose("right as it stands", "确认无误"),
        Matter::PinValue { .. } => language.choose("value pinned", "锁定取值"),
        Matter::PinId { .. } => language.choose("unified ID pinned", "锁定统一客户编号"),
    }
}
