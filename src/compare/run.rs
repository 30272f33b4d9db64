//! The pairs of one left record, compared together.
//!
//! First a glance: for every comparison, integer compares of the two rows leave one level or a few. Then only what is open
//! is judged by its texts, and when the pair has a weight to reach, only as long as it still can: an upper bound of the
//! weight is kept, which takes of every comparison the best of the levels that are left.

use crate::compare::Comparison;
use crate::compare::Comparisons;
use crate::compare::LevelSet;
use crate::compare::Side;
use crate::model::AgreementLevel;
use crate::model::ComparisonVector;
use crate::model::MatchWeight;
use crate::model::RecordIndex;

/// Most pairs of a run; their rows stay in the first cache.
pub(super) const RUN_PAIRS_MAX: usize = 64;

/// The most that each level of each comparison can weigh.
pub type UpperWeights = [[MatchWeight; 16]; ComparisonVector::WIDTH_MAX];

/// What a pair's weight can be at most, for [`compare_above`](super::compare_above).
///
/// A pair's weight must never be above `constant` plus, for every comparison, the upper weight of its level.
pub struct Bounds<'a> {
    /// Weight that pairs must be able to reach.
    pub floor: MatchWeight,
    /// Weight of all pairs, such as the prior.
    pub constant: MatchWeight,
    /// Upper weights for the pairs of any record.
    pub upper: UpperWeights,
    /// Fills in upper weights for the pairs of one left record, none of them above those of any record; asked only where
    /// several of its pairs may reach the floor.
    pub upper_of: &'a (dyn Fn(RecordIndex, &mut UpperWeights) + Sync),
}

/// Pairs of a left record from which on its own upper weights save more than they cost: they take as long as judging a few
/// texts.
pub(super) const REFINED_MIN: usize = 4;

/// Room for the pairs of a left record, used again for the next.
pub(super) struct Run<'a> {
    comparisons: &'a Comparisons<'a>,
    /// Rows of the right records.
    rights: Vec<u32>,
    /// Per comparison and pair, the levels that are left.
    sets: Vec<[LevelSet; RUN_PAIRS_MAX]>,
}

impl<'a> Run<'a> {
    pub(super) fn new(comparisons: &'a Comparisons<'a>) -> Self {
        Self {
            comparisons,
            rights: Vec::new(),
            sets: vec![[LevelSet::NULL; RUN_PAIRS_MAX]; comparisons.list().len()],
        }
    }

    /// Glances at `left` against every one of `rights`.
    pub(super) fn glance(&mut self, left: RecordIndex, rights: &[RecordIndex]) {
        let rows = self.comparisons.rows();
        let stride = rows.stride();
        self.rights.clear();
        for &right in rights {
            self.rights.extend_from_slice(rows.of(right));
        }
        let left = rows.of(left);
        for (comparison, sets) in self.comparisons.list().iter().zip(&mut self.sets) {
            let words = comparison.words();
            if !words.is_empty() {
                let sets = &mut sets[..rights.len()];
                comparison.prepared().glance_all(
                    &left[words.clone()],
                    &self.rights[words.start..],
                    stride,
                    sets,
                );
            }
        }
    }

    /// The vector of pair `at`, whatever it weighs.
    pub(super) fn vector(&self, left: RecordIndex, right: RecordIndex, at: usize) -> ComparisonVector {
        let mut vector = ComparisonVector::default();
        for (position, sets) in self.sets.iter().enumerate() {
            let level = sets[at]
                .single()
                .unwrap_or_else(|| self.comparisons.judge(position, left, right));
            vector = vector.with(position, level);
        }
        vector
    }

    /// For every pair, the most that it can weigh after the glance.
    pub(super) fn bounds(&self, constant: MatchWeight, upper: &UpperWeights, bounds: &mut [i64]) {
        bounds.fill(i64::from(constant.0));
        for (sets, upper) in self.sets.iter().zip(upper) {
            for (bound, set) in bounds.iter_mut().zip(sets) {
                *bound += most(*set, upper);
            }
        }
    }

    /// The vector of pair `at`, which weighs at most `bound`, unless it turns out to stay below `floor`.
    pub(super) fn vector_above(
        &self,
        (left, right, at): (RecordIndex, RecordIndex, usize),
        mut bound: i64,
        floor: MatchWeight,
        upper: &UpperWeights,
    ) -> Option<ComparisonVector> {
        let mut vector = ComparisonVector::default();
        for (position, sets) in self.sets.iter().enumerate() {
            let level = match sets[at].single() {
                Some(level) => level,
                None => {
                    let level = self.comparisons.judge(position, left, right);
                    bound += i64::from(upper[position][level.at()].0) - most(sets[at], &upper[position]);
                    if bound < i64::from(floor.0) {
                        return None;
                    }
                    level
                }
            };
            vector = vector.with(position, level);
        }
        Some(vector)
    }
}

/// The most that a level of the set can weigh.
#[inline]
fn most(set: LevelSet, upper: &[MatchWeight; 16]) -> i64 {
    let most = match set.single() {
        Some(level) => upper[level.at()],
        None => set
            .iter()
            .map(|level| upper[level.at()])
            .max()
            .unwrap_or(MatchWeight::ZERO),
    };
    i64::from(most.0)
}

impl Comparisons<'_> {
    /// The level that the texts of a pair tell, where a glance leaves it open.
    fn judge(&self, position: usize, left: RecordIndex, right: RecordIndex) -> AgreementLevel {
        let comparison = &self.list()[position];
        let side = |record| Side {
            record,
            words: &self.rows().of(record)[comparison.words()],
        };
        comparison.prepared().judge(side(left), side(right))
    }

    /// The levels that the codes of a pair leave to one comparison.
    pub(super) fn glance(&self, comparison: &Comparison, left: RecordIndex, right: RecordIndex) -> LevelSet {
        let words = comparison.words();
        if words.is_empty() {
            return LevelSet::NULL;
        }
        let (left, right) = (self.rows().of(left), self.rows().of(right));
        comparison.prepared().glance(&left[words.clone()], &right[words])
    }

    /// Level of one comparison in one pair.
    pub fn level(&self, position: usize, left: RecordIndex, right: RecordIndex) -> AgreementLevel {
        self.glance(&self.list()[position], left, right)
            .single()
            .unwrap_or_else(|| self.judge(position, left, right))
    }

    /// Agreement levels of one pair.
    pub fn vector(&self, left: RecordIndex, right: RecordIndex) -> ComparisonVector {
        (0..self.list().len()).fold(ComparisonVector::default(), |vector, position| {
            vector.with(position, self.level(position, left, right))
        })
    }
}
