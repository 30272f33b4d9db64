//! What a steward can decide, and how it stands tonight.
//!
//! In: nothing. Out: the types of a decision with the words that files use for them. What is stored is decided by `store`, what
//! holds tonight by `resolve`.

use crate::model::FieldName;
use crate::model::UnifiedId;
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// What is decided of the records that a decision names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Matter {
    /// They are one customer.
    Link,
    /// No record of side 0 is one customer with a record of side 1.
    Part,
    /// They are one customer, and the customer was right as it stood.
    Confirm,
    /// The customer of the record has this value.
    PinValue {
        /// Field of the schema.
        field: FieldName,
        /// The value as published.
        value: String,
    },
    /// The customer of the record keeps this unified ID.
    PinId {
        /// The ID.
        id: UnifiedId,
    },
}

impl Matter {
    /// The word in tables and in the store: `link`, `part`, `confirm`, `pin_value`, `pin_id`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Part => "part",
            Self::Confirm => "confirm",
            Self::PinValue { .. } => "pin_value",
            Self::PinId { .. } => "pin_id",
        }
    }

    /// The pinned field.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::PinValue { field, .. } => Some(field.as_str()),
            _ => None,
        }
    }

    /// The pinned value or unified ID.
    pub fn value(&self) -> Option<String> {
        match self {
            Self::PinValue { value, .. } => Some(value.clone()),
            Self::PinId { id } => Some(id.to_string()),
            _ => None,
        }
    }

    /// The matter of a word, a field and a value; `None` when they do not fit together.
    pub fn from_parts(word: &str, field: Option<&str>, value: Option<&str>) -> Option<Self> {
        match (word, field, value) {
            ("link", None, None) => Some(Self::Link),
            ("part", None, None) => Some(Self::Part),
            ("confirm", None, None) => Some(Self::Confirm),
            ("pin_value", Some(field), Some(value)) => Some(Self::PinValue {
                field: FieldName::from(field),
                value: value.to_owned(),
            }),
            ("pin_id", None, Some(id)) => Some(Self::PinId { id: id.parse().ok()? }),
            _ => None,
        }
    }
}

/// One record of a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecidedRecord {
    /// Name of the source.
    pub source: String,
    /// Key in the source when the decision was made.
    pub key: String,
    /// Fingerprint of what the steward saw of it; see [`crate::steward::seen`].
    pub seen: u64,
    /// 0, or 1 for the other side of a [`Matter::Part`].
    pub side: u8,
}

/// How long a decision holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Expiry {
    /// Until it is undone.
    #[default]
    ForEver,
    /// Until one of its records no longer has the values that the steward saw.
    UntilSourceChanges,
    /// Up to and with this day.
    Until(jiff::civil::Date),
}

/// A text that says no expiry.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("no expiry; write `for_ever`, `until_source_changes` or a day such as `2027-06-30`")]
pub struct UnknownExpiry;

impl fmt::Display for Expiry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ForEver => f.write_str("for_ever"),
            Self::UntilSourceChanges => f.write_str("until_source_changes"),
            Self::Until(day) => write!(f, "{day}"),
        }
    }
}

impl FromStr for Expiry {
    type Err = UnknownExpiry;

    fn from_str(text: &str) -> Result<Self, UnknownExpiry> {
        match text {
            "for_ever" => Ok(Self::ForEver),
            "until_source_changes" => Ok(Self::UntilSourceChanges),
            // Only the long form: a day is compared and shown as it was written.
            day if day.len() == 10 => day.parse().map(Self::Until).map_err(|_| UnknownExpiry),
            _ => Err(UnknownExpiry),
        }
    }
}

impl Expiry {
    /// Is `run_date`, `YYYY-MM-DD`, behind the last day?
    pub fn is_over(self, run_date: &str) -> bool {
        match self {
            Self::Until(day) => day.to_string().as_str() < run_date,
            Self::ForEver | Self::UntilSourceChanges => false,
        }
    }
}

/// Who said something, why and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The steward.
    pub author: String,
    /// Why.
    pub reason: String,
    /// When, UTC, RFC 3339.
    pub made_at: String,
}

/// A decision that is about to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDecision {
    /// What is decided.
    pub matter: Matter,
    /// Of which records: two or more for joining and parting, one for a pin.
    pub records: Vec<DecidedRecord>,
    /// How long.
    pub expiry: Expiry,
    /// Who, why and when.
    pub word: Word,
}

/// A decision that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Its number, from 1, in the order of time.
    pub id: i64,
    /// What is decided.
    pub matter: Matter,
    /// Of which records, in the order in which they were given.
    pub records: Vec<DecidedRecord>,
    /// How long.
    pub expiry: Expiry,
    /// Who, why and when.
    pub word: Word,
    /// Who took it back, if anybody did.
    pub undone: Option<Word>,
}

/// How a decision stands tonight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DecisionState {
    /// It holds.
    InForce,
    /// Its time is over; it no longer holds.
    Expired,
    /// It holds, but its records no longer have the values that the steward saw: it is asked again.
    Stale,
    /// A record of it is missing tonight; what is left of it holds.
    Unresolved,
    /// Something stronger stands against it; both are reported.
    Contradicted,
}

impl DecisionState {
    /// The word in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InForce => "in_force",
            Self::Expired => "expired",
            Self::Stale => "stale",
            Self::Unresolved => "unresolved",
            Self::Contradicted => "contradicted",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_matter_and_expiry_comes_back_from_its_words() {
        let id = UnifiedId::from_number(7);
        let value = || Matter::PinValue {
            field: FieldName::from("customer_name"),
            value: "北京启明星辰软件有限公司".to_owned(),
        };
        for matter in [
            Matter::Link,
            Matter::Part,
            Matter::Confirm,
            value(),
            Matter::PinId { id },
        ] {
            let back = Matter::from_parts(matter.as_str(), matter.field(), matter.value().as_deref());
            assert_eq!(back, Some(matter));
        }
        assert_eq!(Matter::from_parts("link", Some("uscc"), None), None);
        assert_eq!(Matter::from_parts("pin_id", None, Some("GY1")), None);
        for text in ["for_ever", "until_source_changes", "2028-02-29"] {
            assert_eq!(
                text.parse::<Expiry>().map(|expiry| expiry.to_string()),
                Ok(text.to_owned())
            );
        }
        for text in ["", "2027-02-29", "20270228", "tomorrow", "2027-2-3"] {
            assert_eq!(text.parse::<Expiry>(), Err(UnknownExpiry), "{text}");
        }
    }

    #[test]
    fn the_last_day_still_counts() {
        let until: Expiry = "2026-11-30".parse().expect("a day");
        assert!(!until.is_over("2026-11-30") && until.is_over("2026-12-01"));
        assert!(!Expiry::ForEver.is_over("9999-12-31"));
    }
}
