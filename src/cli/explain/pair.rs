//! Why two records are, or are not, one customer: the figures.
//!
//! In: two records. Out: [`PairAnswer`], which is printed as JSON as it stands and as text by `pair_text`. Every figure is
//! asked of the stage that made it; the changes are the same pair weighed again with one level replaced.

use super::case::Case;
use super::case::Conflict;
use super::outcome::Outcome;
use super::outcome::outcome;
use super::words::bits;
use super::words::shown;
use crate::block::blocking_rules;
use crate::model::AgreementLevel;
use crate::model::ComparisonSpec;
use crate::model::ComparisonVector;
use crate::model::MatchWeight;
use crate::model::RecordIndex;
use crate::pipeline::Against;
use crate::score::Waterfall;
use crate::table::StandardColumn;
use crate::table::Terms;
use serde::Serialize;
use std::collections::BTreeSet;

/// Everything that is told of a pair.
#[derive(Debug, Serialize)]
pub(super) struct PairAnswer {
    schema_version: u32,
    pub(super) records: [String; 2],
    pub(super) weight_bits: f64,
    pub(super) cut_bits: f64,
    /// The kind of other pairs against which the pair weighs least.
    pub(super) decided_by: &'static str,
    pub(super) decided_by_label: String,
    pub(super) population: &'static str,
    pub(super) prior: Weighed,
    /// Part of each prior that cross-field calibration added.
    pub(super) calibration_bits: f64,
    pub(super) comparisons: Vec<ComparisonAnswer>,
    /// Are the neighbours the people of one household? Then their prior is held at even odds, without calibration.
    pub(super) is_household: bool,
    /// Sums against each kind.
    pub(super) totals: Weighed,
    /// What the other two kinds take off the deciding sum.
    pub(super) rest_bits: f64,
    pub(super) blocking_rules: Vec<&'static str>,
    pub(super) conflicts: Vec<Conflict>,
    pub(super) outcome: Outcome,
    /// Would the pair alone be one customer?
    pub(super) is_match: bool,
    /// What would turn the outcome or bring it nearer to that, largest effect first.
    pub(super) changes: Vec<Change>,
    pub(super) is_model_new: bool,
}

/// Bits against each kind of other pairs.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Weighed {
    pub(super) strangers: f64,
    pub(super) kin: f64,
    pub(super) neighbours: f64,
}

impl Weighed {
    fn of(weight: impl Fn(Against) -> MatchWeight) -> Self {
        let [strangers, kin, neighbours] = Against::ALL.map(|kind| bits(weight(kind)));
        Self {
            strangers,
            kin,
            neighbours,
        }
    }

    pub(super) fn all(self) -> [f64; 3] {
        [self.strangers, self.kin, self.neighbours]
    }

    pub(super) fn against(self, kind: &str) -> f64 {
        let at = Against::ALL.iter().position(|known| known.as_str() == kind);
        self.all()[at.unwrap_or(0)]
    }
}

/// One comparison.
#[derive(Debug, Serialize)]
pub(super) struct ComparisonAnswer {
    pub(super) comparison: &'static str,
    pub(super) label: String,
    pub(super) values: Vec<FieldValues>,
    /// `null` when a value is missing on either side.
    pub(super) level: Option<u8>,
    pub(super) level_label: String,
    pub(super) weight_bits: Weighed,
    /// Who carries the value, where its frequency set the weight against strangers.
    pub(super) frequency: Option<Frequency>,
    pub(super) is_conflict: bool,
}

/// The values of one field, side by side.
#[derive(Debug, Serialize)]
pub(super) struct FieldValues {
    pub(super) field: String,
    pub(super) values: [String; 2],
    pub(super) standing: [&'static str; 2],
    /// Parts of derived and parsed values, `name=text`.
    pub(super) parts: [Vec<String>; 2],
}

/// How many carry the value on which two records agree.
#[derive(Debug, Serialize)]
pub(super) struct Frequency {
    pub(super) carriers: u64,
    /// `records` or `names`.
    pub(super) counted_by: &'static str,
}

/// One comparison at another level.
#[derive(Debug, Serialize)]
pub(super) struct Change {
    pub(super) comparison: &'static str,
    pub(super) label: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) adds_bits: f64,
    pub(super) weight_bits: f64,
    /// Would the two be one customer then? Asked of all members where these keep the two together or apart.
    pub(super) is_match: bool,
}

