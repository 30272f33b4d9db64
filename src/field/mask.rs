//! Masked texts: what of a value may be shown outside the records themselves.
//!
//! In: a masking class and a raw or standard text. Out: the text with what identifies a person taken out. Formats are
//! those usual in Chinese practice (GB/T 35273-2020 clause 7.2: limits on display): name 张*丰, mobile 138****8000,
//! landline 010-****5566, ID card 3 + 4, bank card 6 + 4, address down to the county, e-mail a***@x.com. Masking loses
//! nothing but characters, so it also takes damaged values: what a class does not recognise shows two characters at
//! most. Masked texts are for eyes; they are no keys, because many values share one. Which field has which class is said
//! by [`masking_class`]; who may see more is decided by the caller.

use super::FieldSpec;
use super::Sensitivity;
use super::field_type;
use super::personal::is_card;
use crate::reference::area_codes::leading_area_code;
use crate::reference::legal_forms;
use crate::reference::regions;
use crate::reference::surnames::leading_surname;
use crate::text::fold::fold;
use crate::text::script::is_han;

/// How a value is masked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MaskingClass {
    /// Shown as it is.
    None,
    /// Names of persons and organisations.
    Name,
    /// Telephone numbers.
    Phone,
    /// E-mail addresses.
    Email,
    /// Numbers of cards, licences and accounts.
    Id,
    /// Bank cards.
    BankCard,
    /// Addresses.
    Address,
    /// Dates of persons: the year stays.
    Date,
    /// Any other text: its first two characters.
    Text,
}

impl MaskingClass {
    /// Every class.
    pub const ALL: [Self; 9] = [
        Self::None,
        Self::Name,
        Self::Phone,
        Self::Email,
        Self::Id,
        Self::BankCard,
        Self::Address,
        Self::Date,
        Self::Text,
    ];

    /// The word that field types use, such as `phone`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Name => "name",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Id => "id",
            Self::BankCard => "bank_card",
            Self::Address => "address",
            Self::Date => "date",
            Self::Text => "text",
        }
    }

    /// The class of this word; an unknown word is masked like text.
    pub fn named(word: &str) -> Self {
        let found = Self::ALL.into_iter().find(|class| class.as_str() == word);
        found.unwrap_or(Self::Text)
    }
}

/// The class of a field: public fields are open, sensitive ones never are, and names are masked in all.
pub fn masking_class(field: &FieldSpec) -> MaskingClass {
    let of_type = field_type(&field.field_type).map_or(MaskingClass::Text, |field_type| {
        MaskingClass::named(field_type.masking())
    });
    let is_name = matches!(&*field.name, "owner" | "short_name");
    match field.sensitivity {
        _ if is_name => MaskingClass::Name,
        Sensitivity::Public => MaskingClass::None,
        Sensitivity::Internal if matches!(of_type, MaskingClass::Text | MaskingClass::Date) => {
            MaskingClass::None
        }
        Sensitivity::Sensitive if of_type == MaskingClass::None => MaskingClass::Text,
        Sensitivity::Internal | Sensitivity::Sensitive => of_type,
    }
}

/// Masks one value.
///
/// # Examples
/// ```
/// use guiyi::field::mask::MaskingClass;
/// use guiyi::field::mask::mask;
/// assert_eq!(mask(MaskingClass::Name, "张三丰"), "张*丰");
/// assert_eq!(mask(MaskingClass::Phone, "13800138000"), "138****8000");
/// assert_eq!(mask(MaskingClass::Email, "ann@x.com"), "a***@x.com");
/// ```
pub fn mask(class: MaskingClass, value: &str) -> String {
    if class == MaskingClass::None {
        return value.to_owned();
    }
    let folded = fold(value);
    let text = folded.trim();
    if text.is_empty() {
        return String::new();
    }
    match class {
        MaskingClass::None => value.to_owned(),
        MaskingClass::Name => several(text, name),
        MaskingClass::Phone => several(text, phone),
        MaskingClass::Email => several(text, email),
        MaskingClass::Id => several(text, identifier),
        MaskingClass::BankCard => several(text, bank_card),
        MaskingClass::Address => address(text),
        MaskingClass::Date => date(text),
        MaskingClass::Text => plain(text),
    }
}

