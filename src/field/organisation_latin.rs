//! Names of organisations in Latin script, taken apart.
//!
//! In: a folded name without Han characters. Out: region, core, standard legal form, branch, hard tokens (numbers,
//! directions), notes, former and trading names. The form at the end of the company's own name is stripped, longest first;
//! words of trade stay in the core, because they carry the name. A country or a Chinese place in brackets, or a Chinese
//! place before two words or more, is the region. `the` in front and `&` for `and` make no difference.

use super::organisation::Organisation;
use crate::reference::legal_forms;
use crate::reference::regions::by_pinyin;
use crate::text::pinyin::sound;
use crate::text::tokens::tokens;
use std::collections::HashMap;
use std::collections::HashSet;
use std::sync::LazyLock;

/// Words that bring in another name of the same organisation, between blanks.
const OTHER_NAME: &[&str] = &[
    " trading as ",
    " t/a ",
    " t/as ",
    " ta/ ",
    " doing business as ",
    " d/b/a ",
    " d.b.a. ",
    " dba ",
    " formerly known as ",
    " formerly ",
    " f/k/a ",
    " fka ",
    " also known as ",
    " a/k/a ",
    " aka ",
];

/// Remarks on the state of an account or company, as whole tails of a name or within brackets.
const REMARKS: &[&str] = &[
    "closed",
    "inactive",
    "in liquidation",
    "in administration",
    "in receivership",
    "dissolved",
    "dormant",
    "do not use",
    "duplicate",
    "test",
    "old",
    "deleted",
    "blocked",
    "obsolete",
    "struck off",
    "bankrupt",
    "liquidated",
    "ceased trading",
];

const DIRECTIONS: &[&str] = &[
    "north",
    "south",
    "east",
    "west",
    "northern",
    "southern",
    "eastern",
    "western",
    "northeast",
    "northwest",
    "southeast",
    "southwest",
    "new",
];

const COUNTRIES: &[&str] = &[
    "china",
    "prc",
    "hong kong",
    "hk",
    "macau",
    "macao",
    "taiwan",
    "japan",
    "korea",
    "south korea",
    "singapore",
    "malaysia",
    "thailand",
    "vietnam",
    "indonesia",
    "philippines",
    "india",
    "asia",
    "asia pacific",
    "apac",
    "europe",
    "emea",
    "uk",
    "united kingdom",
    "great britain",
    "gb",
    "ireland",
    "germany",
    "deutschland",
    "france",
    "italy",
    "italia",
    "spain",
    "espana",
    "portugal",
    "netherlands",
    "belgium",
    "luxembourg",
    "switzerland",
    "suisse",
    "schweiz",
    "austria",
    "sweden",
    "norway",
    "denmark",
    "finland",
    "poland",
    "czech republic",
    "hungary",
    "romania",
    "greece",
    "turkey",
    "russia",
    "ukraine",
    "israel",
    "uae",
    "dubai",
    "saudi arabia",
    "egypt",
    "south africa",
    "nigeria",
    "kenya",
    "usa",
    "us",
    "united states",
    "america",
    "north america",
    "canada",
    "mexico",
    "brazil",
    "brasil",
    "argentina",
    "chile",
    "australia",
    "aust",
    "new zealand",
    "nz",
    "london",
    "international",
];

/// Last words of branches behind a legal form.
const UNITS: &[&str] = &[
    "branch",
    "office",
    "division",
    "plant",
    "depot",
    "warehouse",
    "factory",
    "store",
    "shop",
    "site",
    "department",
    "headquarters",
    "hq",
    "subsidiary",
    "works",
];

/// Units that names of companies end in as well: a branch only behind a legal form.
const SHOP_UNITS: &[&str] = &["store", "shop", "works", "site"];

/// Words before `office` and `branch` that belong to them.
const UNIT_KINDS: &[&str] = &[
    "representative",
    "rep",
    "liaison",
    "sales",
    "regional",
    "head",
    "main",
    "project",
];

