//! Names of persons in Latin script, taken apart.
//!
//! In: a folded name without Han characters. Out: given, middle and family names as keys, titles, and notes (generations,
//! nicknames). Read are `Given Middle Family`, `Family, Given` and `FAMILY Given`; particles stay with the family name.
//! Names in pinyin are told by the syllables of surnames and by the usual order (`ZHANG San`, `Zhang San`, `San Zhang`,
//! `zhangsan`). Accents stay in the value and are folded in the keys.

use super::person::Person;
use crate::reference::nicknames::full_name;
use crate::reference::surnames::surname_readings;
use crate::reference::titles;
use crate::text::pinyin::is_syllables;
use crate::text::tokens::tokens;
use std::collections::HashSet;
use std::sync::LazyLock;

/// Readings of the surnames that more than half of all Chinese bear, most frequent first.
const FREQUENT: &[&str] = &[
    "wang", "li", "zhang", "liu", "chen", "yang", "zhao", "huang", "zhou", "wu", "xu", "sun", "hu", "zhu",
    "gao", "lin", "he", "guo", "ma", "luo", "liang", "song", "zheng", "xie", "han", "tang", "feng", "deng",
    "cao", "peng",
];

/// Readings of compound surnames that are borne today.
const COMPOUND: &[&str] = &[
    "ouyang",
    "sima",
    "zhuge",
    "shangguan",
    "situ",
    "huangfu",
    "murong",
    "linghu",
    "duanmu",
    "dongfang",
    "ximen",
    "nangong",
    "xiahou",
    "zhangsun",
    "yuwen",
    "gongsun",
    "zhongli",
    "baili",
    "weichi",
    "yuchi",
    "helian",
    "wenren",
];

static READINGS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let characters = ('\u{4E00}'..='\u{9FFF}').flat_map(|c| surname_readings(c.encode_utf8(&mut [0; 4])));
    characters
        .map(String::as_str)
        .chain(COMPOUND.iter().copied())
        .collect()
});

fn is_reading(key: &str) -> bool {
    READINGS.contains(key)
}

/// Takes a name without Han characters apart.
pub(super) fn parse(text: &str) -> Person {
    let (plain, mut note) = without_nicknames(text);
    let plain = plain.as_str();
    let (before, after) = match plain.split_once(',') {
        Some((before, after)) if !is_title_only(after) && !tokens(before).is_empty() => (before, Some(after)),
        _ => (plain, None),
    };
    let mut title = Vec::new();
    let first = read_words(before, &mut title, &mut note);
    let (given, family) = match after {
        Some(after) => (read_words(after, &mut title, &mut note), first),
        None => match split_pinyin(&first) {
            Some(order) => return pinyin_person(&first, order, &title, &note),
            None => split_family(first),
        },
    };
    let value: Vec<&str> = given
        .iter()
        .chain(&family)
        .map(|word| word.text.as_str())
        .collect();
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
        title: title.join(" "),
        note: note.join(";"),
        is_unlikely: given.len() + family.len() > 6 || text.bytes().any(|b| b.is_ascii_digit()),
        is_pinyin: is_pinyin(&given) && is_pinyin(&family),
        ..Person::default()
    }
}

/// A word of a Latin name as written and as key; hyphenated names give keys with a blank.
struct Word {
    text: String,
    key: String,
}

fn key(words: &[Word]) -> String {
    let keys: Vec<&str> = words.iter().map(|word| word.key.as_str()).collect();
    keys.join(" ")
}

/// The name without nicknames in quotes and remarks in brackets, and these.
fn without_nicknames(text: &str) -> (String, Vec<String>) {
    let mut notes = Vec::new();
    if !text.contains(['"', '(', '\'']) {
        return (text.to_owned(), notes);
    }
    let mut plain = text.to_owned();
    for (open, close) in [("\"", "\""), ("(", ")"), (" '", "' ")] {
        while let Some(start) = plain.find(open) {
            let inner = start + open.len();
            let Some(length) = plain[inner..].find(close) else {
                break;
            };
            let name = plain[inner..inner + length].trim().to_owned();
            let rest = [&plain[..start], " ", &plain[inner + length + close.len()..]].concat();
            if !rest.chars().any(char::is_alphabetic) {
                break;
            }
            notes.extend((!name.is_empty()).then_some(name));
            plain = rest;
        }
    }
    (plain, notes)
}

