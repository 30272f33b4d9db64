//! Compare: one agreement level per comparison for every candidate pair.
//!
//! In: standard records and a batch of candidate pairs. Out: one [`ComparisonVector`] a pair. A comparison is one
//! comparator on one field (or on fields that say the same thing, such as the codes of an organisation). Values are read
//! through the parts that `standardise` made; nothing is parsed here. What a level is worth is decided by `score`.
//!
//! Every record has one row of codes; a pair is judged by its two rows, and by texts only where the codes leave it open.
//! [`compare`] gives the vector of every pair, [`compare_above`] only of pairs that can reach a floor: never an approximation,
//! since what the caller says of the weights bounds them from above.
//!
//! Adding a comparator is one file, which also says what it is used for, and one line of the registry below.

#[cfg(test)]
mod conformance;
mod hint;
mod levels;
mod plan;
mod rows;
mod run;
mod similarity;
mod texts;
mod view;

pub use levels::LevelSet;
pub use plan::Comparison;
pub use plan::Comparisons;
pub use rows::Side;
pub use run::Bounds;
pub use run::UpperWeights;

use crate::compare::run::REFINED_MIN;
use crate::compare::run::RUN_PAIRS_MAX;
use crate::compare::run::Run;
use crate::model::AgreementLevel;
use crate::model::ComparisonVector;
use crate::model::LevelSpec;
use crate::model::RecordIndex;
use crate::table::CandidatePairs;
use crate::table::StandardColumn;
use std::ops::Range;

/// One comparison that a comparator makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Use {
    /// Name of the comparison in reports and in the model.
    pub name: &'static str,
    /// Fields it judges, all saying the same thing.
    pub fields: &'static [&'static str],
    /// Fields that it reads beside them to know what agreement can mean; not judged, and there or not.
    pub context: &'static [&'static str],
    /// Least bits that an agreeing value is worth, however small the file.
    pub rarity_bits_min: i32,
}

impl Use {
    /// A comparison whose values are as rare as the file shows.
    pub const fn of(name: &'static str, fields: &'static [&'static str]) -> Self {
        Self {
            name,
            fields,
            context: &[],
            rarity_bits_min: 0,
        }
    }

    /// The same, reading `context` beside its fields.
    pub const fn beside(mut self, context: &'static [&'static str]) -> Self {
        self.context = context;
        self
    }

    /// A comparison of codes that an authority gives to one holder only: such a code is as rare in a file of ten records as
    /// in one of ten million. The least is one in a million.
    pub const fn of_issued_code(name: &'static str, fields: &'static [&'static str]) -> Self {
        Self {
            name,
            fields,
            context: &[],
            rarity_bits_min: 20,
        }
    }
}

/// Judges one pair of values. Symmetric; equal values give the highest level; a missing value gives
/// [`AgreementLevel::NULL`].
pub trait Comparator: Sync {
    /// Name in job files and tables.
    fn name(&self) -> &'static str;

    /// The comparisons it makes in a job whose fields are there.
    fn uses(&self) -> &'static [Use];

    /// Its levels, from 0 up; at most [`AgreementLevel::COUNT_MAX`].
    fn levels(&self) -> &'static [LevelSpec];

    /// Are terms counted by the different customer names that carry them instead of by records? So for phones and
    /// addresses, which agents and landlords share.
    fn counts_names(&self) -> bool {
        false
    }

    /// Is the value the customer's own (a birth date, an identifier), so that relatives and companies of one group agree in
    /// it no more than strangers do?
    fn is_own(&self) -> bool {
        false
    }

    /// Binds the comparator to the columns of a use that are there, those of its context last; `None` when a part it
    /// needs is not there.
    fn prepare<'a>(&self, columns: &[&'a StandardColumn]) -> Option<Box<dyn PreparedComparison + 'a>>;
}

/// A comparator bound to its columns.
///
/// What it reads of a record it first writes into the record's row: codes, digits, flags. A pair is then judged in two
/// steps: a [glance](Self::glance) at the two rows by integer compares, and only where that leaves several levels, a
/// [judgement](Self::judge) by the texts.
pub trait PreparedComparison: Send + Sync {
    /// Words that it writes for every record; 0 when no pair of this file can have a level.
    fn width(&self) -> usize;

    /// Writes the words of a record into `row`, which has [`width`](Self::width) words, all zero.
    fn write(&self, record: RecordIndex, row: &mut [u32]);

    /// The levels that a pair may have by its words; reads no texts.
    fn glance(&self, left: &[u32], right: &[u32]) -> LevelSet;

