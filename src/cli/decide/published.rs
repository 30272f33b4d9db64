//! The published run as a steward sees it: which records there are, under which ID, and with which values.

use crate::cli::Failure;
use crate::model::UnifiedId;
use crate::pipeline::RunError;
use crate::publish::Hub;
use crate::publish::Run;
use crate::publish::read_registry;
use crate::steward::DecidedRecord;
use crate::steward::Matter;
use crate::steward::Since;
use crate::steward::material_of;
use crate::steward::seen;
use crate::table::IdState;
use crate::table::Registry;
use frame::FrameError;
use frame::Table;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// Source and key of a record.
pub(in crate::cli) type Key = (String, String);

/// The run that is published now.
pub(in crate::cli) struct Published {
    run: Run,
    pub(in crate::cli) registry: Registry,
}

impl Published {
    /// The hub's published run; without one there is nothing to decide.
    pub(in crate::cli) fn of(hub: &Hub) -> Result<Self, Failure> {
        let run = hub.current().map_err(RunError::from)?;
        let run =
            run.ok_or_else(|| Failure::usage("no run has been published yet; start `guiyi run` first"))?;
        let registry = read_registry(&run).map_err(RunError::from)?;
        Ok(Self { run, registry })
    }

    /// What the run knew of the maps of renumbered keys.
    pub(in crate::cli) fn maps_known(&self) -> Since<'_> {
        let facts = &self.run.manifest().facts;
        Since::of_run(facts.last_map, &facts.started_at)
    }

    /// The record of `source:key`, or of a key that occurs once.
    pub(in crate::cli) fn find(&self, name: &str) -> Result<Key, Failure> {
        let members = &self.registry.members;
        if let Some((source, key)) = name.split_once(':')
            && let Some(at) = self.position(source, key)
        {
            return Ok((members[at].0.clone(), members[at].1.clone()));
        }
        let mut found = members.iter().filter(|(_, key, _)| key == name);
        match (found.next(), found.next()) {
            (Some((source, key, _)), None) => Ok((source.clone(), key.clone())),
            (Some(_), Some(_)) => Err(Failure::usage(
                "the key occurs in several sources; write it as `source:key`",
            )),
            (None, _) => Err(RunError::UnknownRecord { key: name.to_owned() }.into()),
        }
    }

    fn position(&self, source: &str, key: &str) -> Option<usize> {
        let members = &self.registry.members;
        let at = members.binary_search_by(|(of, name, _)| (of.as_str(), name.as_str()).cmp(&(source, key)));
        at.ok()
    }

    /// Published ID of a record.
    pub(in crate::cli) fn id_of(&self, (source, key): &Key) -> Option<UnifiedId> {
        self.position(source, key).map(|at| self.registry.members[at].2)
    }

    /// The live ID that `id` leads to.
    pub(in crate::cli) fn live(&self, id: UnifiedId) -> Result<UnifiedId, Failure> {
        let entries = &self.registry.entries;
        match entries
            .binary_search_by_key(&id, |entry| entry.id)
            .map(|at| &entries[at].state)
        {
            Ok(IdState::Live) => Ok(id),
            Ok(IdState::Merged(into)) => Ok(*into),
            Ok(_) => Err(Failure::usage(format!(
                "`{id}` is retired: no record of it is left"
            ))),
            Err(_) => Err(Failure::usage(format!("`{id}` was never issued by this hub"))),
        }
    }

    /// Was the ID ever issued by this hub?
    pub(in crate::cli) fn has_issued(&self, id: UnifiedId) -> bool {
        self.registry
            .entries
            .binary_search_by_key(&id, |entry| entry.id)
            .is_ok()
    }

    /// Records of a live ID, ascending.
    pub(in crate::cli) fn members(&self, id: UnifiedId) -> Vec<Key> {
        let own = self.registry.members.iter().filter(|(.., of)| *of == id);
        own.map(|(source, key, _)| (source.clone(), key.clone()))
            .collect()
    }

    /// The records of decisions with what is seen of them; one list a decision, each record with its side.
    ///
    /// Fails when the last run did not have a record because its source was missing: nobody saw its values.
    pub(in crate::cli) fn see(
        &self,
        decisions: &[(&Matter, &[(Key, u8)])],
    ) -> Result<Vec<Vec<DecidedRecord>>, Failure> {
        let fields: BTreeSet<&str> = decisions
            .iter()
            .flat_map(|(matter, _)| material_of(matter))
            .collect();
        let wanted: BTreeSet<&Key> = decisions
            .iter()
            .flat_map(|(_, records)| records.iter().map(|(key, _)| key))
            .collect();
        let texts = self.texts(&wanted, &fields)?;
        let record = |matter: &Matter, (key, side): &(Key, u8)| {
            let of = texts.get(key).ok_or_else(|| {
                let (source, name) = key;
                Failure::usage(format!(
                    "`{source}:{name}` was not in the exports of run `{}`; decide when its source is back",
                    self.run.id()
                ))
            })?;
            let text = |field: &str| of.get(field).cloned().unwrap_or_default();
            Ok(DecidedRecord {
                source: key.0.clone(),
                key: key.1.clone(),
                seen: seen(&material_of(matter), text),
                side: *side,
            })
        };
        decisions
            .iter()
            .map(|(matter, records)| records.iter().map(|of| record(matter, of)).collect())
            .collect()
    }

    /// Standard texts of records, by field.
    fn texts(
        &self,
        wanted: &BTreeSet<&Key>,
        fields: &BTreeSet<&str>,
    ) -> Result<BTreeMap<Key, BTreeMap<String, String>>, Failure> {
        let path = self.run.path("standard.parquet");
        let damaged = |error: FrameError| Failure {
            code: 10,
            name: "state_damaged",
            message: format!(
                "`standard.parquet` of run `{}` cannot be read: {error}",
                self.run.id()
            ),
            is_shown: false,
        };
        let shape = frame::parquet_shape(&path).map_err(damaged)?;
        let known = fields
            .iter()
            .filter(|field| shape.columns.iter().any(|column| column.name == **field));
        let known: Vec<&str> = known.copied().collect();
        let columns: Vec<&str> = ["source", "record_key"]
            .into_iter()
            .chain(known.iter().copied())
            .collect();
        let mut found = BTreeMap::new();
        frame::read_parquet_batches(&path, Some(&columns), &mut |part| {
            take(&part, wanted, &known, &mut found);
            match found.len() == wanted.len() {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        })
        .map_err(damaged)?;
        Ok(found)
    }
}

fn text<'a>(table: &'a Table, column: &str, row: usize) -> &'a str {
    let column = table.column(column).ok().and_then(|column| column.as_text());
    column.and_then(|texts| texts.get(row)).unwrap_or_default()
}

/// Takes the wanted records out of a part of the table.
fn take(
    part: &Table,
    wanted: &BTreeSet<&Key>,
    fields: &[&str],
    found: &mut BTreeMap<Key, BTreeMap<String, String>>,
) {
    let sources: BTreeSet<&str> = wanted.iter().map(|(source, _)| source.as_str()).collect();
    for row in 0..part.rows() {
        let source = text(part, "source", row);
        if !sources.contains(source) {
            continue;
        }
        let key = (source.to_owned(), text(part, "record_key", row).to_owned());
        if wanted.contains(&key) {
            let texts = fields
                .iter()
                .map(|field| ((*field).to_owned(), text(part, field, row).to_owned()));
            found.insert(key, texts.collect());
        }
    }
}
