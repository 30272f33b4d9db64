//! Issues of every record, from the issues of its cells.

use crate::field::DERIVED_FIELDS;
use crate::model::IssueCode;
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
            && !column.findings.is_empty()
    });
    for column in columns {
        let mut is_found = vec![false; column.raw.len()];
        for &cell in column.findings.cells() {
            is_found[cell as usize] = true;
        }
        let found = column.cell_of.iter().enumerate();
        for (record, &cell) in found.filter(|&(_, &cell)| is_found[cell as usize]) {
            let record = RecordIndex(record as u32);
            for (code, evidence) in column.findings.of(cell) {
                issues.push(Issue {
                    record,
                    field: column.field.clone(),
                    code,
                    raw: column.raw.get(cell).to_owned(),
                    standard: column.text_of(record),
                    evidence: evidence.to_owned(),
                });
            }
        }
    }
    issues.extend(records.findings().iter().map(|finding| {
        let column = records.column(finding.field.as_str());
        Issue {
            record: finding.record,
            field: finding.field.clone(),
            code: IssueCode::named(finding.code),
            raw: column
                .map_or("", |column| column.raw_of(finding.record))
                .to_owned(),
            standard: column.map_or_else(String::new, |column| column.text_of(finding.record)),
            evidence: finding.evidence.clone(),
        }
    }));
    // Stable: within a record the columns keep the order of the schema.
    issues.sort_by_key(|issue| issue.record);
    issues
}
