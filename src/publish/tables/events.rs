//! `events`: what happened to IDs in this run.

use crate::publish::error::PublishError;
use crate::publish::view::View;
use crate::publish::view::counts;
use crate::publish::view::ids;
use crate::publish::view::words;
use crate::table::IdEvent;

/// One row an event, sorted by (unified_id, kind, other_id): unified_id, kind (`new`, `grow`, `shrink`, `move`, `merge`,
/// `split`, `resurrect`, `retire`), other_id (the ID merged into, or that took the records), records (how many), cause
/// (`decision`, `source`, `model`, `rule`, `evidence`). The records themselves are rows of `changes`.
///
/// # Errors
/// None in practice; [`PublishError::Table`] would be a defect.
pub fn events_table(events: &[IdEvent]) -> Result<View<'static>, PublishError> {
    let columns = vec![
        ids("unified_id", events.iter().map(|event| Some(event.id))),
        words("kind", &[], events.iter().map(|event| event.kind.as_str())),
        ids("other_id", events.iter().map(|event| event.other)),
        counts("records", events.iter().map(|event| u64::from(event.records))),
        words("cause", &[], events.iter().map(|event| event.cause.as_str())),
    ];
    View::try_new("events", columns)
}
