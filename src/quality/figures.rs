//! The figures as published in `quality.json`.
//!
//! Plain structs of integers, names and lists, written and read by serde; lists are in a stated order, so equal runs
//! give equal bytes. [`SCHEMA_VERSION`] changes when a name or a meaning does. Figures of pairs, duplicates and
//! changes are declared beside the code that counts them.

use super::changes::Changes;
use super::changes::KeyChanges;
use super::cleansing::Cleansing;
use super::conflicts::ConflictFigures;
use super::duplicates::ClusterSizeBin;
use super::duplicates::DuplicateFigures;
use super::duplicates::Overlap;
use super::inputs::RunInfo;
use super::pairs::ModelFigures;
use super::pairs::WeightHistogram;
use super::queue::QueueFigures;
use super::relations::RelationFigures;
use super::scorecard::FailedGate;
use super::scorecard::MeasureLabel;
use super::scorecard::Measurement;
use super::share::Share;
use super::suspicion::Suspicion;
use super::trend::TrendFigures;
use super::weakest::WeakestLink;
use serde::Deserialize;
use serde::Serialize;

/// Version of the layout of `quality.json`.
///
/// 2: `measures`, `owners`, `gates_failed`, `trend`, `suspicions`; per source `scorecard` and `is_late`; `samples` of findings.
/// 3: `relations`, `conflicts`, `review` in place of `review_items`; `run.notices`; `key_figures.completeness`; `audit` of a measurement;
/// `raw_hash` of a sample; `export` of a source.
pub const SCHEMA_VERSION: u32 = 3;

/// All figures of one run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quality {
    /// [`SCHEMA_VERSION`] of the writer.
    pub schema_version: u32,
    /// Facts of the run.
    pub run: RunInfo,
    /// The figures of the first screen.
    pub key_figures: KeyFigures,
    /// The same against the last run; `None` in the first run.
    pub key_changes: Option<KeyChanges>,
    /// At most three sources, worst first; sources without a fault are left out.
    pub worst_sources: Vec<WorstSource>,
    /// Fields that are necessary or that any source maps, in published order.
    pub fields: Vec<FieldLabel>,
    /// Sources sorted by name.
    pub sources: Vec<SourceQuality>,
    /// Rejected rows by code, most first.
    pub rejects: Vec<CodeCount>,
    /// Findings in accepted records by code, most first.
    pub issues: Vec<CodeCount>,
    /// Duplicates over all sources.
    pub duplicates: DuplicateFigures,
    /// Records fit for contact before and after cleansing, over all sources.
    #[serde(default)]
    pub cleansing: Cleansing,
    /// Customers that several sources serve.
    pub overlap: Overlap,
    /// Unified IDs by number of records, in ascending bins without gaps.
    pub cluster_sizes: Vec<ClusterSizeBin>,
    /// Records of the largest unified ID.
    pub cluster_size_max: u64,
    /// Pairs by weight.
    pub weights: WeightHistogram,
    /// The model that weighed them.
    pub model: ModelFigures,
    /// The customers that hang together by the least, weakest first.
    #[serde(default)]
    pub weakest: Vec<WeakestLink>,
    /// What changed since the last run.
    pub changes: Changes,
    /// What the measures of the scorecards mean.
    #[serde(default)]
    pub measures: Vec<MeasureLabel>,
    /// Scorecards of those who answer for several sources or one, by name; those without a name are left out.
    #[serde(default)]
    pub owners: Vec<OwnerQuality>,
    /// Gates that sources do not pass.
    #[serde(default)]
    pub gates_failed: Vec<FailedGate>,
    /// Figures over the last runs, and what stands out.
    #[serde(default)]
    pub trend: TrendFigures,
    /// Entries that look invented.
    #[serde(default)]
    pub suspicions: Vec<Suspicion>,
    /// Customers that belong together without being one.
    #[serde(default)]
    pub relations: RelationFigures,
    /// Where sources contradict each other about a customer.
    #[serde(default)]
    pub conflicts: ConflictFigures,
    /// The review queue and its age.
    #[serde(default)]
    pub review: QueueFigures,
}

/// Figures of all sources that one person or department answers for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnerQuality {
    /// The owner, as in the job.
    pub owner: String,
    /// Positions in [`Quality::sources`].
    pub sources: Vec<usize>,
    /// The sums of their scorecards, without gates.
    pub scorecard: Vec<Measurement>,
}

/// The figures of the first screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct KeyFigures {
    /// Rows read from every source.
    pub rows_read: u64,
    /// Rows in the rejects table.
    pub rows_rejected: u64,
    /// Rows left out by declaration.
    pub rows_skipped: u64,
    /// Rows that became records.
    pub records: u64,
    /// Customers: different unified IDs of the records.
    pub unified_ids: u64,
    /// Records above one per unified ID, of all records.
    pub redundant: Share,
    /// Records that share their unified ID with another record, of all records.
    pub affected: Share,
    /// Unified IDs with records of two or more sources.
    pub shared_ids: u64,
    /// Necessary elements that are assigned, of those expected, over all sources.
    #[serde(default)]
    pub completeness: Share,
}

