//! `conflicts`: where sources contradict each other about one customer.

use crate::publish::error::PublishError;
use crate::publish::view::RecordKeys;
use crate::publish::view::View;
use crate::publish::view::ids;
use crate::publish::view::texts;
use crate::publish::view::words;
use crate::table::GoldenRecords;
use crate::table::StandardRecords;

/// One row a contradicting value, in the order of the stage: unified_id, field, source, record_key, value, golden (the value
/// that was published).
///
/// # Errors
/// [`PublishError::Table`] when a conflict names a record that `records` lacks.
pub fn conflicts_table<'a>(
    records: &RecordKeys<'a>,
    standard: &StandardRecords,
    golden: &GoldenRecords,
) -> Result<View<'a>, PublishError> {
    let conflicts = &golden.conflicts;
    let [source, key] = records.columns("", conflicts.iter().map(|conflict| conflict.record));
    let said = conflicts.iter().map(|conflict| {
        let column = standard.column(conflict.field);
        column.map_or_else(String::new, |column| column.text_of(conflict.record))
    });
    let published = conflicts.iter().map(|conflict| {
        let row = golden.ids.binary_search(&conflict.id);
        let field = golden
            .fields
            .iter()
            .position(|field| field.as_str() == conflict.field);
        row.ok()
            .zip(field)
            .map_or("", |(row, field)| golden.value(row, field))
    });
    let said: Vec<String> = said.collect();
    let columns = vec![
        ids("unified_id", conflicts.iter().map(|conflict| Some(conflict.id))),
        words("field", &[], conflicts.iter().map(|conflict| conflict.field)),
        source,
        key,
        texts("value", said.iter().map(String::as_str)),
        texts("golden", published),
    ];
    View::try_new("conflicts", columns)
}