/// Explains a pair; `a` and `b` differ.
pub(super) fn explain(case: &Case, a: RecordIndex, b: RecordIndex) -> PairAnswer {
    let (left, right) = (a.min(b), a.max(b));
    let vector = case.matching.comparisons().vector(left, right);
    let waterfall = case.weights.waterfall(left, right, vector);
    let against = Against::deciding(&waterfall);
    let cut = case.cluster_settings().cut;
    let conflicts = case.conflicts(left, right);
    let is_match = waterfall.total() >= cut && conflicts.is_empty();
    let rules = rules_of(case, left, right);
    let population = case.model.of(case.weights.population(vector));
    let [en, zh] = against.labels();
    let candidate = !rules.is_empty();
    let outcome = outcome(case, (left, right), waterfall.total(), &conflicts, candidate);
    PairAnswer {
        schema_version: 1,
        records: [case.name(left), case.name(right)],
        weight_bits: bits(waterfall.total()),
        cut_bits: bits(cut),
        decided_by: against.as_str(),
        decided_by_label: case.say(en, zh).to_owned(),
        population: match population.population {
            crate::score::Population::Persons => "persons",
            crate::score::Population::Organisations => "organisations",
        },
        prior: Weighed::of(|kind| kind.prior(&waterfall)),
        calibration_bits: bits(MatchWeight::from_bits(population.offset_bits)),
        comparisons: comparisons(case, (left, right), vector, &waterfall),
        is_household: waterfall.is_household,
        totals: Weighed::of(|kind| kind.total(&waterfall)),
        rest_bits: bits(against.rest(&waterfall)),
        blocking_rules: rules,
        conflicts,
        is_match,
        changes: changes(case, (left, right), vector, &outcome),
        outcome,
        is_model_new: case.is_model_new,
    }
}

/// The rules that make the pair a candidate.
fn rules_of(case: &Case, left: RecordIndex, right: RecordIndex) -> Vec<&'static str> {
    let batch = case.matching.blocks().candidates([left.0]);
    let at = batch.right.iter().position(|other| *other == right);
    let rules = at.map_or(0, |at| batch.rules[at]);
    let made = blocking_rules().iter().enumerate();
    made.filter(|(number, _)| rules & (1 << number) != 0)
        .map(|(_, rule)| rule.name)
        .collect()
}

fn comparisons(
    case: &Case,
    (left, right): (RecordIndex, RecordIndex),
    vector: ComparisonVector,
    waterfall: &Waterfall,
) -> Vec<ComparisonAnswer> {
    let terms = case.matching.comparisons().terms(&case.prepared.standard);
    let of = |(at, spec): (usize, &ComparisonSpec)| {
        let level = vector.level(at);
        let known = spec.levels.get(level.at());
        ComparisonAnswer {
            comparison: spec.name,
            label: case.label(spec.name),
            values: values(case, spec, left, right),
            level: known.map(|_| level.0),
            level_label: level_label(case, spec, level),
            weight_bits: Weighed::of(|kind| kind.comparisons(waterfall)[at]),
            frequency: known
                .and_then(|level| level.term)
                .and_then(|term| frequency(spec, &terms, (at, term), (left, right))),
            is_conflict: known.is_some_and(|level| level.claim.parts()),
        }
    };
    case.specs
        .iter()
        .enumerate()
        .filter(|(at, spec)| !is_of_other_kind(case, spec, vector.level(*at), vector))
        .map(of)
        .collect()
}

fn level_label(case: &Case, spec: &ComparisonSpec, level: AgreementLevel) -> String {
    let missing = case.say("no value to compare", "缺少可比较的值");
    let known = spec.levels.get(level.at());
    known
        .map_or(missing, |level| case.say(level.en, level.zh))
        .to_owned()
}

/// Is it the name comparison of organisations for two persons, or the other way round?
fn is_of_other_kind(
    case: &Case,
    spec: &ComparisonSpec,
    level: AgreementLevel,
    vector: ComparisonVector,
) -> bool {
    let of_names = |spec: &ComparisonSpec| spec.fields.contains(&"party");
    let mut others = case.specs.iter().enumerate();
    level == AgreementLevel::NULL
        && of_names(spec)
        && others.any(|(at, other)| of_names(other) && vector.level(at) != AgreementLevel::NULL)
}