/// Masks the pieces of a cell that holds several values.
fn several(text: &str, one: fn(&str) -> String) -> String {
    let is_between = |c: char| matches!(c, '/' | ';' | ',' | '、' | '|' | '\n' | '\r' | '&');
    let mut masked = String::with_capacity(text.len());
    for piece in text.split_inclusive(is_between) {
        let value = piece.trim_end_matches(is_between);
        if !value.trim().is_empty() {
            let blank = value.len() - value.trim_start().len();
            masked.push_str(&value[..blank]);
            masked.push_str(&one(value.trim()));
        }
        masked.push_str(&piece[value.len()..]);
    }
    masked
}

fn stars(count: usize) -> String {
    "*".repeat(count)
}

/// The first `front` and last `back` characters, stars between; less when the text is short.
fn kept(text: &str, front: usize, back: usize) -> String {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() < front + back + 4 {
        return plain(text);
    }
    let hidden = chars.len() - front - back;
    let head: String = chars[..front].iter().collect();
    let tail: String = chars[front + hidden..].iter().collect();
    format!("{head}{}{tail}", stars(hidden))
}

/// The first two characters, but never more than half of the text; a single one stays.
fn plain(text: &str) -> String {
    let count = text.chars().count();
    let shown = count.div_ceil(2).min(2);
    let head: String = text.chars().take(shown).collect();
    format!("{head}{}", stars((count - shown).min(6)))
}

fn name(text: &str) -> String {
    let letters: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    if letters.iter().copied().any(is_han) {
        return han_name(&letters);
    }
    let mut masked: Vec<String> = Vec::new();
    for word in text.split_whitespace().take(6) {
        let is_form = |form: &(&str, &str)| form.0.eq_ignore_ascii_case(word.trim_end_matches('.'));
        if !masked.is_empty() && legal_forms::LATIN.iter().any(is_form) {
            masked.push(word.to_owned());
            continue;
        }
        let first = word.chars().next().filter(|c| c.is_alphabetic());
        masked.push(format!("{}***", first.map(String::from).unwrap_or_default()));
    }
    masked.join(" ")
}

/// Persons keep their surname and, of three characters, the last; organisations their first character and legal form.
fn han_name(letters: &[char]) -> String {
    let whole: String = letters.iter().collect();
    let form = legal_forms::han_suffixes(&whole)
        .map(|(suffix, _)| suffix)
        .filter(|suffix| suffix.chars().count() > 1)
        .max_by_key(|suffix| suffix.len());
    let first = letters[0];
    let shown_first = if first.is_alphabetic() {
        String::from(first)
    } else {
        "*".to_owned()
    };
    if let Some(form) = form.filter(|form| form.len() < whole.len()) {
        // A shop may be called after its owner, a company behind its region hardly.
        let region = regions::prefix_lengths(&whole)
            .map(|end| &whole[..end])
            .find(|prefix| regions::divisions_named(prefix).next().is_some())
            .filter(|region| form.ends_with("公司") && region.len() + form.len() < whole.len());
        return format!("{}******{form}", region.unwrap_or(&shown_first));
    }
    let compound = leading_surname(&whole).filter(|surname| surname.chars().count() > 1);
    match (letters, compound) {
        ([_], _) => shown_first,
        ([_, _], _) => format!("{shown_first}*"),
        ([_, _, _], Some(surname)) => format!("{surname}*"),
        ([_, _, last], None) if letters.iter().copied().all(is_han) => format!("{shown_first}*{last}"),
        ([_, _, _, _], Some(surname)) => format!("{surname}**"),
        ([_, _, _] | [_, _, _, _], _) => format!("{shown_first}**"),
        _ => format!("{shown_first}******"),
    }
}

