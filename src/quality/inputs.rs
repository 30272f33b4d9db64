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
    /// What the steward should know although the run stands.
    pub warnings: Vec<String>,
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
    /// Questions in the review queue.
    pub review_items: u64,
    /// Facts of the run.
    pub run: &'a RunInfo,
}
