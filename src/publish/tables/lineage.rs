//! `lineage`: where every golden value came from.

use crate::publish::columns::RecordKeys;
use crate::publish::columns::coded;
use crate::publish::columns::id_pool;
use crate::publish::columns::pool_of;
use crate::publish::columns::table;
use crate::publish::columns::texts;
use crate::publish::columns::words;
use crate::publish::error::PublishError;
use crate::table::GoldenRecords;
use crate::table::Lineage;
use frame::Table;

/// One row a golden value, sorted by (unified_id, field): unified_id, field, value, source, record_key, rule.
///
/// # Errors
/// [`PublishError::Table`] when the columns of `lineage` differ in length.
pub fn lineage_table(
    golden: &GoldenRecords,
    lineage: &Lineage,
    records: &RecordKeys,
) -> Result<Table, PublishError> {
    let columns = || {
        let id_codes = lineage.row.iter().map(|row| row.saturating_add(1)).collect();
        let field_codes = lineage.field.iter().map(|&field| u32::from(field) + 1).collect();
        let fields = pool_of(golden.fields.iter().map(|field| field.as_str()));
        let cells = lineage.row.iter().zip(&lineage.field);
        let values = cells.map(|(&row, &field)| value(golden, row as usize, usize::from(field)));
        let [source, key] = records.columns("", lineage.record.iter().copied())?;
        Ok(vec![
            coded("unified_id", id_codes, &id_pool(&golden.ids))?,
            coded("field", field_codes, &fields)?,
            texts("value", values),
            source,
            key,
            words("rule", &[], lineage.rule.iter().copied())?,
        ])
    };
    table("lineage", columns())
}

/// The golden value; empty when there is none.
fn value(golden: &GoldenRecords, row: usize, field: usize) -> &str {
    let code = golden.codes.get(field).and_then(|codes| codes.get(row));
    match (code, golden.values.get(field)) {
        (Some(&code), Some(values)) if (code as usize) < values.len() => values.get(code),
        _ => "",
    }
}
