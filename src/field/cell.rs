//! What field types share: building a [`StandardValue`], folding a cell, common refusals.
//!
//! In: raw text and findings. Out: the cell's standing, the lowest of its usable items; items once each; issues once
//! each. Texts above [`TEXT_CHARS_MAX`] are never parsed, so that no parser needs to be fast on them.

use super::COMPONENT_SEPARATOR;
use super::Finding;
use super::StandardItem;
use super::StandardValue;
use crate::model::IssueCode;
use crate::model::ValueStatus;
use crate::reference::placeholders;
use crate::text::fold::fold;
use std::borrow::Cow;

/// Longest folded text, in characters, that is parsed.
pub(super) const TEXT_CHARS_MAX: usize = 512;

/// Builds the standard value of one cell.
pub(super) struct Cell {
    status: ValueStatus,
    floor: ValueStatus,
    items: Vec<StandardItem>,
    findings: Vec<Finding>,
}

impl Cell {
    /// A cell without items; damaged text makes everything in it suspicious.
    pub(super) fn new(raw: &str) -> Self {
        let mut cell = Self {
            status: ValueStatus::Valid,
            floor: ValueStatus::Missing,
            items: Vec::new(),
            findings: Vec::new(),
        };
        if raw.contains('\u{FFFD}') {
            cell.status = ValueStatus::Suspicious;
            cell.issue("replacement_character");
        }
        cell
    }

    /// Adds a usable item; an empty or repeated value is left out.
    pub(super) fn item(&mut self, status: ValueStatus, value: String, parts: Vec<String>) {
        if value.is_empty() || self.items.iter().any(|item| item.value == value) {
            return;
        }
        self.status = self.status.min(status);
        self.items.push(StandardItem { value, parts });
    }

    /// Notes a finding of the catalogue whose code says all.
    pub(super) fn issue(&mut self, name: &str) {
        self.finding(name, "");
    }

    /// Notes a finding with what shows it; the first evidence of a code stays.
    pub(super) fn finding(&mut self, name: &str, evidence: impl Into<Cow<'static, str>>) {
        let code = IssueCode::named(name);
        if self.findings.iter().all(|finding| finding.code != code) {
            let evidence = evidence.into();
            self.findings.push(Finding { code, evidence });
        }
    }

    /// A stop-gap was found; it decides the standing when no item is usable.
    pub(super) fn placeholder(&mut self) {
        self.floor = self.floor.max(ValueStatus::Placeholder);
        self.issue("placeholder");
    }

    /// Something that is not of the field's form was found.
    pub(super) fn invalid(&mut self, issue: &str) {
        self.floor = ValueStatus::Invalid;
        self.issue(issue);
    }

    /// Is nothing usable yet?
    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The standard value; without items the standing is what was found, missing when nothing was.
    pub(super) fn finish(self) -> StandardValue {
        let status = if self.items.is_empty() {
            self.floor
        } else {
            self.status
        };
        StandardValue {
            status,
            items: self.items,
            findings: self.findings,
        }
    }
}

/// A cell that holds a stop-gap.
pub(super) fn placeholder() -> StandardValue {
    refused(ValueStatus::Placeholder, "placeholder")
}

/// A cell that is not of the field's form.
pub(super) fn invalid(issue: &str) -> StandardValue {
    refused(ValueStatus::Invalid, issue)
}

/// A cell with one item.
pub(super) fn single(raw: &str, status: ValueStatus, value: String, parts: Vec<String>) -> StandardValue {
    let mut cell = Cell::new(raw);
    cell.item(status, value, parts);
    cell.finish()
}

/// A cell without value.
pub(super) fn missing() -> StandardValue {
    StandardValue::default()
}

fn refused(status: ValueStatus, issue: &str) -> StandardValue {
    StandardValue {
        status,
        items: Vec::new(),
        findings: vec![Finding {
            code: IssueCode::named(issue),
            evidence: Cow::Borrowed(""),
        }],
    }
}

/// Reads `raw`, and the standard text again until it stays as it is, so that standard text stands by itself.
///
/// A value that is the cell's own folded text was just read and stays. Others are read once more; odd ones (two labels, a
/// note inside a note) lose a layer each round, and the findings of all rounds count. Components of a derived field are
/// read once: their joined text is not published.
pub(super) fn settled(raw: &str, read: impl Fn(&str) -> StandardValue) -> StandardValue {
    const ROUNDS_MAX: usize = 16;
    let mut value = read(raw);
    if raw.contains(COMPONENT_SEPARATOR) {
        return value;
    }
    for round in 0..ROUNDS_MAX {
        let [item] = value.items.as_slice() else { break };
        if round == 0 && item.value == fold(raw) {
            break;
        }
        let mut next = read(&item.value);
        if matches!(next.items.as_slice(), [same] if same.value == item.value) {
            break;
        }
        next.status = next.status.min(value.status);
        for finding in value.findings {
            if next.findings.iter().all(|known| known.code != finding.code) {
                next.findings.push(finding);
            }
        }
        value = next;
    }
    value
}

/// The folded text of a cell, or the answer when it is empty or a stop-gap.
pub(super) fn folded(raw: &str) -> Result<String, StandardValue> {
    let text = fold(raw).into_owned();
    if text.is_empty() {
        return Err(missing());
    }
    if placeholders::is_placeholder(&text.to_lowercase()) {
        return Err(placeholder());
    }
    Ok(text)
}

/// As [`folded`]; texts too long to be parsed are not of the field's form.
pub(super) fn folded_short(raw: &str) -> Result<String, StandardValue> {
    let text = folded(raw)?;
    if text.chars().count() > TEXT_CHARS_MAX {
        return Err(invalid("malformed"));
    }
    Ok(text)
}

/// Upper-case ASCII letters and digits of a code, other characters dropped; `None` when letters of another script occur.
pub(super) fn code_characters(text: &str) -> Option<String> {
    if text.chars().any(|c| !c.is_ascii() && c.is_alphanumeric()) {
        return None;
    }
    let code: String = text
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .collect();
    Some(code)
}

/// Is the text a number in scientific notation, the mark of a code that a spreadsheet rounded?
pub(super) fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else {
        return false;
    };
    let Some(exponent) = exponent.strip_prefix('+') else {
        return false;
    };
    let is_number =
        |t: &str| t.bytes().any(|b| b.is_ascii_digit()) && t.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    is_number(mantissa) && !exponent.contains('.') && is_number(exponent)
}

/// Is the code one of the known fakes, or one character throughout?
pub(super) fn is_placeholder_code(code: &str) -> bool {
    placeholders::CODES.contains(&code) || placeholders::is_repeated(code, 2)
}

/// Splits at any of `separators` and drops blanks around and empty pieces.
pub(super) fn pieces<'a>(text: &'a str, separators: &'a [char]) -> impl Iterator<Item = &'a str> {
    text.split(separators)
        .map(str::trim)
        .filter(|piece| !piece.is_empty())
}

/// Texts as the parts of an item.
pub(super) fn parts<const N: usize>(texts: [&str; N]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}
