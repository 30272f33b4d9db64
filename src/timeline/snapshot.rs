//! One run as it was published: states of IDs, members, and tables by name.

use crate::model::UnifiedId;
use crate::publish::PublishError;
use crate::publish::Run;
use frame::Table;

/// A record: name of its source and key in it.
pub(super) type Key = (String, String);

/// One ID of a registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) id: UnifiedId,
    /// The registry's word: `live`, `merged`, `deleted` and others.
    pub(super) state: String,
    /// IDs that it leads to, with blanks between; empty when none.
    pub(super) into: String,
}

impl Standing {
    pub(super) fn is_live(&self) -> bool {
        self.state == "live"
    }
}

/// Registry and crosswalk of one run.
pub(super) struct Snapshot {
    /// Sorted by ID.
    pub(super) standings: Vec<Standing>,
    /// Sorted by (source, key).
    pub(super) members: Vec<(Key, UnifiedId)>,
    /// Positions in `members`, sorted by (ID, position).
    by_id: Vec<u32>,
}

/// A table of a run, its checksum tested; `None` when the run has no such file.
pub(super) fn table(run: &Run, name: &str, columns: Option<&[&str]>) -> Result<Option<Table>, PublishError> {
    if run.manifest().file(name).is_none() {
        return Ok(None);
    }
    run.verify_file(name)?;
    let path = run.path(name);
    match frame::read_parquet(&path, columns) {
        Ok(table) => Ok(Some(table)),
        Err(error) => Err(PublishError::Damaged {
            path,
            detail: error.to_string(),
        }),
    }
}

/// Text at `row` of a column; empty for null, for numbers and for a column that is not there.
pub(super) fn text<'a>(table: &'a Table, column: &str, row: usize) -> &'a str {
    let column = table.column(column).ok().and_then(|column| column.as_text());
    column.and_then(|texts| texts.get(row)).unwrap_or("")
}

fn damaged(run: &Run, name: &str) -> PublishError {
    PublishError::Damaged {
        path: run.path(name),
        detail: "a column holds what its name forbids".to_owned(),
    }
}

impl Snapshot {
    pub(super) fn read(run: &Run) -> Result<Self, PublishError> {
        let name = "registry.parquet";
        let registry = table(run, name, Some(&["unified_id", "state", "into"]))?;
        let registry = registry.ok_or_else(|| damaged(run, name))?;
        let standing = |row| {
            Some(Standing {
                id: text(&registry, "unified_id", row).parse().ok()?,
                state: text(&registry, "state", row).to_owned(),
                into: text(&registry, "into", row).to_owned(),
            })
        };
        let standings: Option<Vec<Standing>> = (0..registry.rows()).map(standing).collect();
        let mut standings = standings.ok_or_else(|| damaged(run, name))?;
        standings.sort_by_key(|standing| standing.id);
        let name = "crosswalk.parquet";
        let crosswalk = table(run, name, Some(&["source", "record_key", "unified_id"]))?;
        let crosswalk = crosswalk.ok_or_else(|| damaged(run, name))?;
        let member = |row| {
            let [source, key] =
                ["source", "record_key"].map(|column| text(&crosswalk, column, row).to_owned());
            Some(((source, key), text(&crosswalk, "unified_id", row).parse().ok()?))
        };
        let members: Option<Vec<(Key, UnifiedId)>> = (0..crosswalk.rows()).map(member).collect();
        let mut members = members.ok_or_else(|| damaged(run, name))?;
        members.sort();
        Ok(Self::new(standings, members))
    }

    /// Both lists are sorted.
    pub(super) fn new(standings: Vec<Standing>, members: Vec<(Key, UnifiedId)>) -> Self {
        let mut by_id: Vec<u32> = (0..members.len() as u32).collect();
        by_id.sort_by_key(|&at| (members[at as usize].1, at));
        Self {
            standings,
            members,
            by_id,
        }
    }

    pub(super) fn standing(&self, id: UnifiedId) -> Option<&Standing> {
        let at = self
            .standings
            .binary_search_by_key(&id, |standing| standing.id)
            .ok()?;
        Some(&self.standings[at])
    }

    pub(super) fn is_live(&self, id: UnifiedId) -> bool {
        self.standing(id).is_some_and(Standing::is_live)
    }

    /// Members of an ID, sorted.
    pub(super) fn members_of(&self, id: UnifiedId) -> impl Iterator<Item = &Key> {
        let of = |at: &u32| self.members[*at as usize].1;
        let start = self.by_id.partition_point(|at| of(at) < id);
        let end = start + self.by_id[start..].partition_point(|at| of(at) == id);
        self.by_id[start..end]
            .iter()
            .map(|&at| &self.members[at as usize].0)
    }

    pub(super) fn is_member(&self, record: &Key, id: UnifiedId) -> bool {
        let at = self.members.binary_search_by(|(key, _)| key.cmp(record));
        at.is_ok_and(|at| self.members[at].1 == id)
    }
}

/// Record as people write it.
pub(super) fn shown((source, key): &Key) -> String {
    format!("{source}:{key}")
}
