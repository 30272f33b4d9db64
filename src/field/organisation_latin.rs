//! Names of organisations in Latin script, taken apart.
//!
//! In: a folded name without Han characters. Out: core, standard legal form, branch and hard tokens (numbers, directions).
//! Only the form at the end is stripped, longest first; words of trade stay in the core, because they carry the name.

use super::organisation::Organisation;
use crate::reference::legal_forms;
use crate::text::pinyin::sound;
use crate::text::tokens::tokens;

/// Takes a name without Han characters apart.
pub(super) fn parse(text: &str) -> Organisation {
    let words = tokens(text);
    let full = words.join(" ");
    let mut body: &[String] = match words.split_first() {
        Some((first, rest)) if first == "the" && !rest.is_empty() => rest,
        _ => &words,
    };
    let mut branch = String::new();
    if matches!(body.last().map(String::as_str), Some("branch" | "office")) && body.len() > 2 {
        let form_end = (2..body.len())
            .rev()
            .find(|&end| !split_latin_form(&body[..end]).1.is_empty());
        let at = form_end.unwrap_or(body.len() - 2);
        branch = body[at..].join(" ");
        body = &body[..at];
    }
    let (body, form) = split_latin_form(body);
    let core = body.join(" ");
    const DIRECTIONS: &[&str] = &[
        "north", "south", "east", "west", "northern", "southern", "eastern", "western", "new",
    ];
    let hard: Vec<&str> = words
        .iter()
        .map(String::as_str)
        .filter(|word| word.bytes().any(|b| b.is_ascii_digit()) || DIRECTIONS.contains(word))
        .collect();
    Organisation {
        value: text.to_owned(),
        numerals: hard.join(" "),
        core_sound: sound(&core),
        full,
        core,
        form: form.to_owned(),
        branch,
        ..Organisation::default()
    }
}

/// Does a name without Han characters look like an organisation's?
pub(super) fn is_latin_organisation(text: &str) -> bool {
    let words = tokens(text);
    let has_form = !split_latin_form(&words).1.is_empty();
    let is_of_trade = |word: &String| legal_forms::LATIN_ORGANISATION_WORDS.contains(&word.as_str());
    has_form || words.iter().any(is_of_trade) || text.bytes().any(|b| b.is_ascii_digit()) || words.len() < 2
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

fn split_latin_form(words: &[String]) -> (&[String], &'static str) {
    for length in (1..=5.min(words.len().saturating_sub(1))).rev() {
        let (body, tail) = words.split_at(words.len() - length);
        let tail = tail.join(" ");
        if let Some((_, standard)) = legal_forms::LATIN.iter().find(|(form, _)| *form == tail) {
            return (body, standard);
        }
    }
    (words, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latin_names_lose_their_form() {
        let o = parse("Huaxia Technology Co., Ltd.");
        assert_eq!(
            (o.core.as_str(), o.form.as_str()),
            ("huaxia technology", "co ltd")
        );
        assert_eq!(parse("Acme GmbH & Co. KG").form, "gmbh co kg");
        assert_eq!(parse("Ltd").core, "ltd");
        assert_eq!(parse("Siemens AG Munich Branch").branch, "munich branch");
        assert_eq!(parse("Factory 3 North Ltd").numerals, "3 north");
        assert!(has_clear_form("ABC Ltd") && !has_clear_form("Maria Sa"));
    }
}
