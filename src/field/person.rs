//! Names of persons, taken apart.
//!
//! In: a folded name, or its components. Out: family, given and middle name with their sounds, the whole as key and as
//! text for people. Chinese: surname (compound first) and one or two characters, titles off. Latin: `Given Middle
//! Family`, `Family, Given`, `FAMILY Given`; particles stay with the family name, titles and generations go to the note.
//! Nicknames and agreement are left to `compare`.

use super::text::text_key;
use crate::reference::surnames::is_surname;
use crate::reference::surnames::leading_surname;
use crate::reference::titles;
use crate::text::fold::join_han;
use crate::text::pinyin::sound;
use crate::text::pinyin::surname_sound;
use crate::text::script::has_han;
use crate::text::script::is_han;
use crate::text::simplify::simplify;
use crate::text::tokens::tokens;

/// The parts of a person's name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Person {
    pub(super) value: String,
    pub(super) full: String,
    pub(super) family: String,
    pub(super) given: String,
    pub(super) middle: String,
    pub(super) note: String,
    /// Only a surname with a title.
    pub(super) is_surname_only: bool,
    /// Of another form than names have.
    pub(super) is_unlikely: bool,
}

impl Person {
    /// Sound keys of family and given name.
    pub(super) fn sounds(&self) -> [String; 2] {
        let family = if has_han(&self.family) {
            surname_sound(&self.family)
        } else {
            sound(&self.family)
        };
        [family, sound(&self.given)]
    }
}

/// Takes a folded name apart, in either script.
pub(super) fn parse(text: &str) -> Person {
    if has_han(text) {
        parse_han(&join_han(text))
    } else {
        parse_latin(text)
    }
}

/// A person from components; the folded whole name may be empty.
pub(super) fn from_components(whole: &str, given: &str, middle: &str, family: &str) -> Person {
    let is_chinese = has_han(family) || (family.is_empty() && has_han(given));
    let value = if !whole.is_empty() {
        join_han(whole)
    } else if is_chinese {
        join_han(&format!("{family}{middle}{given}"))
    } else {
        let words = [given, middle, family];
        let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
        words.join(" ")
    };
    let mut person = Person {
        full: text_key(&value),
        family: text_key(family),
        given: text_key(given),
        middle: text_key(middle),
        value,
        ..Person::default()
    };
    // One component alone does not replace what the whole name says.
    if !whole.is_empty() && (person.family.is_empty() || person.given.is_empty()) {
        let read = parse(whole);
        if person.family.is_empty() && read.family != person.given {
            person.family = read.family;
        }
        if person.given.is_empty() && read.given != person.family {
            person.given = read.given;
        }
    }
    if middle.is_empty() && !whole.is_empty() {
        person.middle = words_between(&person.full, &person.given, &person.family);
    }
    person
}

/// Words of the whole name that are neither given nor family name.
fn words_between(full: &str, given: &str, family: &str) -> String {
    if has_han(full) {
        return String::new();
    }
    let known: Vec<&str> = given.split(' ').chain(family.split(' ')).collect();
    let between: Vec<&str> = full.split(' ').filter(|word| !known.contains(word)).collect();
    let is_part = between.len() < full.split(' ').count();
    if is_part { between.join(" ") } else { String::new() }
}

/// Could this be a Chinese person's name: a surname and one or two characters, or a compound surname and up to two?
pub(super) fn is_han_person(key: &str) -> bool {
    !is_brand(key) && has_form_of_name(key)
}

/// A short name of a well-known company that reads like a person's.
pub(super) fn is_brand(key: &str) -> bool {
    const BRANDS: &[&str] = &[
        "华为", "腾讯", "小米", "万科", "平安", "金蝶", "安踏", "方太", "格力", "金山", "古井", "洛阳",
        "乐视", "石油", "谷歌", "万达", "海信", "奥迪",
    ];
    BRANDS.contains(&key)
}

fn has_form_of_name(key: &str) -> bool {
    if key.contains('·') {
        return key.chars().all(|c| is_han(c) || c == '·');
    }
    let length = key.chars().count();
    let Some(surname) = leading_surname(key) else {
        return false;
    };
    let given = length - surname.chars().count();
    key.chars().all(is_han) && (1..=2).contains(&given) && length >= 2
}

