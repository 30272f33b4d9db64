//! Who is 负责人: the contact, our own account manager, or the legal representative?
//!
//! In: the column and the columns around it. Out: a verdict by the values, or none. Account managers are few and come
//! back in many rows; a legal representative says what the 法人 column says; contacts are names that vary. Where the
//! values do not tell, the steward is asked: a wrong guess would put our own staff into the customers' golden records.

use crate::ingest::ColumnProfile;
use crate::plan::propose::content::Content;
use crate::plan::propose::content::Kind;
use std::collections::BTreeSet;

/// Filled cells below which repetition tells nothing.
const FILLED_MIN: u64 = 20;

/// Verdict on one column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Responsible {
    /// The customer's contact.
    Contact,
    /// Our own account manager.
    Owner,
    /// The customer's legal representative.
    LegalRepresentative,
    /// The values do not tell.
    Undecided,
}

/// Judges `column`; `legal` is the column of legal representatives, `has_contact` tells whether another column holds
/// the contacts.
pub(super) fn judge(column: &ColumnProfile, legal: Option<&ColumnProfile>, has_contact: bool) -> Responsible {
    if column.filled < FILLED_MIN {
        return Responsible::Undecided;
    }
    if legal.is_some_and(|legal| overlap(column, legal) >= 0.5) {
        return Responsible::LegalRepresentative;
    }
    let repeat = column.distinct as f64 / column.filled as f64;
    let is_names = Content::of(column).share(Kind::Person) >= 0.6;
    if repeat < 0.1 {
        Responsible::Owner
    } else if is_names && repeat >= 0.3 && !has_contact {
        Responsible::Contact
    } else {
        Responsible::Undecided
    }
}

/// Share of the column's sampled values that the other column holds too.
fn overlap(column: &ColumnProfile, other: &ColumnProfile) -> f64 {
    let values: BTreeSet<&str> = column.samples.iter().map(|cell| cell.trim()).collect();
    let others: BTreeSet<&str> = other.samples.iter().map(|cell| cell.trim()).collect();
    if values.is_empty() {
        0.0
    } else {
        values.intersection(&others).count() as f64 / values.len() as f64
    }
}