fn read_words(text: &str, title: &mut Vec<String>, note: &mut Vec<String>) -> Vec<Word> {
    let mut words: Vec<Word> = text
        .split([' ', ','])
        .map(|word| Word {
            text: word.to_owned(),
            key: tokens(word).join(" "),
        })
        .filter(|word| !word.key.is_empty())
        .collect();
    while words.len() > 1 && titles::LATIN_BEFORE.contains(&words[0].key.as_str()) {
        title.push(words.remove(0).key);
    }
    let is_after = |word: &Word| titles::LATIN_AFTER.contains(&word.key.replace(' ', "").as_str());
    while words.len() > 1 && words.last().is_some_and(is_after) {
        note.extend(words.pop().map(|word| word.key));
    }
    words
}

fn is_title_only(text: &str) -> bool {
    tokens(text).iter().all(|token| is_title(token)) || is_title(&tokens(text).concat())
}

fn is_title(token: &str) -> bool {
    titles::LATIN_AFTER.contains(&token)
}

/// Is the word in capitals, and more than an initial (`J.`)?
fn is_capital(word: &Word) -> bool {
    let letters = word.text.chars().filter(|c| c.is_alphabetic()).count();
    letters > 1 && !word.text.contains('.') && word.text.chars().all(|c| !c.is_lowercase())
}

/// Given names and family name with its particles; a first word in capitals before mixed ones is the family name.
fn split_family(mut words: Vec<Word>) -> (Vec<Word>, Vec<Word>) {
    if words.len() < 2 {
        return (Vec::new(), words);
    }
    if is_capital(&words[0]) && words[1..].iter().all(|word| !is_capital(word)) {
        let given = words.split_off(1);
        return (given, words);
    }
    let mut at = words.len() - 1;
    let is_particle = |word: &Word| titles::PARTICLES.contains(&word.key.as_str());
    while at > 1 && is_particle(&words[at - 1]) {
        at -= 1;
    }
    // Ortega y Gasset, Eça e Queirós: two family names with `y` or `e` between them.
    if at > 2 && matches!(words[at - 1].key.as_str(), "y" | "e") {
        at -= 2;
    }
    let family = words.split_off(at);
    (words, family)
}

fn is_pinyin(words: &[Word]) -> bool {
    !words.is_empty() && words.iter().all(|word| is_syllables(&word.key.replace(' ', "")))
}

/// How the words of a name in pinyin are ordered.
enum Order {
    FamilyFirst,
    FamilyLast,
    /// One word whose first bytes are the family name.
    Joined(usize),
}

/// The order of a name in pinyin; `None` for other names.
fn split_pinyin(words: &[Word]) -> Option<Order> {
    if let [only] = words {
        return joined(only);
    }
    let (first, last) = (words.first()?, words.last()?);
    if words.len() > 3 || !is_pinyin(words) {
        return None;
    }
    let rank = |word: &Word| FREQUENT.iter().position(|name| *name == word.key);
    if is_capital(first) != is_capital(last) {
        let order = if is_capital(first) {
            Order::FamilyFirst
        } else {
            Order::FamilyLast
        };
        return Some(order);
    }
    match (is_reading(&first.key), is_reading(&last.key)) {
        (true, false) => Some(Order::FamilyFirst),
        (false, true) => Some(Order::FamilyLast),
        (true, true) if rank(first).is_some() || rank(last).is_none() => Some(Order::FamilyFirst),
        (true, true) => Some(Order::FamilyLast),
        (false, false) => None,
    }
}

/// `zhangsan` and `ZhangSan`: a frequent surname and one or two syllables in one word of six letters or more, so that few
/// given names of other languages fit.
fn joined(word: &Word) -> Option<Order> {
    if word.key.len() < 6 || !word.key.is_ascii() || !is_syllables(&word.key) {
        return None;
    }
    let lengths = FREQUENT
        .iter()
        .filter(|name| word.key.starts_with(**name))
        .filter(|name| is_syllables(&word.key[name.len()..]));
    lengths.map(|name| name.len()).max().map(Order::Joined)
}

