//! Issues of every record, from the issues of its cells.

use crate::field::DERIVED_FIELDS;
use crate::model::RecordIndex;
use crate::table::Issue;
use crate::table::StandardRecords;

/// Findings of every record, sorted by (record, field order, code order); derived fields repeat their components and are left out.
pub fn collect_issues(records: &StandardRecords) -> Vec<Issue> {
    let mut issues = Vec::new();
    let columns = records.columns().iter().filter(|column| {
        !DERIVED_FIELDS
            .iter()
            .any(|derived| derived.name == column.field.as_str())
            && column.issues.iter().any(|codes| !codes.is_empty())
    });
    for column in columns {
        for (record, &cell) in column.cell_of.iter().enumerate() {
            for &code in &column.issues[cell as usize] {
                issues.push(Issue {
                    record: RecordIndex(record as u32),
                    field: column.field.clone(),
                    code,
                    raw: column.raw.get(cell).to_owned(),
                });
            }
        }
    }
    // Stable: within a record the columns keep the order of the schema.
    issues.sort_by_key(|issue| issue.record);
    issues
}
