//! Records with standard values: what matching, survivorship and quality read.

use crate::model::FieldName;
use crate::model::RecordIndex;
use crate::model::ValueStatus;
use crate::table::CellFindings;
use crate::table::ValuePool;

/// A table whose columns do not fit together; a defect of the stage that made it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// A column has another number of rows than the table.
    #[error("column `{column}` has {rows} rows instead of {expected}")]
    Length {
        /// The column.
        column: String,
        /// Its rows.
        rows: usize,
        /// The table's rows.
        expected: usize,
    },
    /// A code points outside its pool.
    #[error("column `{column}` holds code {code} but its pool has {len} values")]
    Code {
        /// The column.
        column: String,
        /// The code.
        code: u32,
        /// Values in the pool.
        len: usize,
    },
}

/// One part of a field's values, such as `core` of an organisation name.
#[derive(Debug, Clone)]
pub struct Part {
    /// Name given by the field type.
    pub name: &'static str,
    /// Per item of the column, the code of its part text; 0 = the item has no such part.
    pub codes: Vec<u32>,
    /// Distinct part texts.
    pub values: ValuePool,
}

/// One field of every record, standardised once per distinct cell.
///
/// A *cell* is a distinct raw text; an *item* is a distinct standard value. A cell holds any number of items (several
/// phones in one cell). Cell 0 is the empty cell and has no items; item 0 is the missing value.
#[derive(Debug, Clone)]
pub struct StandardColumn {
    /// Field of the schema, or the name of a derived field such as `party`.
    pub field: FieldName,
    /// Name of the field type.
    pub field_type: &'static str,
    /// Per record, its cell.
    pub cell_of: Vec<u32>,
    /// Per cell, the raw text. A value filled from another field of the record has a cell of its own, so that texts
    /// may repeat.
    pub raw: ValuePool,
    /// Per cell, the standing of its value.
    pub status: Vec<ValueStatus>,
    /// What was found in the cells.
    pub findings: CellFindings,
    /// Per cell, the end of its items in `items`; the items of cell c are `items[ends[c-1]..ends[c]]`.
    pub item_ends: Vec<u32>,
    /// Items of all cells, cell after cell, in the order of the cell's text.
    pub items: Vec<u32>,
    /// Per item, the standard text; one text occurs again when it has other parts.
    pub values: ValuePool,
    /// Parts in the order of the field type.
    pub parts: Vec<Part>,
}

impl StandardColumn {
    /// Items of a cell.
    #[inline]
    pub fn items_of_cell(&self, cell: u32) -> &[u32] {
        let at = cell as usize;
        let start = if at == 0 {
            0
        } else {
            self.item_ends[at - 1] as usize
        };
        &self.items[start..self.item_ends[at] as usize]
    }

    /// Items of a record's cell when its value is usable, else none.
    #[inline]
    pub fn items_of(&self, record: RecordIndex) -> &[u32] {
        let cell = self.cell_of[record.at()];
        if self.status[cell as usize].is_usable() {
            self.items_of_cell(cell)
        } else {
            &[]
        }
    }

    /// First item of a record; 0 when the value is missing or unusable.
    #[inline]
    pub fn item_of(&self, record: RecordIndex) -> u32 {
        self.items_of(record).first().copied().unwrap_or(0)
    }

    /// Standing of a record's value.
    pub fn status_of(&self, record: RecordIndex) -> ValueStatus {
        self.status[self.cell_of[record.at()] as usize]
    }

    /// Raw text of a record's cell.
    pub fn raw_of(&self, record: RecordIndex) -> &str {
        self.raw.get(self.cell_of[record.at()])
    }

    /// Standard text of a record: its items joined by `; `; empty when unusable.
    pub fn text_of(&self, record: RecordIndex) -> String {
        let texts: Vec<&str> = self
            .items_of(record)
            .iter()
            .map(|&item| self.values.get(item))
            .collect();
        texts.join("; ")
    }

    /// The part of this name.
    pub fn part(&self, name: &str) -> Option<&Part> {
        self.parts.iter().find(|part| part.name == name)
    }

    /// Bytes held, for forecasts and benches.
    pub fn size_bytes(&self) -> usize {
        let parts = self
            .parts
            .iter()
            .map(|part| part.codes.len() * size_of::<u32>() + part.values.size_bytes());
        (self.cell_of.len() + self.item_ends.len() + self.items.len()) * size_of::<u32>()
            + self.raw.size_bytes()
            + self.values.size_bytes()
            + self.status.len()
            + self.findings.size_bytes()
            + parts.sum::<usize>()
    }

    fn check(&self, records: usize) -> Result<(), TableError> {
        let length = |rows: usize, expected: usize| {
            let column = self.field.to_string();
            if rows == expected {
                Ok(())
            } else {
                Err(TableError::Length {
                    column,
                    rows,
                    expected,
                })
            }
        };
        length(self.cell_of.len(), records)?;
        length(self.status.len(), self.raw.len())?;
        length(self.item_ends.len(), self.raw.len())?;
        for part in &self.parts {
            length(part.codes.len(), self.values.len())?;
        }
        let codes = |codes: &[u32], len: usize| match codes.iter().find(|&&code| code as usize >= len) {
            Some(&code) => Err(TableError::Code {
                column: self.field.to_string(),
                code,
                len,
            }),
            None => Ok(()),
        };
        codes(&self.cell_of, self.raw.len())?;
        codes(&self.items, self.values.len())
    }
}

/// The standard values of every record, field by field. Rows are in the order of the raw records.
#[derive(Debug, Clone, Default)]
pub struct StandardRecords {
    len: usize,
    columns: Vec<StandardColumn>,
    findings: Vec<RecordFinding>,
}

/// A finding about several fields of one record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecordFinding {
    /// The record.
    pub record: RecordIndex,
    /// The field that is to be looked at first.
    pub field: FieldName,
    /// Name of the code in the issue catalogue.
    pub code: &'static str,
    /// What shows it; may hold personal data.
    pub evidence: String,
}

impl StandardRecords {
    /// Checks that every column has `len` records and that all codes point into their pools.
    ///
    /// # Errors
    /// [`TableError`] names the first column that does not fit.
    pub fn try_new(len: usize, columns: Vec<StandardColumn>) -> Result<Self, TableError> {
        for column in &columns {
            column.check(len)?;
        }
        Ok(Self {
            len,
            columns,
            findings: Vec::new(),
        })
    }

    /// The same records with findings about their fields together, sorted by (record, field, code).
    #[must_use]
    pub fn with_findings(mut self, mut findings: Vec<RecordFinding>) -> Self {
        findings.sort();
        self.findings = findings;
        self
    }

    /// Findings about several fields of a record, sorted by (record, field, code).
    pub fn findings(&self) -> &[RecordFinding] {
        &self.findings
    }

    /// Number of records.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Are there no records?
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Columns: the schema's fields in its order, then the derived fields.
    pub fn columns(&self) -> &[StandardColumn] {
        &self.columns
    }

    /// The column of `field`.
    pub fn column(&self, field: &str) -> Option<&StandardColumn> {
        self.columns.iter().find(|column| column.field.as_str() == field)
    }
}
