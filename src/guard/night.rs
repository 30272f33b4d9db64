//! The figures of one run that guards judge, kept for the runs after it.
//!
//! Counts and names of sources, fields and columns only; no value of any record.

use super::drift::FieldShape;
use serde::Deserialize;
use serde::Serialize;

/// A part of a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Part {
    /// The part.
    pub part: u64,
    /// The whole.
    pub of: u64,
}

impl Part {
    /// `part / of`; 0 of nothing.
    pub fn share(self) -> f64 {
        if self.of == 0 {
            0.0
        } else {
            self.part as f64 / self.of as f64
        }
    }
}

/// One field of one source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldFigures {
    /// Name of the field.
    pub field: String,
    /// Is it used for matching?
    pub is_matched: bool,
    /// Records without a usable value.
    pub unusable: Part,
    /// What its values look like.
    pub shape: FieldShape,
}

/// One source that was read.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SourceFigures {
    /// Its name.
    pub name: String,
    /// Rows below its header.
    pub rows: u64,
    /// Rejected rows of those read.
    pub rejected: Part,
    /// Records with a text that its encoding cannot hold, of those accepted.
    pub damaged: Part,
    /// Keys of the last run that are there again, of those the last run had; none in the first run.
    pub keys_kept: Option<Part>,
    /// Its mapped fields in published order.
    pub fields: Vec<FieldFigures>,
}

/// The columns of a source's files.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Header {
    /// Name of the source.
    pub source: String,
    /// Names of columns, sorted.
    pub columns: Vec<String>,
}

/// A mapped column that a source no longer has.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LostColumn {
    /// Name of the source.
    pub source: String,
    /// The column that the job maps.
    pub column: String,
    /// The nearest that its header has, if any.
    pub nearest: Option<String>,
}

/// Golden values of one field against the last run.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct GoldenFigures {
    /// Name of the field.
    pub field: String,
    /// Values that are others now, of those that the last run had for IDs still live.
    pub changed: Part,
}

/// The figures of one run.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Night {
    /// Sources that were read, by name.
    pub sources: Vec<SourceFigures>,
    /// Columns of the sources that were read, by name.
    pub headers: Vec<Header>,
    /// Mapped columns that are gone from sources that may be missing.
    pub lost_columns: Vec<LostColumn>,
    /// IDs merged into another, of those live before; none in the first run.
    pub ids_merged: Option<Part>,
    /// IDs split, of those live before; none in the first run.
    pub ids_split: Option<Part>,
    /// Records of the largest customer.
    pub largest_cluster: u64,
    /// Candidate pairs compared.
    pub candidate_pairs: u64,
    /// Golden names and tax numbers; empty in the first run.
    pub golden: Vec<GoldenFigures>,
    /// Customers with two valid identifiers that no steward joined.
    pub tax_id_conflicts: u64,
}

impl Night {
    /// The figures of a source.
    pub fn source(&self, name: &str) -> Option<&SourceFigures> {
        self.sources.iter().find(|source| source.name == name)
    }

    /// The columns of a source.
    pub fn header(&self, source: &str) -> Option<&Header> {
        self.headers.iter().find(|header| header.source == source)
    }
}

impl SourceFigures {
    /// The figures of a field.
    pub fn field(&self, name: &str) -> Option<&FieldFigures> {
        self.fields.iter().find(|field| field.field == name)
    }
}