fn parse_han(text: &str) -> Person {
    if let Some((name, note)) = without_brackets(text) {
        let mut person = parse_han(&name);
        person.note = [person.note.as_str(), note.as_str()].concat();
        return person;
    }
    if let Some((name, note)) = without_romanisation(text) {
        let mut person = parse_han(&name);
        person.note = [person.note.as_str(), note.as_str()].concat();
        return person;
    }
    let simple = simplify(text).into_owned();
    let (name, title) = without_title(&simple);
    let length = name.chars().count();
    let value: String = text.chars().take(length).collect();
    if let Some((given, family)) = name.split_once('·') {
        return Person {
            full: text_key(name),
            given: text_key(given),
            family: text_key(family),
            note: title.to_owned(),
            value,
            ..Person::default()
        };
    }
    let key = text_key(name);
    if is_surname(&key) {
        return Person {
            value: text.to_owned(),
            full: key.clone(),
            family: key,
            note: title.to_owned(),
            is_surname_only: true,
            ..Person::default()
        };
    }
    let surname = leading_surname(&key).filter(|surname| surname.len() < key.len());
    let family = surname.unwrap_or_default().to_owned();
    Person {
        given: key[family.len()..].to_owned(),
        is_unlikely: family.is_empty() || !is_han_person(&key),
        full: key,
        family,
        note: title.to_owned(),
        value,
        ..Person::default()
    }
}

/// The name and what stood in brackets after it.
fn without_brackets(text: &str) -> Option<(String, String)> {
    let (name, rest) = text.split_once('(')?;
    let (inner, after) = rest.split_once(')').unwrap_or((rest, ""));
    let name = format!("{name}{after}");
    name.chars().any(is_han).then(|| (name, inner.to_owned()))
}

/// The Chinese name beside its Latin spelling (`Zhang San 张三`), and that spelling.
fn without_romanisation(text: &str) -> Option<(String, String)> {
    let name: String = text.chars().filter(|&c| is_han(c) || c == '·').collect();
    let rest: String = text.chars().filter(|&c| !is_han(c) && c != '·').collect();
    let is_apart = rest.chars().filter(char::is_ascii_alphabetic).count() >= 2
        && (text.starts_with(is_han) != text.ends_with(is_han))
        && text.contains(&name);
    (is_apart && is_han_person(&simplify(&name))).then(|| (name, rest.trim().to_owned()))
}

/// A Chinese name and the title after it, or 老 and 小 before a surname.
fn without_title(text: &str) -> (&str, &str) {
    let mut known: Vec<&str> = titles::HAN
        .iter()
        .copied()
        .filter(|title| text.ends_with(title))
        .collect();
    known.sort_by_key(|title| std::cmp::Reverse(title.len()));
    for title in known {
        let name = &text[..text.len() - title.len()];
        let is_one_character = title.chars().count() == 1;
        let is_read = if is_one_character {
            is_surname(name) || (matches!(title, "总" | "董") && name.chars().count() == 3)
        } else {
            leading_surname(name).is_some() || name.chars().count() >= 2
        };
        if is_read && !name.is_empty() {
            return (name, title);
        }
    }
    for prefix in ["老", "小"] {
        if let Some(name) = text.strip_prefix(prefix)
            && is_surname(name)
        {
            return (name, prefix);
        }
    }
    (text, "")
}