static FORMS: LazyLock<HashMap<&'static str, &'static str>> =
    LazyLock::new(|| legal_forms::LATIN.iter().copied().collect());
static LAST_WORDS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let last = |form: &'static str| form.rsplit(' ').next();
    FORMS.keys().filter_map(|&form| last(form)).collect()
});

/// Takes a name without Han characters apart.
pub(super) fn parse(text: &str) -> Organisation {
    let stripped = strip(text);
    let (head, written) = written_branch(stripped.name);
    let (name, region) = without_bracketed_region(head);
    let words = tokens(&name);
    let full = if region.is_some() || !written.is_empty() {
        tokens(stripped.name).join(" ")
    } else {
        words.join(" ")
    };
    let body: &[String] = match words.split_first() {
        Some((first, rest)) if first == "the" && !rest.is_empty() => rest,
        _ => &words,
    };
    let (body, branch) = if written.is_empty() {
        split_branch(body, &name)
    } else {
        (body, written.as_slice())
    };
    let (body, form) = split_latin_form(body);
    let (region, body) = match region {
        Some(region) => (region, body),
        None if form.is_empty() => (String::new(), body),
        None => leading_place(body),
    };
    let is_hard = |word: &&str| word.bytes().any(|b| b.is_ascii_digit()) || DIRECTIONS.contains(word);
    let words = body.iter().chain(branch).map(String::as_str);
    let hard: Vec<&str> = words.filter(is_hard).collect();
    let core = body.join(" ");
    Organisation {
        value: stripped.name.to_owned(),
        numerals: hard.join(" "),
        core_sound: sound(&core),
        branch: branch.join(" "),
        form: form.to_owned(),
        note: stripped.notes.join(";"),
        former: stripped.former.join(";"),
        full,
        core,
        region,
        ..Organisation::default()
    }
}

#[derive(Default)]
struct Stripped<'a> {
    name: &'a str,
    notes: Vec<&'a str>,
    former: Vec<&'a str>,
}

/// The name without remarks and other names.
fn strip(text: &str) -> Stripped<'_> {
    let mut stripped = Stripped {
        name: text,
        ..Stripped::default()
    };
    while let Some((head, inner)) = last_bracket(stripped.name) {
        let padded = [" ", inner, " "].concat().replacen(':', " ", 1);
        if let Some((before, _)) = other_name(&padded) {
            let at = inner.len() + 2 - before.1.len();
            stripped
                .former
                .push(inner[at.saturating_sub(1).min(inner.len())..].trim());
        } else if is_remark(inner) {
            stripped.notes.push(inner);
        } else {
            break;
        }
        stripped.name = head;
    }
    if let Some(((head, other), _)) = other_name(stripped.name) {
        stripped.former.push(other.trim());
        stripped.name = head.trim_end_matches([' ', ',', '-']);
    }
    let tail = REMARKS.iter().find_map(|remark| trailing(stripped.name, remark));
    if let Some((head, remark)) = tail {
        stripped.notes.push(remark);
        stripped.name = head;
    }
    if stripped.name.is_empty() {
        stripped.name = text;
    }
    stripped
}

/// The text before and after a word that brings in another name, and that word.
fn other_name(text: &str) -> Option<((&str, &str), &'static str)> {
    let lower = text.to_ascii_lowercase();
    let found = OTHER_NAME
        .iter()
        .filter_map(|&word| lower.find(word).map(|at| (at, word)));
    let (at, word) = found.min_by_key(|&(at, word)| (at, std::cmp::Reverse(word.len())))?;
    let after = &text[at + word.len()..];
    let has_name = after.chars().any(char::is_alphabetic);
    has_name.then_some(((&text[..at], after), word))
}

/// A remark at the end of the name, behind a dash, comma or blank; alone it is the name.
fn trailing<'a>(name: &'a str, remark: &str) -> Option<(&'a str, &'a str)> {
    let at = name.len().checked_sub(remark.len())?;
    let is_there = name.is_char_boundary(at) && name[at..].eq_ignore_ascii_case(remark);
    let head = is_there.then(|| &name[..at])?;
    let bare = head.trim_end_matches([' ', '-', ',', ':', '*', '/']);
    // `Old Test Company closed` ends in a remark only behind a legal form or a sign.
    let is_apart = head.trim_end().ends_with(['-', ',', ':', '*', '/']) || has_form(bare);
    (bare.len() < head.len() && is_apart && !bare.is_empty()).then(|| (bare, &name[at..]))
}

