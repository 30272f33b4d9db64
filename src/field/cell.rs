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
use crate::text::mojibake;
use crate::text::mojibake::Damage;
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
    /// A cell without items. Damaged text makes everything in it suspicious; a wrong encoding undone is a repair.
    pub(super) fn new(raw: &str) -> Self {
        let mut cell = Self {
            status: ValueStatus::Valid,
            floor: ValueStatus::Missing,
            items: Vec::new(),
            findings: Vec::new(),
        };
        match mojibake::damage(raw) {
            None => {}
            Some(Damage::Undone { how, .. }) => {
                cell.status = ValueStatus::Repaired;
                cell.finding("mojibake", how);
            }
            Some(Damage::Signed) => cell.doubt("mojibake", ""),
            Some(Damage::Lost) => cell.doubt("replacement_character", ""),
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

    /// Notes a repair with what was done, such as `O → 0`; the items of the cell are repaired ones.
    pub(super) fn repaired(&mut self, evidence: impl Into<Cow<'static, str>>) {
        self.status = self.status.min(ValueStatus::Repaired);
        self.finding("repaired", evidence);
    }

    /// Notes a finding that makes the items of the cell suspicious.
    pub(super) fn doubt(&mut self, name: &str, evidence: impl Into<Cow<'static, str>>) {
        self.status = self.status.min(ValueStatus::Suspicious);
        self.finding(name, evidence);
    }

    /// A stop-gap was found; it decides the standing when no item is usable.
    pub(super) fn placeholder(&mut self) {
        self.floor = self.floor.max(ValueStatus::Placeholder);
        self.issue("placeholder");
    }

    /// Something that is not of the field's form was found.
    pub(super) fn invalid(&mut self, issue: &str) {
        self.refused(issue, "");
    }

    /// Something that is not of the field's form was found, with what shows it.
    pub(super) fn refused(&mut self, issue: &str, evidence: impl Into<Cow<'static, str>>) {
        self.floor = ValueStatus::Invalid;
        self.finding(issue, evidence);
    }

    /// Is nothing usable yet?
    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Was anything found?
    pub(super) fn has_findings(&self) -> bool {
        !self.findings.is_empty()
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

/// A cell whose value belongs to another field, named by `field`.
pub(super) fn wrong_field(field: &'static str) -> StandardValue {
    StandardValue {
        status: ValueStatus::Invalid,
        items: Vec::new(),
        findings: vec![Finding {
            code: IssueCode::named("wrong_field"),
            evidence: Cow::Borrowed(field),
        }],
    }
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
        // Folding may bring a wrong encoding to light that full-width marks hid.
        if round == 0 && item.value == fold(raw) && mojibake::repair(&item.value).is_none() {
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

/// The folded text of a cell, a wrong encoding undone where that is provable.
pub(super) fn text_of(raw: &str) -> Cow<'_, str> {
    match mojibake::repair(raw) {
        Some(meant) => Cow::Owned(fold(&meant).into_owned()),
        None => fold(raw),
    }
}

/// The folded text of a cell, or the answer when it is empty or a stop-gap.
pub(super) fn folded(raw: &str) -> Result<String, StandardValue> {
    folded_cow(raw).map(Cow::into_owned)
}

/// As [`folded`], lending the cell's own text where folding changes nothing.
pub(super) fn folded_cow(raw: &str) -> Result<Cow<'_, str>, StandardValue> {
    let text = text_of(raw);
    if text.is_empty() {
        return Err(missing());
    }
    if placeholders::is_placeholder(&text) {
        return Err(placeholder());
    }
    Ok(text)
}

/// As [`folded`]; texts too long to be parsed are not of the field's form.
pub(super) fn folded_short(raw: &str) -> Result<String, StandardValue> {
    folded_short_cow(raw).map(Cow::into_owned)
}

/// As [`folded_short`], lending the cell's own text where folding changes nothing.
pub(super) fn folded_short_cow(raw: &str) -> Result<Cow<'_, str>, StandardValue> {
    let text = folded_cow(raw)?;
    if text.len() > TEXT_CHARS_MAX && text.chars().count() > TEXT_CHARS_MAX {
        return Err(invalid("malformed"));
    }
    Ok(text)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damaged_text_is_repaired_or_doubted() {
        let value = |raw: &str| single(raw, ValueStatus::Valid, text_of(raw).into_owned(), Vec::new());
        let undone = value("é”¦æ±Ÿ");
        assert_eq!(
            (undone.status, &*undone.items[0].value),
            (ValueStatus::Repaired, "锦江")
        );
        assert_eq!(undone.findings[0].code.name, "mojibake");
        assert_eq!(undone.findings[0].evidence, "windows-1252 → utf-8");
        assert_eq!(value("锟斤拷").status, ValueStatus::Suspicious);
        assert_eq!(
            value("北京\u{FFFD}夏").findings[0].code.name,
            "replacement_character"
        );
        assert_eq!(value("上海").status, ValueStatus::Valid);
    }

    #[test]
    fn no_name_of_a_place_looks_damaged() {
        let names = include_str!("../reference/data/divisions.tsv")
            .lines()
            .flat_map(|line| line.split('\t'));
        for name in names {
            assert_eq!(mojibake::damage(name), None, "{name}");
        }
    }
}