    /// Level of a pair that a glance leaves open.
    fn judge(&self, left: Side, right: Side) -> AgreementLevel;

    /// Glances at one record against many, whose words begin `stride` words apart.
    fn glance_all(&self, left: &[u32], rights: &[u32], stride: usize, sets: &mut [LevelSet]) {
        for (set, right) in sets.iter_mut().zip(rights.chunks(stride)) {
            *set = self.glance(left, right);
        }
    }

    /// Number of codes of `term`, code 0 (missing) included; 0 when the comparator has no such term.
    fn term_codes(&self, term: usize) -> usize;

    /// The codes of `term` that a record holds; appended to `out`, without 0.
    fn terms(&self, term: usize, record: RecordIndex, out: &mut Vec<u32>);
}

/// Declares every comparator's file and lists them: the file, then its type.
macro_rules! comparators {
    ($($file:ident::$comparator:ident,)*) => {
        $(mod $file;)*
        const COMPARATORS: &[&dyn Comparator] = &[$(&$file::$comparator),*];
    };
}

// In the order of the comparison vector and of the documentation.
comparators! {
    organisation_name::OrganisationName,
    person_name::PersonName,
    organisation_key::OrganisationKey,
    identifier::Identifier,
    date::Date,
    phone::Phone,
    email::Email,
    address::Address,
    contact_name::ContactName,
    text::Text,
    exact::Exact,
}

/// Every comparator.
pub fn comparators() -> &'static [&'static dyn Comparator] {
    COMPARATORS
}

/// The comparator of this name.
pub fn comparator(name: &str) -> Option<&'static dyn Comparator> {
    comparators()
        .iter()
        .copied()
        .find(|comparator| comparator.name() == name)
}

/// Compares one batch of candidate pairs; the result has one vector a pair, in the order of the batch.
///
/// The result depends on each pair alone, so any split into batches gives the same vectors.
pub fn compare(comparisons: &Comparisons, batch: &CandidatePairs) -> Vec<ComparisonVector> {
    let mut vectors = Vec::with_capacity(batch.len());
    let mut run = Run::new(comparisons);
    for pairs in runs(batch) {
        let (left, rights) = (batch.left[pairs.start], &batch.right[pairs]);
        run.glance(left, rights);
        vectors.extend(
            rights
                .iter()
                .enumerate()
                .map(|(at, &right)| run.vector(left, right, at)),
        );
    }
    vectors
}

/// The pairs of a batch that may reach the floor of `bounds`, with their vectors, in the order of the batch.
///
/// Every pair that weighs as much as the floor is among them; most others are not. A pair is left as soon as what its open
/// comparisons can add cannot lift it to the floor.
pub fn compare_above(
    comparisons: &Comparisons,
    batch: &CandidatePairs,
    bounds: &Bounds,
) -> (CandidatePairs, Vec<ComparisonVector>) {
    let (mut kept, mut vectors) = (CandidatePairs::default(), Vec::new());
    let mut run = Run::new(comparisons);
    let mut own = UpperWeights::default();
    let mut most = [0; RUN_PAIRS_MAX];
    let floor = i64::from(bounds.floor.0);
    for pairs in runs(batch) {
        let (first, left, rights) = (pairs.start, batch.left[pairs.start], &batch.right[pairs]);
        run.glance(left, rights);
        let most = &mut most[..rights.len()];
        let mut upper = &bounds.upper;
        run.bounds(bounds.constant, upper, most);
        if most.iter().filter(|most| **most >= floor).count() >= REFINED_MIN {
            (bounds.upper_of)(left, &mut own);
            upper = &own;
            run.bounds(bounds.constant, upper, most);
        }
        for (at, (&right, &most)) in rights.iter().zip(most.iter()).enumerate() {
            if most < floor {
                continue;
            }
            if let Some(vector) = run.vector_above((left, right, at), most, bounds.floor, upper) {
                kept.push(left, right, batch.rules[first + at]);
                vectors.push(vector);
            }
        }
    }
    (kept, vectors)
}

/// Stretches of a batch with one left record each, of at most [`RUN_PAIRS_MAX`] pairs.
fn runs(batch: &CandidatePairs) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut end = 0;
    std::iter::from_fn(move || {
        let start = end;
        let left = batch.left.get(start)?;
        let same = batch.left[start..].iter().take(RUN_PAIRS_MAX);
        end += same.take_while(|of| *of == left).count();
        Some(start..end)
    })
}
