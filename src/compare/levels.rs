//! The levels that a pair may still have once its codes are seen.

use crate::model::AgreementLevel;

/// A set of agreement levels, one bit each; the missing value is one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LevelSet(u16);

impl LevelSet {
    /// The value is missing on either side.
    pub const NULL: Self = Self::only(AgreementLevel::NULL.0);

    /// One level and no other: the pair is judged.
    #[inline]
    pub const fn only(level: u8) -> Self {
        Self(1 << level)
    }

    /// Any of these levels.
    #[inline]
    pub const fn of(levels: &[u8]) -> Self {
        let (mut set, mut at) = (0, 0);
        while at < levels.len() {
            set |= 1 << levels[at];
            at += 1;
        }
        Self(set)
    }

    /// Levels of either set.
    #[inline]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The only level of the set, when there is one.
    #[inline]
    pub fn single(self) -> Option<AgreementLevel> {
        (self.0 & self.0.wrapping_sub(1) == 0).then(|| self.lowest())
    }

    /// Is the level in the set?
    pub fn contains(self, level: AgreementLevel) -> bool {
        self.0 >> level.0 & 1 == 1
    }

    /// The levels, from the lowest up.
    #[inline]
    pub fn iter(self) -> impl Iterator<Item = AgreementLevel> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let level = AgreementLevel(rest.trailing_zeros() as u8);
            let has_level = rest != 0;
            rest &= rest.wrapping_sub(1);
            has_level.then_some(level)
        })
    }

    #[inline]
    fn lowest(self) -> AgreementLevel {
        // An empty set is never made; it would read as 16, beyond every table.
        AgreementLevel(self.0.trailing_zeros().min(15) as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_of_one_level_is_a_judgement() {
        assert_eq!(LevelSet::only(3).single(), Some(AgreementLevel(3)));
        assert_eq!(LevelSet::NULL.single(), Some(AgreementLevel::NULL));
        let open = LevelSet::of(&[0, 4]).or(LevelSet::NULL);
        assert_eq!(open.single(), None);
        let levels: Vec<u8> = open.iter().map(|level| level.0).collect();
        assert_eq!(levels, [0, 4, 15]);
        assert!(open.contains(AgreementLevel(4)) && !open.contains(AgreementLevel(3)));
    }
}
