//! Findings about the cells of one column.

use crate::model::IssueCode;
use crate::table::Interner;
use crate::table::ValuePool;

/// What was found in the cells of a column. Most cells have nothing, so only those that do take room.
#[derive(Debug, Clone, Default)]
pub struct CellFindings {
    cells: Vec<u32>,
    codes: Vec<&'static IssueCode>,
    evidence_codes: Vec<u32>,
    evidence: Interner,
}

impl CellFindings {
    /// Adds a finding; cells come in ascending order.
    pub fn push(&mut self, cell: u32, code: &'static IssueCode, evidence: &str) {
        debug_assert!(self.cells.last().is_none_or(|&last| last <= cell));
        self.cells.push(cell);
        self.codes.push(code);
        self.evidence_codes.push(self.evidence.intern(evidence));
    }

    /// Findings of a cell with their evidence, in the order they were made.
    pub fn of(&self, cell: u32) -> impl Iterator<Item = (&'static IssueCode, &str)> {
        let start = self.cells.partition_point(|&c| c < cell);
        let count = self.cells[start..].iter().take_while(|&&c| c == cell).count();
        (start..start + count).map(|at| (self.codes[at], self.pool().get(self.evidence_codes[at])))
    }

    /// Cells that have a finding, ascending; a cell comes once for each.
    pub fn cells(&self) -> &[u32] {
        &self.cells
    }

    /// Was nothing found?
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// Bytes held.
    pub fn size_bytes(&self) -> usize {
        self.cells.len() * (2 * size_of::<u32>() + size_of::<&IssueCode>()) + self.pool().size_bytes()
    }

    fn pool(&self) -> &ValuePool {
        self.evidence.pool()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_has_its_findings_in_order() {
        let mut findings = CellFindings::default();
        findings.push(2, IssueCode::named("repaired"), "O → 0");
        findings.push(2, IssueCode::named("check_digit"), "");
        findings.push(7, IssueCode::named("filled"), "上海");
        let of = |cell| {
            findings
                .of(cell)
                .map(|(code, evidence)| (code.name, evidence))
                .collect::<Vec<_>>()
        };
        assert_eq!(of(2), [("repaired", "O → 0"), ("check_digit", "")]);
        assert_eq!(of(7), [("filled", "上海")]);
        assert!(of(1).is_empty() && of(8).is_empty());
    }
}
