//! The language of files for people.

/// Language of labels and hints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English.
    English,
    /// Simplified Chinese.
    #[default]
    Chinese,
}

impl Language {
    /// The text in this language.
    pub fn choose<'a>(self, en: &'a str, zh: &'a str) -> &'a str {
        match self {
            Self::English => en,
            Self::Chinese => zh,
        }
    }
}
