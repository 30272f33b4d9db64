//! Compare: one agreement level per comparison for every candidate pair.
//!
//! In: standard records and a batch of candidate pairs. Out: one [`ComparisonVector`] a pair. A comparison is one
//! comparator on one field (or on fields that say the same thing, such as the codes of an organisation). Values are read
//! through the parts that `standardise` made; nothing is parsed here. What a level is worth is decided by `score`.
//!
//! Adding a comparator is one file, which also says what it is used for, and one line of the registry below.

#[cfg(test)]
mod conformance;
mod plan;
mod similarity;
mod view;

pub use plan::Comparison;
pub use plan::Comparisons;

use crate::model::AgreementLevel;
use crate::model::ComparisonVector;
use crate::model::LevelSpec;
use crate::model::RecordIndex;
use crate::table::CandidatePairs;
use crate::table::StandardColumn;

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
pub trait PreparedComparison: Sync {
    /// Level of a pair.
    fn level(&self, left: RecordIndex, right: RecordIndex) -> AgreementLevel;

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
    let mut vectors = vec![ComparisonVector::default(); batch.len()];
    // Comparison after comparison, not pair after pair: the values of one field stay in the cache.
    for (position, comparison) in comparisons.list().iter().enumerate() {
        let pairs = batch.left.iter().zip(&batch.right);
        for (vector, (&left, &right)) in vectors.iter_mut().zip(pairs) {
            *vector = vector.with(position, comparison.prepared().level(left, right));
        }
    }
    vectors
}
