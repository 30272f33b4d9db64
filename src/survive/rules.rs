//! Survivorship rules: each ranks the members' values of one field; higher wins.

use crate::model::RecordIndex;
use crate::table::RawRecords;
use crate::table::RecordStatus;
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

    /// Does any source no longer have a record that is still here?
    pub fn has_withdrawn(&self) -> bool {
        !self.raw.kept.is_empty()
    }

    /// Does its source no longer have the record?
    pub fn is_withdrawn(&self, record: RecordIndex) -> bool {
        self.raw.status(record) == RecordStatus::Withdrawn
    }

    /// Date of the record's last change as `YYYYMMDD`; 0 when unknown.
    fn updated(&self, record: RecordIndex) -> i64 {
        let Some(column) = self.updated else { return 0 };
        let text = column.values.get(column.item_of(record));
        digits(text)
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

    /// Is the golden value the set of all values, where this is a field's first rule?
    fn is_set(&self) -> bool {
        false
    }
}

struct MostFrequent;
struct MostRecent;
struct SourcePriority;
struct Longest;
struct MostComplete;
struct TrustDecay;
struct Smallest;
struct Largest;
struct AllValues;

/// Every rule, in the order of the documentation.
pub fn survivorship_rules() -> &'static [&'static dyn SurvivorshipRule] {
    &[
        &MostFrequent,
        &MostRecent,
        &SourcePriority,
        &Longest,
        &MostComplete,
        &TrustDecay,
        &Smallest,
        &Largest,
        &AllValues,
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

/// Days after which a value is trusted half as much.
const HALF_LIFE_DAYS: f64 = 365.0;

impl SurvivorshipRule for TrustDecay {
    fn name(&self) -> &'static str {
        "trust_decay"
    }

    /// Thousandths of the binary logarithm of `trust · 2^(-age / half-life)`, the trust of a source being one over its rank. Ages
    /// count from any fixed day, as only their differences matter; a record without date is older than any with one.
    fn rank(&self, context: &Context, _: &StandardColumn, candidate: &Candidate, _: &[Candidate]) -> i64 {
        let trust = -libm::log2(f64::from(context.priority(candidate.record).max(1)));
        let days = days(context.updated(candidate.record));
        (1_000.0 * (trust + days as f64 / HALF_LIFE_DAYS)).round() as i64
    }
}

/// Days of a date `YYYYMMDD` since 1 March of year 0 (Hinnant, days_from_civil); 0 for no date.
fn days(date: i64) -> i64 {
    let (year, month, day) = (date / 10_000, date / 100 % 100, date % 100);
    if !(1..=12).contains(&month) {
        return 0;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year
}

/// The place of a value on its scale: a number in thousandths, a date by its digits; `None` for other texts.
fn scale(column: &StandardColumn, candidate: &Candidate) -> Option<i64> {
    let text = column.values.get(*candidate.items.first()?);
    match column.field_type {
        "date" => Some(digits(text)),
        _ => text
            .split_whitespace()
            .next()?
            .parse::<f64>()
            .ok()
            .map(|number| (number * 1_000.0).round() as i64),
    }
}

/// The first eight digits of a text as a number.
fn digits(text: &str) -> i64 {
    text.bytes()
        .filter(u8::is_ascii_digit)
        .take(8)
        .fold(0, |n, digit| n * 10 + i64::from(digit - b'0'))
}

impl SurvivorshipRule for Smallest {
    fn name(&self) -> &'static str {
        "min"
    }

    fn rank(&self, _: &Context, column: &StandardColumn, candidate: &Candidate, _: &[Candidate]) -> i64 {
        scale(column, candidate).map_or(i64::MIN, |place| -place)
    }
}

impl SurvivorshipRule for Largest {
    fn name(&self) -> &'static str {
        "max"
    }

    fn rank(&self, _: &Context, column: &StandardColumn, candidate: &Candidate, _: &[Candidate]) -> i64 {
        scale(column, candidate).unwrap_or(i64::MIN)
    }
}

impl SurvivorshipRule for AllValues {
    fn name(&self) -> &'static str {
        "all_values"
    }

    fn rank(&self, _: &Context, _: &StandardColumn, _: &Candidate, _: &[Candidate]) -> i64 {
        0
    }

    fn is_set(&self) -> bool {
        true
    }
}