/// The values that a comparison reads.
fn values(case: &Case, spec: &ComparisonSpec, left: RecordIndex, right: RecordIndex) -> Vec<FieldValues> {
    let columns = spec.fields.iter();
    let columns = columns.filter_map(|field| case.prepared.standard.column(field));
    columns
        .map(|column| {
            let both = [left, right];
            FieldValues {
                field: column.field.to_string(),
                values: both.map(|record| value_of(column, record)),
                standing: both.map(|record| column.status_of(record).as_str()),
                parts: both.map(|record| parts_of(column, record)),
            }
        })
        .collect()
}

/// Standard text; the raw text of a value that cannot be used.
fn value_of(column: &StandardColumn, record: RecordIndex) -> String {
    let text = column.text_of(record);
    shown(if text.is_empty() {
        column.raw_of(record)
    } else {
        &text
    })
}

fn parts_of(column: &StandardColumn, record: RecordIndex) -> Vec<String> {
    const INTERNAL: &[&str] = &["tokens"];
    // A value of one part, or of several items, says it all in its text.
    let &[item] = column.items_of(record) else {
        return Vec::new();
    };
    let parts = column.parts.iter().filter(|part| {
        part.codes[item as usize] != 0 && !part.name.ends_with("_sound") && !INTERNAL.contains(&part.name)
    });
    parts
        .map(|part| {
            format!(
                "{}={}",
                part.name,
                shown(part.values.get(part.codes[item as usize]))
            )
        })
        .collect()
}

/// Carriers of the rarest value on which the two agree.
fn frequency(
    spec: &ComparisonSpec,
    terms: &Terms,
    (comparison, term): (usize, usize),
    (left, right): (RecordIndex, RecordIndex),
) -> Option<Frequency> {
    let column = terms.columns[comparison].get(term)?;
    let of_right = column.of(right);
    let common = column.of(left).iter().filter(|code| of_right.contains(code));
    let carriers = common.map(|code| {
        let records = (0..column.records() as u32).filter(|at| column.of(RecordIndex(*at)).contains(code));
        if spec.counts_names {
            let names: BTreeSet<u32> = records.map(|at| terms.name_of[at as usize]).collect();
            names.len() as u64
        } else {
            records.count() as u64
        }
    });
    Some(Frequency {
        carriers: carriers.min()?,
        counted_by: if spec.counts_names { "names" } else { "records" },
    })
}

/// The pair with one level replaced: towards agreement when the two are apart, towards difference when they are one.
fn changes(
    case: &Case,
    (left, right): (RecordIndex, RecordIndex),
    vector: ComparisonVector,
    outcome: &Outcome,
) -> Vec<Change> {
    let is_match = outcome.is_one;
    let weight = |vector| case.weights.weight(left, right, vector);
    let before = weight(vector);
    let mut changes: Vec<(MatchWeight, Change)> = Vec::new();
    for (at, spec) in case.specs.iter().enumerate() {
        let level = vector.level(at);
        let best = AgreementLevel(spec.levels.len().saturating_sub(1) as u8);
        let target = if is_match { AgreementLevel(0) } else { best };
        let has_level = level != AgreementLevel::NULL;
        let is_idle = level == target || (is_match && !has_level);
        if is_idle || is_of_other_kind(case, spec, level, vector) {
            continue;
        }
        let changed = replaced(vector, at, target);
        let after = weight(changed);
        let lifts = case.matching.comparisons().claim(vector).parts()
            && !case.matching.comparisons().claim(changed).parts();
        if !lifts && (after > before) == is_match || after == before {
            continue;
        }
        let change = Change {
            comparison: spec.name,
            label: case.label(spec.name),
            from: level_label(case, spec, level),
            to: level_label(case, spec, target),
            adds_bits: bits(after - before),
            weight_bits: bits(after),
            is_match: !case.matching.comparisons().claim(changed).parts()
                && outcome.would_join(case, before, after),
        };
        changes.push((after, change));
    }
    changes.sort_by_key(|(after, _)| (if is_match { *after } else { -*after }, MatchWeight::ZERO));
    changes.into_iter().map(|(_, change)| change).collect()
}

fn replaced(vector: ComparisonVector, at: usize, level: AgreementLevel) -> ComparisonVector {
    (0..ComparisonVector::WIDTH_MAX).fold(ComparisonVector::default(), |new, position| {
        let kept = vector.level(position);
        new.with(position, if position == at { level } else { kept })
    })
}
