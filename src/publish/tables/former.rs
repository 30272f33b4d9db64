//! `former`: which records retired IDs held last, so that IDs can go back to them.

use crate::publish::error::PublishError;
use crate::publish::tables::crosswalk::text_column;
use crate::publish::view::View;
use crate::publish::view::counts;
use crate::publish::view::ids;
use crate::publish::view::texts;
use crate::table::Former;
use frame::ColumnData;
use frame::Table;

/// One row a record that a retired ID held when it retired, sorted by (source, record_key, unified_id): source, record_key,
/// unified_id (the retired one), run (number of the run in which it retired).
///
/// # Errors
/// None in practice; [`PublishError::Table`] would be a defect.
pub fn former_table(former: &[Former]) -> Result<View<'static>, PublishError> {
    let columns = vec![
        texts("source", former.iter().map(|row| row.source.as_str())),
        texts("record_key", former.iter().map(|row| row.key.as_str())),
        ids("unified_id", former.iter().map(|row| Some(row.id))),
        counts("run", former.iter().map(|row| u64::from(row.run))),
    ];
    View::try_new("former", columns)
}

/// Rows of a table read back, sorted; `None` when it is not one.
pub(in crate::publish) fn read_former(table: &Table) -> Option<Vec<Former>> {
    let source = text_column(table, "source")?;
    let key = text_column(table, "record_key")?;
    let id = text_column(table, "unified_id")?;
    let ColumnData::I64(run) = table.column("run").ok()? else {
        return None;
    };
    let row = |row: usize| {
        Some(Former {
            source: source.get(row)?.to_owned(),
            key: key.get(row)?.to_owned(),
            id: id.get(row)?.parse().ok()?,
            run: u32::try_from(run[row]?).ok()?,
        })
    };
    let mut former = (0..table.rows()).map(row).collect::<Option<Vec<_>>>()?;
    former.sort();
    Some(former)
}
