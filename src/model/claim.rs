//! What a pair says beyond its weight about being one customer.

/// What the levels of a pair claim, whatever they weigh.
///
/// The claim of a pair is the strongest of its levels, and that of two groups of records the strongest of the pairs between them: so a
/// company that some records call by its old name and others by its new one is not parted where an identifier, or a record of
/// either name, ties the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub enum Claim {
    /// The weight decides.
    #[default]
    Nothing,
    /// Two registered names, so two customers unless something ties them.
    OtherName,
    /// One identifier or one registered name.
    Tie,
    /// Never one customer.
    Conflict,
}

impl Claim {
    /// Does it keep two groups of records apart?
    pub fn parts(self) -> bool {
        matches!(self, Self::OtherName | Self::Conflict)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tie_lifts_another_name_and_no_conflict() {
        let of = |claims: &[Claim]| claims.iter().copied().max().unwrap_or_default();
        assert!(of(&[Claim::Nothing, Claim::OtherName]).parts());
        assert!(!of(&[Claim::OtherName, Claim::Tie]).parts());
        assert!(of(&[Claim::Tie, Claim::Conflict, Claim::OtherName]).parts());
        assert!(!of(&[]).parts());
    }
}
