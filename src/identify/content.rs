//! What a source says of a record, as one number.
//!
//! In: the raw texts of a record's mapped fields. Out: a hash of (field, text) for each text that is there, in which the
//! record's key has no part: a row whose key changed has the hash that it had, and a row that says something else has
//! another. Fields are summed, so their order does not matter. 0 stands for unknown and is never given.

use crate::field::DERIVED_FIELDS;
use crate::table::StandardColumn;
use crate::table::StandardRecords;
use crate::text::hash::hash_text;
use crate::text::hash::mix;
use rayon::prelude::*;

/// Records hashed at once by one thread.
const BATCH_RECORDS: usize = 8_192;

/// Per record, the hash of its raw texts.
pub fn contents(records: usize, standard: &StandardRecords) -> Vec<u64> {
    let is_given = |column: &&StandardColumn| {
        DERIVED_FIELDS
            .iter()
            .all(|derived| derived.name != column.field.as_str())
    };
    let columns: Vec<&StandardColumn> = standard.columns().iter().filter(is_given).collect();
    let hashes: Vec<Vec<u64>> = columns.par_iter().map(|column| cell_hashes(column)).collect();
    let mut contents = vec![0u64; records];
    contents
        .par_chunks_mut(BATCH_RECORDS)
        .enumerate()
        .for_each(|(batch, contents)| {
            let start = batch * BATCH_RECORDS;
            for (column, hashes) in columns.iter().zip(&hashes) {
                let cells = &column.cell_of[start..start + contents.len()];
                for (content, &cell) in contents.iter_mut().zip(cells) {
                    *content = content.wrapping_add(hashes[cell as usize]);
                }
            }
            // A sum of good hashes is spread well; only the number that means unknown is avoided.
            contents
                .iter_mut()
                .for_each(|content| *content = (*content).max(1));
        });
    contents
}

/// Per cell of a column, the hash of field and text; 0 for the empty cell.
fn cell_hashes(column: &StandardColumn) -> Vec<u64> {
    let field = hash_text(column.field.as_str());
    let hash = |cell: u32| match column.raw.get(cell) {
        "" => 0,
        text => mix(field, hash_text(text)),
    };
    (0..column.raw.len() as u32).map(hash).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::FieldName;
    use crate::model::ValueStatus;
    use crate::table::CellFindings;
    use crate::table::ValuePool;

    fn column(field: &str, cells: [&str; 3]) -> StandardColumn {
        let mut raw = ValuePool::default();
        let cell_of = cells.map(|cell| if cell.is_empty() { 0 } else { raw.push(cell) });
        StandardColumn {
            field: FieldName::from(field),
            field_type: "text",
            cell_of: cell_of.to_vec(),
            status: vec![ValueStatus::Missing; raw.len()],
            item_ends: vec![0; raw.len()],
            raw,
            findings: CellFindings::default(),
            items: Vec::new(),
            values: ValuePool::default(),
            parts: Vec::new(),
        }
    }

    fn hashes(columns: Vec<StandardColumn>) -> Vec<u64> {
        contents(3, &StandardRecords::try_new(3, columns).unwrap())
    }

    #[test]
    fn equal_rows_have_equal_hashes_and_a_changed_cell_another() {
        let names = || {
            column(
                "customer_name",
                ["北京华夏科技有限公司", "Ann Smith", "Ann Smith"],
            )
        };
        let phones = || column("phones", ["13800138001", "", "13800138001"]);
        let got = hashes(vec![names(), phones()]);
        assert_eq!(
            got,
            hashes(vec![phones(), names()]),
            "the order of columns means nothing"
        );
        assert_ne!(got[1], got[2]);
        let alone = hashes(vec![names()]);
        assert_eq!(alone[1], got[1], "an empty cell says nothing");
        let elsewhere = hashes(vec![column("legal_name", ["", "Ann Smith", ""])]);
        assert_ne!(elsewhere[1], got[1]);
        assert_eq!(elsewhere[0], elsewhere[2]);
        assert_ne!(elsewhere[0], 0, "0 means unknown");
        let derived = hashes(vec![names(), column("party", ["x", "y", "z"])]);
        assert_eq!(derived, alone, "a derived field says nothing new");
    }
}