fn parse_latin(text: &str) -> Person {
    let (before, after) = match text.split_once(',') {
        Some((before, after)) if !is_title_only(after) && !tokens(before).is_empty() => (before, Some(after)),
        _ => (text, None),
    };
    let mut note = Vec::new();
    let first = read_words(before, &mut note);
    let (given, family) = match after {
        Some(after) => (read_words(after, &mut note), first),
        None => split_family(first),
    };
    let value_words = given.iter().chain(&family).map(|word| word.text.as_str());
    let value: Vec<&str> = value_words.collect();
    let key = |words: &[Word]| {
        words
            .iter()
            .map(|word| word.key.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let full = [key(&given), key(&family)];
    let full: Vec<&str> = full
        .iter()
        .map(String::as_str)
        .filter(|key| !key.is_empty())
        .collect();
    Person {
        value: if value.is_empty() {
            text.to_owned()
        } else {
            value.join(" ")
        },
        full: full.join(" "),
        family: key(&family),
        given: given.first().map(|word| word.key.clone()).unwrap_or_default(),
        middle: key(given.get(1..).unwrap_or_default()),
        note: note.join(" "),
        is_unlikely: given.len() + family.len() > 6 || text.bytes().any(|b| b.is_ascii_digit()),
        is_surname_only: false,
    }
}

/// A word of a Latin name as written and as key; hyphenated names give keys with a blank.
struct Word {
    text: String,
    key: String,
}

fn read_words(text: &str, note: &mut Vec<String>) -> Vec<Word> {
    let mut words: Vec<Word> = text
        .split([' ', ','])
        .map(|word| Word {
            text: word.to_owned(),
            key: tokens(word).join(" "),
        })
        .filter(|word| !word.key.is_empty())
        .collect();
    while words.len() > 1 && titles::LATIN_BEFORE.contains(&words[0].key.as_str()) {
        note.push(words.remove(0).key);
    }
    while words.len() > 1
        && words
            .last()
            .is_some_and(|word| titles::LATIN_AFTER.contains(&word.key.replace(' ', "").as_str()))
    {
        note.extend(words.pop().map(|word| word.key));
    }
    words
}

fn is_title_only(text: &str) -> bool {
    tokens(text)
        .iter()
        .all(|token| titles::LATIN_AFTER.contains(&token.as_str()))
}

/// Given names and family name with its particles; a first word in capitals before a mixed one is the family name.
fn split_family(mut words: Vec<Word>) -> (Vec<Word>, Vec<Word>) {
    if words.len() < 2 {
        return (Vec::new(), words);
    }
    // Initials (`J.`) are capitals of given names.
    let is_capital = |word: &Word| {
        let letters = word.text.chars().filter(|c| c.is_alphabetic()).count();
        letters > 1 && !word.text.contains('.') && word.text.chars().all(|c| !c.is_lowercase())
    };
    if is_capital(&words[0]) && words[1..].iter().all(|word| !is_capital(word)) {
        let given = words.split_off(1);
        return (given, words);
    }
    let mut at = words.len() - 1;
    while at > 1 && titles::PARTICLES.contains(&words[at - 1].key.as_str()) {
        at -= 1;
    }
    let family = words.split_off(at);
    (words, family)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: [&str; 4]) {
        let person = parse(text);
        let got = [&person.value, &person.family, &person.given, &person.middle].map(String::as_str);
        assert_eq!(got, expected, "{text}");
    }

    #[test]
    fn names_come_apart_in_both_scripts() {
        check("王小明", ["王小明", "王", "小明", ""]);
        check("歐陽娜娜", ["歐陽娜娜", "欧阳", "娜娜", ""]);
        check("王建国先生", ["王建国", "王", "建国", ""]);
        check("买买提·吐尔逊", ["买买提·吐尔逊", "吐尔逊", "买买提", ""]);
        check(
            "Mr. John Paul Smith",
            ["John Paul Smith", "smith", "john", "paul"],
        );
        check("Smith, John", ["John Smith", "smith", "john", ""]);
        check(
            "Ludwig van Beethoven",
            ["Ludwig van Beethoven", "van beethoven", "ludwig", ""],
        );
        check("张晓丰Zhang Xiaofeng", ["张晓丰", "张", "晓丰", ""]);
        check("Smith, J.", ["J. Smith", "smith", "j", ""]);
        check("J. Smith", ["J. Smith", "smith", "j", ""]);
        check("ZHANG San", ["San ZHANG", "zhang", "san", ""]);
        check(
            "José O’Neill-Pérez",
            ["José O’Neill-Pérez", "oneill perez", "jose", ""],
        );
    }

    #[test]
    fn a_surname_with_a_title_is_only_that() {
        for raw in ["王", "王总", "李工", "老张", "欧阳女士"] {
            let person = parse(raw);
            assert!(person.is_surname_only, "{raw}");
            assert_eq!(person.value, raw);
        }
    }

    #[test]
    fn components_win_over_the_order_of_words() {
        let person = from_components("carl harry wilson", "carl", "", "wilson");
        assert_eq!(
            (person.middle.as_str(), person.full.as_str()),
            ("harry", "carl harry wilson")
        );
        let person = from_components("carl wilson", "carl", "", "");
        assert_eq!((person.family.as_str(), person.middle.as_str()), ("wilson", ""));
        let person = from_components("", "小明", "", "王");
        assert_eq!(
            (person.value.as_str(), person.full.as_str()),
            ("王小明", "王小明")
        );
    }
}