/// The person of a name in pinyin; the value stays in the order it was written, capitals excepted.
fn pinyin_person(words: &[Word], order: Order, title: &[String], note: &[String]) -> Person {
    let texts = |words: &[Word]| {
        words
            .iter()
            .map(|word| word.text.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let (family, given, value) = match order {
        Order::FamilyFirst => {
            let (family, given) = words.split_at(1);
            let is_marked = is_capital(&family[0]) && !given.iter().any(is_capital);
            let value = if is_marked {
                [texts(given), texts(family)].join(" ")
            } else {
                texts(words)
            };
            (key(family), key(given), value)
        }
        Order::FamilyLast => {
            let (given, family) = words.split_at(words.len() - 1);
            (key(family), key(given), texts(words))
        }
        Order::Joined(length) => {
            let (family, given) = words[0].key.split_at(length);
            (family.to_owned(), given.to_owned(), words[0].text.clone())
        }
    };
    let given = given.replace(' ', "");
    Person {
        full: [given.as_str(), family.as_str()].join(" "),
        family,
        given,
        value,
        title: title.join(" "),
        note: note.join(";"),
        is_pinyin: true,
        ..Person::default()
    }
}

/// As [`couple`], when both are called by a usual given name, so that no firm of two partners is taken apart.
pub(super) fn clear_couple(text: &str) -> Option<Vec<String>> {
    if !text.contains('&') && !text.contains(" and ") && !text.contains(" AND ") && !text.contains(" And ") {
        return None;
    }
    let persons = couple(text)?;
    let first = |name: &String| tokens(name).into_iter().next().unwrap_or_default();
    let is_given = |name: &String| {
        let word = first(name);
        GIVEN.contains(&word.as_str())
            || full_name(&word).is_some()
            || titles::LATIN_BEFORE.contains(&word.as_str())
    };
    persons.iter().all(is_given).then_some(persons)
}

/// The most usual given names of English-speaking countries.
const GIVEN: &[&str] = &[
    "james",
    "john",
    "robert",
    "michael",
    "william",
    "david",
    "richard",
    "joseph",
    "thomas",
    "charles",
    "daniel",
    "matthew",
    "anthony",
    "mark",
    "donald",
    "steven",
    "paul",
    "andrew",
    "joshua",
    "kenneth",
    "kevin",
    "brian",
    "george",
    "edward",
    "ronald",
    "timothy",
    "jason",
    "jeffrey",
    "ryan",
    "jacob",
    "gary",
    "nicholas",
    "eric",
    "stephen",
    "jonathan",
    "peter",
    "simon",
    "martin",
    "alan",
    "ian",
    "philip",
    "henry",
    "frank",
    "graham",
    "patrick",
    "mary",
    "patricia",
    "jennifer",
    "linda",
    "elizabeth",
    "barbara",
    "susan",
    "jessica",
    "sarah",
    "karen",
    "lisa",
    "nancy",
    "betty",
    "margaret",
    "sandra",
    "ashley",
    "kimberly",
    "emily",
    "donna",
    "michelle",
    "carol",
    "amanda",
    "melissa",
    "deborah",
    "stephanie",
    "rebecca",
    "laura",
    "helen",
    "sharon",
    "cynthia",
    "kathleen",
    "amy",
    "anna",
    "angela",
    "ruth",
    "brenda",
    "pamela",
    "nicole",
    "catherine",
    "christine",
    "samantha",
    "rachel",
    "janet",
    "maria",
    "heather",
    "diane",
    "julie",
    "joyce",
    "anne",
    "jane",
    "alice",
    "claire",
    "fiona",
    "emma",
    "lucy",
    "judith",
    "rose",
];

/// Two persons in one name: `John & Mary Smith`, `John Smith and Mary Jones`, `Mr & Mrs Smith` (one name given).
pub(super) fn couple(text: &str) -> Option<Vec<String>> {
    let (left, right) = text
        .split_once('&')
        .or_else(|| text.split_once(" and "))
        .or_else(|| text.split_once(" AND "))
        .or_else(|| text.split_once(" And "))?;
    let (left, right) = (left.trim(), right.trim());
    let is_name =
        |text: &str| !text.is_empty() && text.chars().all(|c| c.is_alphabetic() || " .'-".contains(c));
    if !is_name(left) || !is_name(right) {
        return None;
    }
    let words = |text: &str| text.split(' ').filter(|word| !word.is_empty()).count();
    let is_address = tokens(left)
        .iter()
        .all(|token| titles::LATIN_BEFORE.contains(&token.as_str()));
    if is_address {
        return Some(vec![right.to_owned()]);
    }
    match (words(left), words(right)) {
        (1, 2 | 3) => {
            let family = right.rsplit(' ').next()?;
            Some(vec![[left, family].join(" "), right.to_owned()])
        }
        (2 | 3, 2 | 3) => Some(vec![left.to_owned(), right.to_owned()]),
        _ => None,
    }
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
    fn names_come_apart() {
        check(
            "Mr. John Paul Smith",
            ["John Paul Smith", "smith", "john", "paul"],
        );
        check("Smith, John", ["John Smith", "smith", "john", ""]);
        check("Smith, J.", ["J. Smith", "smith", "j", ""]);
        check(
            "Ludwig van Beethoven",
            ["Ludwig van Beethoven", "van beethoven", "ludwig", ""],
        );
        check(
            "Oscar de la Hoya",
            ["Oscar de la Hoya", "de la hoya", "oscar", ""],
        );
        check(
            "Jan van der Berg",
            ["Jan van der Berg", "van der berg", "jan", ""],
        );
        check(
            "Ahmed bin Rashid",
            ["Ahmed bin Rashid", "bin rashid", "ahmed", ""],
        );
        check("Omar al-Rashid", ["Omar al-Rashid", "al rashid", "omar", ""]);
        check(
            "José O'Neill-Pérez",
            ["José O'Neill-Pérez", "oneill perez", "jose", ""],
        );
        check(
            "José Ortega y Gasset",
            ["José Ortega y Gasset", "ortega y gasset", "jose", ""],
        );
        check("JOHN SMITH", ["JOHN SMITH", "smith", "john", ""]);
        check(
            "Martin Luther King, Jr.",
            ["Martin Luther King", "king", "martin", "luther"],
        );
        check("John Smith III, Ph.D.", ["John Smith", "smith", "john", ""]);
    }

    #[test]
    fn nicknames_and_generations_are_notes() {
        for (text, value, note) in [
            ("John \"Jack\" Smith", "John Smith", "Jack"),
            ("John (Jack) Smith", "John Smith", "Jack"),
            ("John 'Jack' Smith", "John Smith", "Jack"),
            ("John Smith Jr.", "John Smith", "jr"),
        ] {
            let person = parse(text);
            assert_eq!((person.value.as_str(), person.note.as_str()), (value, note));
        }
        assert_eq!(parse("Dr. Jane Smith").title, "dr");
    }

    #[test]
    fn pinyin_orders_are_told_by_the_surname() {
        check("ZHANG San", ["San ZHANG", "zhang", "san", ""]);
        check("Zhang San", ["Zhang San", "zhang", "san", ""]);
        check("San Zhang", ["San Zhang", "zhang", "san", ""]);
        check("Zhang, San", ["San Zhang", "zhang", "san", ""]);
        check("zhangsan", ["zhangsan", "zhang", "san", ""]);
        check("Zhang Xiao Ming", ["Zhang Xiao Ming", "zhang", "xiaoming", ""]);
        check("Xiaoming Wang", ["Xiaoming Wang", "wang", "xiaoming", ""]);
        check("Ouyang Nana", ["Ouyang Nana", "ouyang", "nana", ""]);
        check("Susan", ["Susan", "susan", "", ""]);
    }

    #[test]
    fn a_couple_is_two_persons() {
        assert_eq!(
            couple("John & Mary Smith"),
            Some(vec!["John Smith".to_owned(), "Mary Smith".to_owned()])
        );
        assert_eq!(
            couple("John Smith and Mary Jones"),
            Some(vec!["John Smith".to_owned(), "Mary Jones".to_owned()])
        );
        assert_eq!(couple("Mr & Mrs Smith"), Some(vec!["Mrs Smith".to_owned()]));
        assert_eq!(couple("Smith & Wesson"), None);
    }
}