fn phone(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if digits.len() < 7 {
        return plain(text);
    }
    let tail = &digits[digits.len() - 4..];
    if text.starts_with('+') {
        let national = digits.strip_prefix("86").filter(|rest| rest.len() == 11);
        return national.map_or_else(
            || format!("+{}****{tail}", &digits[..2]),
            |mobile| format!("+86 {}****{tail}", &mobile[..3]),
        );
    }
    let mobile = if digits.len() >= 13 {
        digits.strip_prefix("86").unwrap_or(&digits)
    } else {
        &digits
    };
    if mobile.len() == 11 && mobile.starts_with('1') {
        return format!("{}****{tail}", &mobile[..3]);
    }
    if let Some(area) = leading_area_code(&digits).filter(|area| digits.len() >= area.len() + 7) {
        // An extension behind the number is not what tells it apart.
        let number = &digits[area.len()..];
        let local = &number[..number.len().min(8)];
        return format!("{area}-****{}", &local[local.len() - 4..]);
    }
    match digits.len() {
        7..=9 => format!("****{tail}"),
        _ => format!("{}****{tail}", &digits[..3]),
    }
}

fn email(text: &str) -> String {
    let Some((user, host)) = text.rsplit_once('@').filter(|(user, _)| !user.is_empty()) else {
        return plain(text);
    };
    // What stands before a blank or in brackets is a name: `Ann Lee <ann@x.com>`.
    let user = user.rsplit([' ', '<', '(', ':']).next().unwrap_or_default();
    let first = user.chars().next().map(String::from).unwrap_or_default();
    let host: String = host
        .chars()
        .take_while(|c| !c.is_whitespace() && !matches!(c, '>' | ')' | '<' | '('))
        .collect();
    match personal_number(&host) {
        true => format!("{first}***@***"),
        false => format!("{first}***@{host}"),
    }
}

/// Does the text hold seven digits or more?
fn personal_number(text: &str) -> bool {
    text.bytes().filter(u8::is_ascii_digit).count() >= 7
}

fn identifier(text: &str) -> String {
    let bare: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    if is_card(&bare) {
        return kept(&bare, 3, 4);
    }
    if bare.len() == 18 && bare.is_ascii() {
        return format!("{}{}", &bare[..8], stars(10));
    }
    if (15..=19).contains(&bare.len()) && bare.bytes().all(|b| b.is_ascii_digit()) {
        return bank_card(&bare);
    }
    plain(&bare)
}

fn bank_card(text: &str) -> String {
    let bare: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    kept(&bare, 6, 4)
}

/// Province, city and county of a Chinese address; locality and state of a Latin one.
fn address(text: &str) -> String {
    let Some(address_type) = field_type("address") else {
        return plain(text);
    };
    let value = address_type.standardise(text);
    let part = |wanted: &str| -> &str {
        let at = address_type.parts().iter().position(|part| *part == wanted);
        let found = at.and_then(|at| value.items.first()?.parts.get(at));
        found.map_or("", String::as_str)
    };
    let folded = |text: &str| text.to_lowercase();
    let lower = folded(text);
    let shown: Vec<&str> = ["province", "city", "county", "locality", "state"]
        .into_iter()
        .map(part)
        .filter(|part| !part.is_empty() && !personal_number(part) && lower.contains(&folded(part)))
        .collect();
    if shown.is_empty() {
        return format!("{}******", plain(text).trim_end_matches('*'));
    }
    let mut unique: Vec<&str> = Vec::new();
    for part in shown {
        if !unique.contains(&part) {
            unique.push(part);
        }
    }
    if unique.iter().any(|part| part.chars().any(is_han)) {
        format!("{}******", unique.concat())
    } else {
        format!("****** {}", unique.join(", "))
    }
}

