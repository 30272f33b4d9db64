//! What measuring needs: the run's tables and the few facts that no table holds.
//!
//! The caller (the pipeline) lends its tables and describes the model and the run in plain values, because quality
//! names no stage. There is no clock: a run is known by its number.

use super::figures::Quality;
use super::scorecard::Gates;
use super::trend::Trend;
use super::weakest::WeakestLink;
use crate::field::FieldSpec;
use crate::model::FieldName;
use crate::model::Language;
use crate::model::MatchWeight;
use crate::model::RecordIndex;
use crate::model::SourceId;
use crate::table::Conflict;
use crate::table::IdAssignments;
use crate::table::Issue;
use crate::table::RawRecords;
use crate::table::Reject;
use crate::table::ScoredPairs;
use crate::table::StandardRecords;
use serde::Deserialize;
use serde::Serialize;
use std::collections::BTreeMap;

/// Facts of the run that no table holds.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RunInfo {
    /// Number of the run; the first is 1.
    pub run_number: u32,
    /// Name of the job.
    pub job: String,
    /// Language of the job's reports.
    pub language: Language,
    /// Did, or will, this run become the published one?
    pub is_published: bool,
    /// Why a run is held back; empty when published.
    pub reasons: Vec<String>,
    /// What the steward must look at although the run stands.
    pub warnings: Vec<String>,
    /// What is worth knowing.
    #[serde(default)]
    pub notices: Vec<String>,
    /// Names of declared sources that could not be read.
    pub unreadable_sources: Vec<String>,
    /// Day of the run, `YYYY-MM-DD`; empty in figures of older programs.
    #[serde(default)]
    pub day: String,
}

/// What the job asks of sources.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    /// Limits of the measures.
    pub gates: Gates,
    /// Days within which a record counts as up to date; timeliness is not measured without.
    pub fresh_days: Option<u32>,
    /// Days after its draw for which an audit speaks of a source; accuracy is not measured without.
    pub audit_days: Option<u32>,
}

/// Two records whose customers are related.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RelationFact {
    /// Smaller record.
    pub left: RecordIndex,
    /// Larger record.
    pub right: RecordIndex,
    /// How they are related, such as `branch`.
    pub kind: &'static str,
    /// Weight of the pair as a match.
    pub weight: MatchWeight,
}

/// A question in the review queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionFact {
    /// Why it is asked, such as `near`.
    pub reason: &'static str,
    /// Number of the first run that asked it without a break.
    pub since_run: u32,
}

/// What a finished audit found of the values of one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditFact {
    /// Name of the source.
    pub source: String,
    /// Number of the audit.
    pub audit: i64,
    /// Day of its draw, `YYYY-MM-DD`.
    pub day: String,
    /// Values found right.
    pub right: u64,
    /// Values that could be told.
    pub answered: u64,
    /// Values that nobody could tell.
    pub cannot_tell: u64,
    /// Values of the source that the audit speaks of.
    pub population: u64,
    /// Lower end of the interval of 95 %, in millionths.
    pub lo_ppm: u64,
    /// Upper end.
    pub hi_ppm: u64,
    /// How the interval was made, English then Chinese.
    pub method: [String; 2],
}

/// The model that scored the pairs.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ModelSummary {
    /// Weight from which a pair is a link.
    pub cut: MatchWeight,
    /// Weight below which pairs are not kept.
    pub floor: MatchWeight,
    /// Prior weight of a candidate pair.
    pub prior: MatchWeight,
    /// Did EM converge?
    pub has_converged: bool,
    /// Comparisons in the order of the plan.
    pub comparisons: Vec<ModelComparison>,
}

/// One comparison of the model.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ModelComparison {
    /// Field compared, such as `party`.
    pub field: String,
    /// Labels of the field, English then Chinese.
    pub labels: [String; 2],
    /// Name of the comparator.
    pub comparator: String,
    /// Its agreement levels.
    pub levels: Vec<ModelLevel>,
}

/// One agreement level of a comparison.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ModelLevel {
    /// Number of the level; 15 is the null level.
    pub level: u8,
    /// Labels, English then Chinese.
    pub labels: [String; 2],
    /// P(level given match); `None` for the null level.
    pub m: Option<f64>,
    /// P(level given non-match); `None` for the null level.
    pub u: Option<f64>,
    /// Weight of the level before term frequencies.
    pub weight: MatchWeight,
}

/// Everything that is measured, lent.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a> {
    /// Accepted rows with the accounts of their sources.
    pub records: &'a RawRecords,
    /// Their standard values.
    pub standard: &'a StandardRecords,
    /// Rows that could not become records.
    pub rejects: &'a [Reject],
    /// Unified IDs and what changed.
    pub ids: &'a IdAssignments,
    /// Pairs above the floor.
    pub pairs: &'a ScoredPairs,
    /// The model that scored them.
    pub model: &'a ModelSummary,
    /// The customers that hang together by the least, weakest first.
    pub weakest: &'a [WeakestLink],
    /// Fields of the schema, the job's own included, in published order.
    pub fields: &'a [FieldSpec],
    /// Per source, the fields that its mapping fills. Empty when unknown: then a field counts as mapped by the sources
    /// that give any value for it.
    pub mapped_fields: &'a [Vec<FieldName>],
    /// Figures of the last published run.
    pub previous: Option<&'a Quality>,
    /// The runs before.
    pub trend: &'a Trend,
    /// What sources are asked for.
    pub settings: &'a Settings,
    /// Findings about accepted records, sorted by record.
    pub issues: &'a [Issue],
    /// Headers of mapped columns.
    pub headers: &'a BTreeMap<(SourceId, FieldName), String>,
    /// Values in which sources contradict each other.
    pub conflicts: &'a [Conflict],
    /// Records of related customers.
    pub relations: &'a [RelationFact],
    /// Questions in the review queue.
    pub questions: &'a [QuestionFact],
    /// What finished audits found, oldest audit first.
    pub audits: &'a [AuditFact],
    /// Key of the hashes of raw values; none are made without.
    pub hash_key: Option<&'a [u8]>,
    /// Facts of the run.
    pub run: &'a RunInfo,
}