/// The name before a last bracket and what the bracket holds.
fn last_bracket(text: &str) -> Option<(&str, &str)> {
    let body = text.trim_end_matches('.').strip_suffix(')')?;
    let open = body.rfind('(')?;
    let head = body[..open].trim_end_matches([' ', '-', ',']);
    (!head.is_empty()).then(|| (head, &body[open + 1..]))
}

/// Is a bracket at the end a remark rather than a region, a form or a part of the name?
fn is_remark(inner: &str) -> bool {
    let words = tokens(inner);
    let key = words.join(" ");
    place(&key).is_none()
        && !FORMS.contains_key(key.as_str())
        && !matches!(
            key.as_str(),
            "group" | "holding" | "holdings" | "m" | "s" | "private"
        )
        && !words.last().is_some_and(|last| UNITS.contains(&last.as_str()))
}

/// The key of a country or Chinese place.
fn place(key: &str) -> Option<&str> {
    let is_place = COUNTRIES.contains(&key) || key.len() >= 4 && by_pinyin(key).next().is_some();
    is_place.then_some(key)
}

/// The name without a region in brackets, and that region.
fn without_bracketed_region(name: &str) -> (String, Option<String>) {
    let mut from = 0;
    while let Some(open) = name[from..].find('(').map(|at| at + from) {
        let Some(close) = name[open..].find(')').map(|at| at + open) else {
            break;
        };
        let key = tokens(&name[open + 1..close]).join(" ");
        if place(&key).is_some() {
            let rest = [&name[..open], " ", &name[close + 1..]].concat();
            return (rest, Some(key));
        }
        from = close;
    }
    (name.to_owned(), None)
}

/// A Chinese place before a name of two words or more.
fn leading_place(body: &[String]) -> (String, &[String]) {
    for length in [2, 1] {
        if body.len() < length + 2 {
            continue;
        }
        let key = body[..length].join(" ");
        if key.len() >= 5 && by_pinyin(&key).next().is_some() {
            return (key, &body[length..]);
        }
    }
    (String::new(), body)
}

/// The name before a branch that a sign sets apart, and the words of the branch: text in brackets at the end or behind a
/// dash or comma that ends in a word for a unit.
fn written_branch(name: &str) -> (&str, Vec<String>) {
    const MARKS: &[&str] = &[" - ", " \u{2013} ", " \u{2014} ", ", "];
    let is_mark = |c: char| !c.is_alphanumeric();
    let last = name
        .trim_end_matches(is_mark)
        .rsplit(is_mark)
        .next()
        .unwrap_or("");
    if !UNITS.iter().any(|unit| last.eq_ignore_ascii_case(unit)) {
        return (name, Vec::new());
    }
    let bracket = last_bracket(name);
    let behind_mark = || {
        let places = MARKS
            .iter()
            .filter_map(|mark| Some((name.rfind(mark)?, mark.len())));
        let (at, length) = places.max()?;
        Some((&name[..at], &name[at + length..]))
    };
    let Some((head, tail)) = bracket.or_else(behind_mark) else {
        return (name, Vec::new());
    };
    let words = tokens(tail);
    let is_unit = words.len() > 1
        && words.last().is_some_and(|last| {
            let last = last.as_str();
            UNITS.contains(&last) && (!SHOP_UNITS.contains(&last) || has_form(head))
        });
    let has_name = head.chars().any(char::is_alphanumeric);
    if is_unit && has_name {
        (head, words)
    } else {
        (name, Vec::new())
    }
}