/// What weighs most against a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MainFault {
    /// Necessary values are missing.
    Completeness,
    /// Values are invalid or suspicious.
    Validity,
    /// Rows could not be read.
    Rejects,
    /// The source holds customers twice.
    Duplicates,
}

/// One of the worst sources.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorstSource {
    /// Position in [`Quality::sources`].
    pub source: usize,
    /// Sum of the four faults in basis points: missing necessary values, values that are not valid, rejected rows, and
    /// redundant records within the source. A measure that was not taken adds nothing.
    pub fault_basis_points: u64,
    /// The largest of the four.
    pub main_fault: MainFault,
}

/// Name and labels of a field, so that a page needs no schema.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldLabel {
    /// English identifier.
    pub name: String,
    /// English label.
    pub en: String,
    /// Chinese label.
    pub zh: String,
    /// Is it expected in every record?
    pub is_necessary: bool,
}

/// Figures of one source. `read = accepted + rejected + skipped`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceQuality {
    /// Name in the job.
    pub name: String,
    /// Who answers for the data; empty when the job names nobody.
    pub owner: String,
    /// Name of the job's source that its records come from; another one where a column of the export names the sources.
    #[serde(default)]
    pub export: String,
    /// Rows found below the header.
    pub read: u64,
    /// Rows that became records.
    pub accepted: u64,
    /// Rows in the rejects table.
    pub rejected: u64,
    /// Rows left out by declaration.
    pub skipped: u64,
    /// Rejected rows of rows read.
    pub rejected_share: Share,
    /// Necessary elements that are assigned, of those expected (GB/T 36344 0201).
    pub completeness: Share,
    /// Valid and repaired elements of all that are assigned (GB/T 36344 0302).
    pub validity: Share,
    /// Placeholders of all elements that hold any text (GB/T 36344 0305); lower is better.
    pub placeholders: Share,
    /// Duplicates within this source alone.
    pub duplicates: DuplicateFigures,
    /// Records fit for contact before and after cleansing.
    #[serde(default)]
    pub cleansing: Cleansing,
    /// Necessary fields and those the source maps, in published order.
    pub fields: Vec<FieldQuality>,
    /// Findings, sorted by field in published order, then code.
    pub issues: Vec<FieldIssue>,
    /// Every measure, in the order of [`Quality::measures`].
    #[serde(default)]
    pub scorecard: Vec<Measurement>,
    /// Could the source not be read tonight, so that its last records stand?
    #[serde(default)]
    pub is_late: bool,
}

/// Figures of one field of one source, in records.
///
/// `accepted = missing + placeholder + invalid + suspicious + repaired + valid`, and `filled` is the sum of the last four.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldQuality {
    /// Name of the field.
    pub field: String,
    /// Does the source's mapping fill it?
    pub is_mapped: bool,
    /// The derived field that was measured in its place, because the source gives the field in parts.
    pub measured_as: Option<String>,
    /// Elements expected: every record for a necessary field, none for an optional one.
    pub expected: u64,
    /// Elements assigned: neither missing nor a placeholder.
    pub filled: u64,
    /// Nothing was given.
    pub missing: u64,
    /// Stop-gaps.
    pub placeholder: u64,
    /// Values not of the field's form.
    pub invalid: u64,
    /// Values of the right form but unlikely.
    pub suspicious: u64,
    /// Values valid after a safe repair.
    pub repaired: u64,
    /// Values valid as they stood.
    pub valid: u64,
    /// `filled` of all records.
    pub completeness: Share,
    /// `valid + repaired` of `filled`.
    pub validity: Share,
}

/// Findings of one code in one field of one source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldIssue {
    /// Name of the field.
    pub field: String,
    /// Code of the issue catalogue.
    pub code: String,
    /// Records concerned.
    pub records: u64,
    /// The first cells concerned, masked.
    #[serde(default)]
    pub samples: Vec<SampleCell>,
}

/// A cell of an export that a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SampleCell {
    /// File as named in the job.
    pub file: String,
    /// Line or sheet row; 0 when unknown.
    pub line: u32,
    /// Header of the column; empty when the value is made of several.
    pub column: String,
    /// What it says, masked.
    pub masked: String,
    /// Keyed hash of the raw text, 16 hexadecimal digits; empty when the job names no key.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub raw_hash: String,
}

/// One code over all sources.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeCount {
    /// Code of the issue catalogue.
    pub code: String,
    /// `info`, `warning` or `error`.
    pub severity: String,
    /// Quality dimension of GB/T 36344-2018.
    pub dimension: String,
    /// Rows or findings in all sources.
    pub total: u64,
    /// The same per source, in the order of [`Quality::sources`].
    pub by_source: Vec<u64>,
}
