//! Names of persons, taken apart.
//!
//! In: a folded name, or its components. Out: family, given and middle name with their sounds, the whole as key and as
//! text for people, titles and notes. Chinese: surname (compound first) and one or two characters; titles are taken off
//! on either side (王经理, 总经理王建国, 财务部王会计), names of peoples with dots are given name first (买买提·吐尔逊). Latin names
//! are read by `person_latin`. Nicknames and agreement are left to `compare`.

use super::organisation::word_list::WordList;
use super::person_latin;
use super::text::text_key;
use crate::reference::surnames::is_surname;
use crate::reference::surnames::leading_surname;
use crate::reference::surnames::surname_readings;
use crate::reference::titles;
use crate::text::fold::join_han;
use crate::text::pinyin::sound;
use crate::text::pinyin::surname_sound;
use crate::text::script::has_han;
use crate::text::script::is_han;
use crate::text::simplify::simplify;
use std::sync::LazyLock;

/// The parts of a person's name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Person {
    pub(super) value: String,
    pub(super) full: String,
    pub(super) family: String,
    pub(super) given: String,
    pub(super) middle: String,
    /// Titles and departments, as written.
    pub(super) title: String,
    /// What else stood with the name: remarks, generations, nicknames, another spelling.
    pub(super) note: String,
    /// Only a surname with a title.
    pub(super) is_surname_only: bool,
    /// Of another form than names have.
    pub(super) is_unlikely: bool,
    /// A Chinese name written in pinyin: its keys are its sounds.
    pub(super) is_pinyin: bool,
}

impl Person {
    /// Sound keys of family and given name; a surname with several readings has its usual one as a surname.
    pub(super) fn sounds(&self) -> [String; 2] {
        if self.is_pinyin {
            return [&self.family, &self.given].map(|key| key.replace(' ', ""));
        }
        let family = if !has_han(&self.family) {
            sound(&self.family)
        } else if let [usual, ..] = surname_readings(&self.family) {
            usual.clone()
        } else {
            surname_sound(&self.family)
        };
        [family, sound(&self.given)]
    }

    /// Title and note as one remark.
    pub(super) fn remark(&self) -> String {
        if self.title.is_empty() || self.note.is_empty() {
            return [self.title.as_str(), self.note.as_str()].concat();
        }
        [self.title.as_str(), ";", self.note.as_str()].concat()
    }
}

