//! `registry`: every ID ever issued.

use crate::model::UnifiedId;
use crate::publish::error::PublishError;
use crate::publish::tables::crosswalk::text_column;
use crate::publish::view::View;
use crate::publish::view::counts;
use crate::publish::view::ids;
use crate::publish::view::words;
use crate::table::IdState;
use crate::table::RegistryEntry;
use frame::ColumnData;
use frame::Table;

const LIVE: &str = "live";
const MERGED: &str = "merged";
const DELETED: &str = "deleted";

/// One row an ID, sorted by ID: unified_id, birth_run, state (`live`, `merged`, `deleted`), into (the ID merged into).
///
/// # Errors
/// None in practice; [`PublishError::Table`] would be a defect.
pub fn registry_table(entries: &[RegistryEntry]) -> Result<View<'static>, PublishError> {
    let states = entries.iter().map(|entry| match entry.state {
        IdState::Live => LIVE,
        IdState::Merged(_) => MERGED,
        IdState::Deleted => DELETED,
    });
    let into = entries.iter().map(|entry| match entry.state {
        IdState::Merged(into) => Some(into),
        IdState::Live | IdState::Deleted => None,
    });
    let birth_runs = entries.iter().map(|entry| u64::from(entry.birth_run));
    let columns = vec![
        ids("unified_id", entries.iter().map(|entry| Some(entry.id))),
        counts("birth_run", birth_runs),
        words("state", &[LIVE, MERGED, DELETED], states),
        ids("into", into),
    ];
    View::try_new("registry", columns)
}

/// Entries of a registry read back, sorted by ID; `None` when it is not one.
pub(in crate::publish) fn read_entries(registry: &Table) -> Option<Vec<RegistryEntry>> {
    let id = text_column(registry, "unified_id")?;
    let state = text_column(registry, "state")?;
    let into = text_column(registry, "into")?;
    let ColumnData::I64(birth_run) = registry.column("birth_run").ok()? else {
        return None;
    };
    let entry = |row: usize| {
        let state = match (state.get(row)?, into.get(row)) {
            (LIVE, None) => IdState::Live,
            (DELETED, None) => IdState::Deleted,
            (MERGED, Some(into)) => IdState::Merged(into.parse::<UnifiedId>().ok()?),
            _ => return None,
        };
        Some(RegistryEntry {
            id: id.get(row)?.parse().ok()?,
            birth_run: u32::try_from(birth_run[row]?).ok()?,
            state,
        })
    };
    let mut entries = (0..registry.rows()).map(entry).collect::<Option<Vec<_>>>()?;
    entries.sort_by_key(|entry| entry.id);
    Some(entries)
}
