//! What standardising found out about a value.

/// Standing of one value after standardising.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[repr(u8)]
pub enum ValueStatus {
    /// Nothing was given.
    #[default]
    Missing,
    /// A stop-gap such as `无`, `n/a` or `13800138000`; counts as missing in matching.
    Placeholder,
    /// Not of the form of its field; kept as text, never used in matching.
    Invalid,
    /// Of the right form but unlikely; used with care.
    Suspicious,
    /// Valid after a safe, logged repair.
    Repaired,
    /// Valid as it stands.
    Valid,
}

impl ValueStatus {
    /// The word in tables: `missing`, `placeholder`, `invalid`, `suspicious`, `repaired`, `valid`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Placeholder => "placeholder",
            Self::Invalid => "invalid",
            Self::Suspicious => "suspicious",
            Self::Repaired => "repaired",
            Self::Valid => "valid",
        }
    }

    /// May the value make a golden record or count in matching?
    pub fn is_usable(self) -> bool {
        self >= Self::Suspicious
    }
}