/// Takes a folded name apart, in either script.
pub(super) fn parse(text: &str) -> Person {
    if has_han(text) {
        parse_han(&dotted(join_han(text)))
    } else {
        person_latin::parse(text)
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
        join_words([given, middle, family])
    };
    let [given_key, middle_key, family_key] = [given, middle, family].map(text_key);
    let full = if whole.is_empty() && value.is_ascii() {
        // Blanks part the components, so their keys follow each other.
        join_words([&given_key, &middle_key, &family_key])
    } else {
        text_key(&value)
    };
    let mut person = Person {
        full,
        family: family_key,
        given: given_key,
        middle: middle_key,
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

fn join_words(words: [&str; 3]) -> String {
    let mut text = String::with_capacity(words.iter().map(|word| word.len() + 1).sum());
    for word in words.into_iter().filter(|word| !word.is_empty()) {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(word);
    }
    text
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

/// Names of peoples with the dot of the keyboard between Han characters: 买买提.吐尔逊 → 买买提·吐尔逊.
fn dotted(text: String) -> String {
    if !text.contains('.') {
        return text;
    }
    let chars: Vec<char> = text.chars().collect();
    let is_between = |at: usize| {
        let before = at.checked_sub(1).and_then(|at| chars.get(at));
        before.is_some_and(|&c| is_han(c)) && chars.get(at + 1).is_some_and(|&c| is_han(c))
    };
    let dotted = |(at, &c): (usize, &char)| if c == '.' && is_between(at) { '·' } else { c };
    chars.iter().enumerate().map(dotted).collect()
}

fn parse_han(text: &str) -> Person {
    let outside = without_brackets(text).or_else(|| without_romanisation(text));
    if let Some((name, note)) = outside {
        let mut person = parse_han(&name);
        let slot = if is_title(&simplify(&note)) && person.title.is_empty() {
            &mut person.title
        } else {
            &mut person.note
        };
        if !slot.is_empty() {
            slot.push(';');
        }
        slot.push_str(&note);
        return person;
    }
    let simple = simplify(text).into_owned();
    let named = without_title(&simple);
    let start = simple[..named.start].chars().count();
    let value = text
        .chars()
        .skip(start)
        .take(named.name.chars().count())
        .collect();
    let name = named.name;
    let title = named.title;
    if let Some((given, family)) = name.split_once('·') {
        return Person {
            full: text_key(name),
            given: text_key(given),
            family: text_key(family),
            title,
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
            title,
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
        title,
        value,
        ..Person::default()
    }
}

/// The name and what stood in brackets after it.
fn without_brackets(text: &str) -> Option<(String, String)> {
    let (name, rest) = text.split_once('(')?;
    let (inner, after) = rest.split_once(')').unwrap_or((rest, ""));
    let name = [name, after].concat();
    name.chars().any(is_han).then(|| (name, inner.to_owned()))
}

/// The Chinese name beside its Latin spelling (`Zhang San 张三`), and that spelling.
fn without_romanisation(text: &str) -> Option<(String, String)> {
    if text.chars().all(is_han) {
        return None;
    }
    let name: String = text.chars().filter(|&c| is_han(c) || c == '·').collect();
    let rest: String = text.chars().filter(|&c| !is_han(c) && c != '·').collect();
    let is_apart = rest.chars().filter(char::is_ascii_alphabetic).count() >= 2
        && (text.starts_with(is_han) != text.ends_with(is_han))
        && text.contains(&name);
    (is_apart && is_han_person(&simplify(&name))).then(|| (name, rest.trim().to_owned()))
}

static TITLES: LazyLock<WordList> = LazyLock::new(|| WordList::new(titles::HAN.iter().copied()));

/// Is the text a title of two characters or more, or a department?
pub(super) fn is_title(text: &str) -> bool {
    text.chars().nth(1).is_some() && (TITLES.suffix(text) == Some(text) || is_department(text))
}

fn is_department(text: &str) -> bool {
    text.chars().nth(2).is_some() && text.ends_with(['部', '科', '处', '室', '办', '组'])
        || text.ends_with("中心")
}

/// A Chinese name between titles.
struct Named<'a> {
    name: &'a str,
    /// Byte at which the name starts.
    start: usize,
    title: String,
}

/// A Chinese name without the titles after and before it, or 老, 小 and 阿 before a surname.
fn without_title(text: &str) -> Named<'_> {
    let (before, rest) = text.split_at(leading_title(text));
    let (name, after) = without_trailing_title(rest);
    if !after.is_empty() || !before.is_empty() {
        return Named {
            name,
            start: before.len(),
            title: [before, after].concat(),
        };
    }
    for prefix in ["老", "小", "阿"] {
        if let Some(name) = text.strip_prefix(prefix)
            && is_surname(name)
        {
            return Named {
                name,
                start: prefix.len(),
                title: prefix.to_owned(),
            };
        }
    }
    Named {
        name: text,
        start: 0,
        title: String::new(),
    }
}

/// Bytes of the department or title before a name: 财务部王会计, 总经理王建国.
fn leading_title(text: &str) -> usize {
    if text.chars().nth(3).is_none() {
        return 0;
    }
    let mut ends = text.char_indices().skip(2).take(5).map(|(at, _)| at);
    ends.find(|&at| {
        let name = &text[at..];
        let is_name = || {
            let (bare, title) = without_trailing_title(name);
            is_han_person(bare) || !title.is_empty() && is_surname(bare)
        };
        is_title(&text[..at]) && is_name()
    })
    .unwrap_or(0)
}

/// A Chinese name and the title after it.
fn without_trailing_title(text: &str) -> (&str, &str) {
    for title in TITLES.suffixes(text) {
        let at = text.len() - title.len();
        let name = &text[..at];
        let is_one_character = title.len() == 3;
        let is_read = if is_one_character {
            is_surname(name) || (matches!(title, "总" | "董") && name.chars().count() == 3)
        } else {
            leading_surname(name).is_some() || name.chars().nth(1).is_some()
        };
        if is_read && at > 0 {
            return (name, &text[at..]);
        }
    }
    (text, "")
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
        check("张晓丰Zhang Xiaofeng", ["张晓丰", "张", "晓丰", ""]);
        check("Smith, John", ["John Smith", "smith", "john", ""]);
        check("买买提.吐尔逊", ["买买提·吐尔逊", "吐尔逊", "买买提", ""]);
        check("总经理王建国", ["王建国", "王", "建国", ""]);
    }

    #[test]
    fn titles_are_kept_apart() {
        for (raw, value, title) in [
            ("王建国先生", "王建国", "先生"),
            ("李梅(财务)", "李梅", "财务"),
            ("总经理王建国", "王建国", "总经理"),
            ("王建国总经理", "王建国", "总经理"),
            ("财务部李小梅", "李小梅", "财务部"),
            ("财务部王会计", "财务部王会计", "财务部会计"),
            ("Dr. Jane Smith", "Jane Smith", "dr"),
        ] {
            let person = parse(raw);
            assert_eq!(
                (person.value.as_str(), person.title.as_str()),
                (value, title),
                "{raw}"
            );
        }
    }

    #[test]
    fn surnames_sound_as_surnames_and_pinyin_as_han() {
        for (name, family, given) in [
            ("单小明", "shan", "xiaoming"),
            ("仇伟", "qiu", "wei"),
            ("解晓东", "xie", "xiaodong"),
            ("查良镛", "zha", "liangyong"),
            ("曾国藩", "zeng", "guofan"),
            ("区志强", "ou", "zhiqiang"),
            ("翟天临", "zhai", "tianlin"),
            ("乐嘉", "yue", "jia"),
            ("万俟雪", "moqi", "xue"),
            ("尉迟恭", "yuchi", "gong"),
            ("Zhang Xiaoming", "zhang", "xiaoming"),
        ] {
            assert_eq!(parse(name).sounds(), [family, given], "{name}");
        }
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
