//! `registry`: every ID ever issued.

use crate::model::UnifiedId;
use crate::publish::error::PublishError;
use crate::publish::tables::crosswalk::text_column;
use crate::publish::view::View;
use crate::publish::view::counts;
use crate::publish::view::ids;
use crate::publish::view::texts;
use crate::publish::view::words;
use crate::table::IdState;
use crate::table::RegistryEntry;
use crate::table::Resolution;
use crate::table::resolve;
use frame::ColumnData;
use frame::Table;

const LIVE: &str = "live";
const MERGED: &str = "merged";
const SPLIT: &str = "split";
const DELETED: &str = "deleted";
const TOMBSTONE: &str = "tombstone";

/// One row an ID, sorted by ID: unified_id, birth_run, state (`live`, `merged`, `split`, `deleted`, `tombstone`), into (the
/// ID merged into; of a split ID all that took its records, with blanks between; of a deleted ID the one that it had
/// merged into before, if that was deleted).
///
/// # Errors
/// None in practice; [`PublishError::Table`] would be a defect.
pub fn registry_table(entries: &[RegistryEntry]) -> Result<View<'static>, PublishError> {
    let states = entries.iter().map(|entry| match &entry.state {
        IdState::Live => LIVE,
        IdState::Merged(into) if resolve(entries, *into) == Some(Resolution::Deleted) => DELETED,
        IdState::Merged(_) => MERGED,
        IdState::Split(_) => SPLIT,
        IdState::Deleted => DELETED,
        IdState::Tombstone => TOMBSTONE,
    });
    let is_split = |entry: &RegistryEntry| matches!(entry.state, IdState::Split(_));
    let into = match entries.iter().any(is_split) {
        true => {
            let into: Vec<String> = entries.iter().map(|entry| into_text(&entry.state)).collect();
            texts("into", into.iter().map(String::as_str))
        }
        // Most runs: no text is made twice.
        false => ids(
            "into",
            entries.iter().map(|entry| match entry.state {
                IdState::Merged(into) => Some(into),
                _ => None,
            }),
        ),
    };
    let birth_runs = entries.iter().map(|entry| u64::from(entry.birth_run));
    let columns = vec![
        ids("unified_id", entries.iter().map(|entry| Some(entry.id))),
        counts("birth_run", birth_runs),
        words("state", &[LIVE, MERGED, SPLIT, DELETED, TOMBSTONE], states),
        into,
    ];
    View::try_new("registry", columns)
}

fn into_text(state: &IdState) -> String {
    let text = |ids: &[UnifiedId]| {
        let ids: Vec<String> = ids.iter().map(UnifiedId::to_string).collect();
        ids.join(" ")
    };
    match state {
        IdState::Merged(into) => text(&[*into]),
        IdState::Split(ids) => text(ids),
        IdState::Live | IdState::Deleted | IdState::Tombstone => String::new(),
    }
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
            (TOMBSTONE, None) => IdState::Tombstone,
            (MERGED | DELETED, Some(into)) => IdState::Merged(into.parse::<UnifiedId>().ok()?),
            (SPLIT, Some(into)) => {
                let ids = into.split(' ').map(|id| id.parse::<UnifiedId>().ok());
                IdState::Split(ids.collect::<Option<Vec<_>>>()?)
            }
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