/// The words of the organisation, and those of a branch: what follows a form and ends in a word for a unit, or follows a
/// dash; without a form, `branch` or `office` with the word before it.
fn split_branch<'a>(body: &'a [String], name: &str) -> (&'a [String], &'a [String]) {
    let none = (body, &body[body.len()..]);
    let Some(last) = body.last() else { return none };
    let is_unit = UNITS.contains(&last.as_str());
    let has_dash = name.contains(" - ") || name.contains(", ");
    if body.len() < 3 || !is_unit && !has_dash || has_form_end(body) {
        return none;
    }
    let form_end = (2..body.len()).rev().find(|&end| has_form_end(&body[..end]));
    if let Some(at) = form_end {
        return body.split_at(at);
    }
    if !matches!(last.as_str(), "branch" | "office") {
        return none;
    }
    if let Some(at) = behind_trade(body) {
        return body.split_at(at);
    }
    let is_kind = body.len() > 3 && UNIT_KINDS.contains(&body[body.len() - 2].as_str());
    body.split_at(body.len() - if is_kind { 3 } else { 2 })
}

/// Place behind the last word of trade, when one to three words of a place and a unit follow it.
fn behind_trade(body: &[String]) -> Option<usize> {
    const PLACE_WORDS_MAX: usize = 3;
    let end = body.len().checked_sub(2)?;
    let is_of_trade =
        |at: &usize| body[*at] != "and" && legal_forms::LATIN_ORGANISATION_WORDS.contains(&body[*at]);
    let at = (1..end).rev().find(is_of_trade)? + 1;
    let place = &body[at..body.len() - 1];
    let is_joint = |word: &String| matches!(word.as_str(), "of" | "and" | "for" | "the" | "de");
    (place.len() <= PLACE_WORDS_MAX && !place.iter().any(is_joint)).then_some(at)
}

/// Does the name end in a word for a unit? `plant` is a family name, unless a form stands before it.
fn ends_in_unit(words: &[String]) -> bool {
    let [before @ .., last] = words else { return false };
    let is_unit = UNITS.contains(&last.as_str());
    let has_form = || (2..=before.len()).any(|end| has_form_end(&before[..end]));
    is_unit && (last != "plant" || has_form())
}

fn has_form_end(words: &[String]) -> bool {
    !split_latin_form(words).1.is_empty()
}

fn has_form(text: &str) -> bool {
    has_form_end(&tokens(text))
}

/// Does a name without Han characters look like an organisation's?
pub(super) fn is_latin_organisation(text: &str) -> bool {
    let words = tokens(text);
    let is_of_trade = |word: &String| legal_forms::LATIN_ORGANISATION_WORDS.contains(word);
    has_form_end(&words)
        || words.iter().any(is_of_trade)
        || ends_in_unit(&words)
        || text.bytes().any(|b| b.is_ascii_digit())
        || words.len() < 2
        || text.contains("'s ")
        || other_name(text).is_some()
        || text.contains('(') && strip(text).name.len() < text.len() && has_form(strip(text).name)
}

/// Does the name end in a form that no family name looks like?
pub(super) fn has_clear_form(text: &str) -> bool {
    const CLEAR: &[&str] = &[
        "ltd",
        "co ltd",
        "group ltd",
        "group co ltd",
        "pty ltd",
        "pvt ltd",
        "pte ltd",
        "inc",
        "llc",
        "plc",
        "gmbh",
        "gmbh co kg",
    ];
    CLEAR.contains(&split_latin_form(&tokens(text)).1)
}

/// The words before the legal form at the end, and its standard.
fn split_latin_form(words: &[String]) -> (&[String], &'static str) {
    const FORM_WORDS_MAX: usize = 6;
    if !words
        .last()
        .is_some_and(|last| LAST_WORDS.contains(last.as_str()))
    {
        return (words, "");
    }
    for length in (1..=FORM_WORDS_MAX.min(words.len().saturating_sub(1))).rev() {
        let (body, tail) = words.split_at(words.len() - length);
        if let Some(standard) = FORMS.get(tail.join(" ").as_str()) {
            return (body, standard);
        }
    }
    (words, "")
}

#[cfg(test)]
mod tests;
