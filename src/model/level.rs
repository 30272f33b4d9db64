//! Agreement levels and the comparison vector that packs them.

/// Step of agreement of one comparison.
///
/// Level 0 means that the values do not agree at all, higher levels agree better, and the comparator's highest level
/// is exact agreement. Some comparators keep level 0 for "differs" and have a level of their own for a conflict; each
/// comparator documents its levels. [`AgreementLevel::NULL`] (a value is missing on either side) is no step at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AgreementLevel(pub u8);

impl AgreementLevel {
    /// A value is missing, a placeholder or unusable on either side.
    pub const NULL: Self = Self(15);

    /// Number of levels a comparator may have at most, the null level left out.
    pub const COUNT_MAX: usize = 15;

    /// The level as a position in a table of 16 entries.
    pub fn at(self) -> usize {
        usize::from(self.0)
    }
}

/// The agreement levels of one pair, four bits a comparison, at most 16 comparisons.
///
/// The order of the bits is the order of the plan's comparisons; equal vectors mean equal evidence, apart from term
/// frequencies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ComparisonVector(pub u64);

impl ComparisonVector {
    /// Number of comparisons that fit.
    pub const WIDTH_MAX: usize = 16;

    /// The vector with `level` at `position`, which must still be empty.
    pub fn with(self, position: usize, level: AgreementLevel) -> Self {
        Self(self.0 | (u64::from(level.0) << (4 * position)))
    }

    /// Level of the comparison at `position`.
    pub fn level(self, position: usize) -> AgreementLevel {
        AgreementLevel(((self.0 >> (4 * position)) & 0xF) as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_come_back_from_their_positions() {
        let vector = ComparisonVector::default()
            .with(0, AgreementLevel(3))
            .with(1, AgreementLevel::NULL)
            .with(15, AgreementLevel(7));
        assert_eq!(vector.level(0), AgreementLevel(3));
        assert_eq!(vector.level(1), AgreementLevel::NULL);
        assert_eq!(vector.level(2), AgreementLevel(0));
        assert_eq!(vector.level(15), AgreementLevel(7));
    }
}
