//! Rows as the sources gave them, mapped to the standard schema, every cell as its exact text; and those that the sources no
//! longer give.

use crate::model::FieldName;
use crate::model::RecordIndex;
use crate::model::SourceId;
use crate::table::RecordStatus;
use crate::table::ValuePool;

/// What the run knows of one source (a subsidiary's export).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceInfo {
    /// Name in the job file; unique.
    pub name: String,
    /// Person or department that answers for the data; empty when the job names none.
    pub owner: String,
    /// Survivorship rank, smaller is trusted more.
    pub priority: u32,
    /// Name of the job's source that its records come from; another one where a column of the export names the sources.
    pub export: String,
    /// Was it read tonight (active), could it not be read (stale), or does the job no longer have it (withdrawn)?
    pub status: RecordStatus,
}

/// Rows of one source, counted. `read = accepted + rejected + skipped` always.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SourceAccount {
    /// Rows found below the header, blank lines left out.
    pub read: u64,
    /// Rows that became records.
    pub accepted: u64,
    /// Rows in the rejects table.
    pub rejected: u64,
    /// Rows left out by declaration: title rows, totals rows, rows another filter names.
    pub skipped: u64,
}

impl SourceAccount {
    /// Does every row read have its place?
    pub fn is_balanced(&self) -> bool {
        self.read == self.accepted + self.rejected + self.skipped
    }
}

/// A record that the last run had and that no row of tonight's exports gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kept {
    /// The record.
    pub record: RecordIndex,
    /// Stale or withdrawn.
    pub status: RecordStatus,
    /// Number of the first run without it.
    pub since_run: u32,
}

/// Where a row stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    /// Index into [`RawRecords::files`].
    pub file: u32,
    /// Line of a text file or row of a sheet, from 1; 0 when unknown.
    pub line: u32,
}

/// One mapped column: a code per record into the distinct raw texts.
#[derive(Debug, Clone)]
pub struct RawColumn {
    /// Field of the standard schema.
    pub field: FieldName,
    /// Per record, the code of its raw text; 0 when the cell is empty or the source lacks the column.
    pub codes: Vec<u32>,
    /// The distinct raw texts.
    pub values: ValuePool,
}

/// The accepted rows of every source.
///
/// Ordered by (source name, record key); [`RecordIndex`] is the position. Every column has one code a record.
#[derive(Debug, Clone, Default)]
pub struct RawRecords {
    /// Sources sorted by name; [`SourceId`] is the position.
    pub sources: Vec<SourceInfo>,
    /// Per source, its rows counted.
    pub accounts: Vec<SourceAccount>,
    /// Per record, its source.
    pub source_of: Vec<SourceId>,
    /// Per record, its key in the source; code = record index + 1.
    pub keys: ValuePool,
    /// Per record, where it stood.
    pub places: Vec<Place>,
    /// Files read, as named in the job, sorted.
    pub files: Vec<String>,
    /// Mapped columns in the order of the schema.
    pub columns: Vec<RawColumn>,
    /// Records kept from the last run, ascending; every other one is active.
    pub kept: Vec<Kept>,
}

impl RawRecords {
    /// Number of records.
    pub fn len(&self) -> usize {
        self.source_of.len()
    }

    /// Are there no records?
    pub fn is_empty(&self) -> bool {
        self.source_of.is_empty()
    }

    /// Key of a record in its source.
    pub fn key(&self, record: RecordIndex) -> &str {
        self.keys.get(record.0 + 1)
    }

    /// Source of a record.
    pub fn source(&self, record: RecordIndex) -> &SourceInfo {
        &self.sources[self.source_of[record.at()].at()]
    }

    /// Is the record in tonight's exports, or why is it still here?
    pub fn status(&self, record: RecordIndex) -> RecordStatus {
        self.kept(record).map_or(RecordStatus::Active, |kept| kept.status)
    }

    /// What is known of a record that was kept from the last run.
    pub fn kept(&self, record: RecordIndex) -> Option<Kept> {
        let at = self.kept.binary_search_by_key(&record, |kept| kept.record).ok()?;
        Some(self.kept[at])
    }

    /// Records of tonight's exports with their sources, ascending.
    pub fn delivered(&self) -> impl Iterator<Item = (RecordIndex, SourceId)> + '_ {
        let mut kept = self.kept.iter().peekable();
        let records = self.source_of.iter().enumerate();
        let records = records.map(|(at, source)| (RecordIndex(at as u32), *source));
        records.filter(move |(record, _)| kept.next_if(|kept| kept.record == *record).is_none())
    }

    /// The column of `field`, if any source has it.
    pub fn column(&self, field: &str) -> Option<&RawColumn> {
        self.columns.iter().find(|column| column.field.as_str() == field)
    }

    /// Raw text of a record's field; empty when missing.
    pub fn value(&self, record: RecordIndex, field: &str) -> &str {
        self.column(field)
            .map_or("", |column| column.values.get(column.codes[record.at()]))
    }

    /// The record of a source name and key, if there is one; by binary search.
    pub fn find(&self, source: &str, key: &str) -> Option<RecordIndex> {
        let at = |i: u32| {
            (
                self.source(RecordIndex(i)).name.as_str(),
                self.key(RecordIndex(i)),
            )
        };
        let (mut low, mut high) = (0, self.len() as u32);
        while low < high {
            let middle = low + (high - low) / 2;
            if at(middle) < (source, key) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        (low < self.len() as u32 && at(low) == (source, key)).then_some(RecordIndex(low))
    }
}
