//! Quality figures of one run.
//!
//! In: the tables of a finished run (rows, standard values, rejects, scored pairs, unified IDs), the model that scored
//! them and the figures of the run before. Out: [`Quality`], integers and names only, which is published as
//! `quality.json` and is all that `report` reads. Every share is a numerator and a denominator. Indicators follow
//! GB/T 36344-2018: completeness is 0201 (elements assigned of elements expected), validity 0302 (elements of the right
//! form), placeholders 0305 (dirty data), duplicates 0303. Accuracy (0301) is known from audits alone.
//!
//! What a figure is called, coloured or rounded to is left to `report`; whether it is good enough is left to the gates.

mod accuracy;
mod changes;
mod cleansing;
mod conflicts;
mod counts;
mod duplicates;
mod figures;
#[cfg(test)]
pub(crate) mod fixture;
mod inputs;
mod measure;
mod metrics;
mod pairs;
mod queue;
mod relations;
mod samples;
mod scorecard;
mod share;
mod sources;
mod suspicion;
mod trend;
mod weakest;

pub use accuracy::AuditedShare;
pub use changes::Changes;
pub use changes::IdChanges;
pub use changes::KeyChanges;
pub use changes::SourceChange;
pub use cleansing::Cleansing;
pub use conflicts::ConflictFigures;
pub use conflicts::ConflictSample;
pub use conflicts::ConflictValue;
pub use conflicts::FieldConflicts;
pub use conflicts::SourceConflicts;
pub use duplicates::ClusterSizeBin;
pub use duplicates::DuplicateFigures;
pub use duplicates::Overlap;
pub use figures::CodeCount;
pub use figures::FieldIssue;
pub use figures::FieldLabel;
pub use figures::FieldQuality;
pub use figures::KeyFigures;
pub use figures::MainFault;
pub use figures::OwnerQuality;
pub use figures::Quality;
pub use figures::SCHEMA_VERSION;
pub use figures::SampleCell;
pub use figures::SourceQuality;
pub use figures::WorstSource;
pub use inputs::AuditFact;
pub use inputs::Inputs;
pub use inputs::ModelComparison;
pub use inputs::ModelLevel;
pub use inputs::ModelSummary;
pub use inputs::QuestionFact;
pub use inputs::RelationFact;
pub use inputs::RunInfo;
pub use inputs::Settings;
pub use measure::measure;
pub use metrics::RunMetrics;
pub use metrics::metrics;
pub use pairs::ComparisonFigures;
pub use pairs::LevelFigures;
pub use pairs::ModelFigures;
pub use pairs::WeightBin;
pub use pairs::WeightHistogram;
pub use queue::QueueFigures;
pub use queue::QueueReason;
pub use relations::RelatedCustomer;
pub use relations::RelatedPair;
pub use relations::RelationFigures;
pub use relations::RelationKind;
pub use scorecard::FailedGate;
pub use scorecard::Gate;
pub use scorecard::GateState;
pub use scorecard::Gates;
pub use scorecard::MeasureLabel;
pub use scorecard::MeasureSpec;
pub use scorecard::Measurement;
pub use scorecard::measures;
pub use share::Change;
pub use share::Share;
pub use share::ShareChange;
pub use suspicion::RowPlace;
pub use suspicion::Suspicion;
pub use trend::Alert;
pub use trend::Point;
pub use trend::Series;
pub use trend::Trend;
pub use trend::TrendFigures;
pub use weakest::WeakestLink;
pub use weakest::WeakestLinkStep;