/// The year alone.
fn date(text: &str) -> String {
    let is_date = |c: char| c.is_ascii_digit() || " -/.:T年月日".contains(c);
    let year = text.get(..4).and_then(|year| year.parse::<u32>().ok());
    match year {
        Some(year) if (1800..=2100).contains(&year) && text.len() > 4 && text.chars().all(is_date) => {
            format!("{year}-**-**")
        }
        _ => plain(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::customer_schema;

    fn check(class: MaskingClass, cases: &[(&str, &str)]) {
        for (value, expected) in cases {
            assert_eq!(mask(class, value), *expected, "{class:?} `{value}`");
        }
    }

    #[test]
    fn names_keep_the_surname_and_organisations_their_form() {
        let cases = [
            ("王", "王"),
            ("张三", "张*"),
            ("张 三 丰", "张*丰"),
            ("欧阳锋", "欧阳*"),
            ("欧阳娜娜", "欧阳**"),
            ("买买提·吐尔逊", "买******"),
            ("张三、李小四", "张*、李*四"),
            ("张三13812345678", "张******"),
            ("南通鑫春隆饲料有限公司", "南通******有限公司"),
            ("鑫春隆饲料有限公司", "鑫******有限公司"),
            ("张三水果店", "张******"),
            ("John Smith", "J*** S***"),
            ("Smith, John", "S***, J***"),
            ("Harbour Lights Ltd", "H*** L*** Ltd"),
            ("", ""),
        ];
        check(MaskingClass::Name, &cases);
    }

    #[test]
    fn numbers_keep_ends_that_tell_nobody_apart() {
        let phones = [
            ("13800138000", "138****8000"),
            ("138-0013-8000", "138****8000"),
            ("+86 138 0013 8000", "+86 138****8000"),
            ("010-66885566", "010-****5566"),
            ("0513 42997533转802", "0513-****7533"),
            ("66885566", "****5566"),
            ("(213) 849-0421", "213****0421"),
            ("+44 20 7946 0958", "+44****0958"),
            ("13581481977;0513-42997533", "135****1977;0513-****7533"),
            ("无", "无"),
            ("12345", "12***"),
        ];
        check(MaskingClass::Phone, &phones);
        let ids = [
            ("11010519491231002X", "110***********002X"),
            ("110105491231002", "110********1002"),
            ("92110105MA1H8R7C6D", "92110105**********"),
            ("E12345678", "E1******"),
        ];
        check(MaskingClass::Id, &ids);
        check(
            MaskingClass::BankCard,
            &[("6222021234567890123", "622202*********0123")],
        );
    }

    #[test]
    fn places_mails_dates_and_texts_lose_what_is_theirs_alone() {
        let addresses = [
            ("北京市朝阳区汉庭路3号楼501", "北京市朝阳区******"),
            ("跃龙路200号", "跃龙******"),
        ];
        check(MaskingClass::Address, &addresses);
        assert!(!mask(MaskingClass::Address, "4016 Pine St, Los Angeles, CA 90001").contains("Pine"));
        check(
            MaskingClass::Email,
            &[
                ("ann.lee@x.com", "a***@x.com"),
                ("Ann Lee <ann@x.com>", "a***@x.com"),
                ("无", "无"),
            ],
        );
        check(
            MaskingClass::Date,
            &[
                ("1980-01-02", "1980-**-**"),
                ("19800102", "1980-**-**"),
                ("王小明", "王小*"),
            ],
        );
        check(
            MaskingClass::Text,
            &[
                ("男", "男"),
                ("Female", "Fe****"),
                ("备注很长很长很长很长", "备注******"),
                ("ab", "a*"),
            ],
        );
        check(MaskingClass::None, &[("华东", "华东")]);
    }

    #[test]
    fn sensitive_fields_are_never_open_and_words_name_their_class() {
        for field in customer_schema() {
            let class = masking_class(field);
            assert!(
                field.sensitivity != Sensitivity::Sensitive || class != MaskingClass::None,
                "{}",
                field.name
            );
        }
        for class in MaskingClass::ALL {
            assert_eq!(MaskingClass::named(class.as_str()), class);
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_can_be_masked(text in "\\PC{0,24}|[0-9A-Zx+() @.-]{0,24}|[张三市区路0-9]{0,16}") {
            for class in MaskingClass::ALL {
                let masked = mask(class, &text);
                proptest::prop_assert!(class == MaskingClass::None || masked.chars().count() <= 3 * text.chars().count() + 12);
            }
        }
    }
}
