//! Survivorship rules: each ranks the members' values of one field; higher wins.

use crate::model::RecordIndex;
use crate::table::RawRecords;
use crate::table::StandardColumn;
use crate::table::StandardRecords;

/// One member with a usable value.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// The member.
    pub record: RecordIndex,
    /// Its items.
    pub items: &'a [u32],
}

/// What rules may know beside the values.
pub struct Context<'a> {
    raw: &'a RawRecords,
    updated: Option<&'a StandardColumn>,
}

impl<'a> Context<'a> {
    /// The context of a run.
    pub fn new(raw: &'a RawRecords, standard: &'a StandardRecords) -> Self {
        Self {
            raw,
            updated: standard
                .column("updated_date")
                .or_else(|| standard.column("created_date")),
        }
    }

    /// Rank of the record's source, smaller is trusted more.
    pub fn priority(&self, record: RecordIndex) -> u32 {
        self.raw.source(record).priority
    }

    /// Date of the record's last change as `YYYYMMDD`; 0 when unknown.
    fn updated(&self, record: RecordIndex) -> i64 {
        let Some(column) = self.updated else { return 0 };
        let text = column.values.get(column.item_of(record));
        text.bytes()
            .filter(u8::is_ascii_digit)
            .take(8)
            .fold(0, |n, digit| n * 10 + i64::from(digit - b'0'))
    }
}

/// Ranks the values of one field. Pure; the rank does not depend on the order of the candidates.
pub trait SurvivorshipRule: Sync {
    /// Name in job files and lineage.
    fn name(&self) -> &'static str;

    /// Rank of a candidate among all; higher wins.
    fn rank(
        &self,
        context: &Context,
        column: &StandardColumn,
        candidate: &Candidate,
        all: &[Candidate],
    ) -> i64;
}

struct MostFrequent;
struct MostRecent;
struct SourcePriority;
struct Longest;
struct MostComplete;

/// Every rule, in the order of the documentation.
pub fn survivorship_rules() -> &'static [&'static dyn SurvivorshipRule] {
    &[
        &MostFrequent,
        &MostRecent,
        &SourcePriority,
        &Longest,
        &MostComplete,
    ]
}

/// The rule of this name.
pub(super) fn rule(name: &str) -> Option<&'static dyn SurvivorshipRule> {
    survivorship_rules()
        .iter()
        .copied()
        .find(|rule| rule.name() == name)
}

impl SurvivorshipRule for MostFrequent {
    fn name(&self) -> &'static str {
        "most_frequent"
    }

    fn rank(&self, _: &Context, _: &StandardColumn, candidate: &Candidate, all: &[Candidate]) -> i64 {
        all.iter().filter(|other| other.items == candidate.items).count() as i64
    }
}

impl SurvivorshipRule for MostRecent {
    fn name(&self) -> &'static str {
        "most_recent"
    }

    fn rank(&self, context: &Context, _: &StandardColumn, candidate: &Candidate, _: &[Candidate]) -> i64 {
        context.updated(candidate.record)
    }
}

impl SurvivorshipRule for SourcePriority {
    fn name(&self) -> &'static str {
        "source_priority"
    }

    fn rank(&self, context: &Context, _: &StandardColumn, candidate: &Candidate, _: &[Candidate]) -> i64 {
        -i64::from(context.priority(candidate.record))
    }
}

impl SurvivorshipRule for Longest {
    fn name(&self) -> &'static str {
        "longest"
    }

    fn rank(&self, _: &Context, column: &StandardColumn, candidate: &Candidate, _: &[Candidate]) -> i64 {
        candidate
            .items
            .iter()
            .map(|&item| column.values.get(item).chars().count() as i64)
            .sum()
    }
}

impl SurvivorshipRule for MostComplete {
    fn name(&self) -> &'static str {
        "most_complete"
    }

    fn rank(&self, _: &Context, column: &StandardColumn, candidate: &Candidate, _: &[Candidate]) -> i64 {
        let parts = |item: &u32| {
            column
                .parts
                .iter()
                .filter(|part| part.codes[*item as usize] != 0)
                .count()
        };
        candidate.items.iter().map(|item| parts(item) as i64).sum()
    }
}
