//! The difference of two runs.

use super::causes::Circumstances;
use super::golden;
use super::golden::GoldenDiff;
use super::ids;
use super::ids::IdDiff;
use super::ids::RecordDiff;
use super::snapshot::Snapshot;
use crate::publish::PublishError;
use crate::publish::Run;
use serde::Serialize;

/// Version of the layout of [`Diff`] as JSON.
const SCHEMA_VERSION: u32 = 1;

/// The file by which decisions of a run are known.
const DECISIONS: &str = "decisions.parquet";

/// What is other in a second run than in a first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diff {
    /// Version of the layout.
    pub schema_version: u32,
    /// Id of the first run.
    pub before: String,
    /// Id of the second run.
    pub now: String,
    /// What differs between the runs as wholes.
    pub circumstances: Circumstances,
    /// Records by what happened.
    pub records: RecordDiff,
    /// IDs by what happened.
    pub ids: IdDiff,
    /// Golden cells by field and cause.
    pub golden: GoldenDiff,
}

/// Compares two sealed runs, whichever is the older.
///
/// # Errors
/// [`PublishError::Damaged`] when a file is missing or not as sealed.
pub fn diff(before: &Run, now: &Run) -> Result<Diff, PublishError> {
    let (a, b) = (Snapshot::read(before)?, Snapshot::read(now)?);
    let circumstances = circumstances(before, now);
    let (ids, records) = ids::compare(&a, &b);
    Ok(Diff {
        schema_version: SCHEMA_VERSION,
        before: before.id().to_owned(),
        now: now.id().to_owned(),
        circumstances,
        records,
        ids,
        golden: golden::compare([before, now], [&a, &b], circumstances)?,
    })
}

fn circumstances(before: &Run, now: &Run) -> Circumstances {
    let (a, b) = (before.manifest(), now.manifest());
    let sha256 = |name: &str| [a, b].map(|run| run.file(name).map(|file| file.sha256.clone()));
    let differs = |name: &str| {
        let [a, b] = sha256(name);
        a != b
    };
    Circumstances {
        has_other_rules: a.facts.plan_sha256 != b.facts.plan_sha256
            || a.facts.program_version != b.facts.program_version,
        has_other_model: differs("model.json"),
        has_other_decisions: differs(DECISIONS),
    }
}
