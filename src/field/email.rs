//! E-mail addresses.
//!
//! In: a cell with one or several addresses. Out: each in lower case with local part, domain and class: `free` for a
//! provider open to everyone, `role` for the mailbox of a function (info@), otherwise `company`. Full-width marks, `mailto:`,
//! brackets and a final stop go; Chinese stops and commas for dots and endings that no registry has (`.con`) are repaired;
//! misspelt providers are suggested, never replaced. Numbers at qq.com and 139.com are held to the rules of QQ and mobile
//! numbers. Parts of RFC 5321 that customers never use (quoted users, literals) are refused.

use super::FieldType;
use super::StandardValue;
use super::cell;
use super::cell::Cell;
use super::code_text;
use super::qq::is_qq;
use crate::model::ValueStatus;
use crate::reference::mail_domains;
use crate::reference::placeholders;

/// The field type.
pub(super) struct Email;

impl FieldType for Email {
    fn name(&self) -> &'static str {
        "email"
    }
    fn labels(&self) -> [&'static str; 2] {
        ["E-mail", "电子邮箱"]
    }
    fn parts(&self) -> &'static [&'static str] {
        &["local", "domain", "class"]
    }
    fn standardise(&self, raw: &str) -> StandardValue {
        // Most cells hold one clean address and nothing else.
        if is_clean(raw) {
            let mut cell = Cell::new(raw);
            add_address(&mut cell, raw);
            return cell.finish();
        }
        cell::settled(raw, read_cell)
    }
    fn comparator(&self) -> Option<&'static str> {
        Some("email")
    }
    fn masking(&self) -> &'static str {
        "email"
    }
    fn examples(&self) -> &'static [(&'static str, Option<&'static str>)] {
        &[
            ("Zhang.San@Example.COM", Some("zhang.san@example.com")),
            ("王总＜wang＠qq．com＞", Some("wang@qq.com")),
            ("mailto:info@huaxia.com.cn。", Some("info@huaxia.com.cn")),
            ("a.b@qq。com", Some("a.b@qq.com")),
            ("user@gmial.com", Some("user@gmial.com")),
            ("wang@163.con", Some("wang@163.com")),
            ("lihua@huaxia，com", Some("lihua@huaxia.com")),
            ("王芳 wang.fang@华夏.中国", Some("wang.fang@华夏.中国")),
            ("'info@huaxia.com'", Some("info@huaxia.com")),
            ("wang @ huaxia . com", Some("wang@huaxia.com")),
            ("test@test.com", None),
            ("无@无.com", None),
            ("not an address", None),
        ]
    }
    fn findings(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("user@gmial.com", "typo_suggested"),
            ("user@qqcom", "typo_suggested"),
            ("wang@163.con", "repaired"),
            ("lihua@huaxia，com", "repaired"),
            ("a.b@qq。com", "repaired"),
            ("wang＠＠qq.com", "repaired"),
            ("info@huaxia.com", "role_account"),
            ("０１２３@qq.com", "suspicious"),
            ("16012349876@139.com", "suspicious"),
            ("test@test.com", "placeholder"),
            ("not an address", "malformed"),
            ("13812349876", "wrong_field"),
            ("www.huaxia.com", "wrong_field"),
        ]
    }
}

/// One address in its standard form, without anything that a repair or a split would look for?
fn is_clean(raw: &str) -> bool {
    let is_text = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'_');
    let ends_well = raw.as_bytes().last().is_some_and(u8::is_ascii_lowercase);
    ends_well
        && raw.len() <= 254
        && raw.as_bytes()[0] != b'.'
        && raw.bytes().all(|b| is_text(&b) || b == b'@')
        && raw.bytes().filter(|b| *b == b'@').count() == 1
}

fn read_cell(raw: &str) -> StandardValue {
    let text = match cell::folded_short_cow(raw) {
        Ok(text) => text,
        Err(answer) => return answer,
    };
    let mut cell = Cell::new(raw);
    if !text.contains('@') {
        return without_at(&text);
    }
    let text = without_blanks(&mut cell, &text.to_lowercase());
    let text = with_dots(&mut cell, &text);
    const SEPARATORS: &[char] = &[' ', ';', ',', '、', '/', '|', '(', ')', '<', '>', '"', '或'];
    for piece in cell::pieces(&text, SEPARATORS) {
        // Words beside an address are labels or names.
        if piece.contains('@') {
            let address = piece
                .trim_start_matches("mailto:")
                .trim_matches(|c: char| matches!(c, '.' | '\'' | ':' | '-' | '=' | '`'));
            let address = address.rsplit_once(':').map_or(address, |(_, last)| last);
            add_address(&mut cell, address);
        }
    }
    if cell.is_empty() && !cell.has_findings() {
        cell.invalid("malformed");
    }
    cell.finish()
}

/// A cell without the mark of an address: perhaps it is of another field.
fn without_at(text: &str) -> StandardValue {
    let digits = text.trim_start_matches(['+', '-', ' ']);
    if code_text::is_mobile(digits) {
        return cell::wrong_field("phones");
    }
    let is_site = ["http://", "https://", "www."].iter().any(|start| {
        text.get(..start.len())
            .is_some_and(|s| s.eq_ignore_ascii_case(start))
    });
    if is_site {
        return cell::wrong_field("website");
    }
    cell::invalid("malformed")
}

/// The text without blanks beside marks, which no address has, and with one mark where `@@` was typed.
fn without_blanks(cell: &mut Cell, text: &str) -> String {
    let mut text = text.replace(" @", "@").replace("@ ", "@");
    if text.contains("@@") {
        cell.repaired("@@ → @");
        while text.contains("@@") {
            text = text.replace("@@", "@");
        }
    }
    // Dots stand alone in a single address only; in a list they may end a word.
    if text.contains(" . ") && text.matches('@').count() == 1 {
        text = text.replace(" . ", ".");
    }
    text
}

/// Dots where Chinese stops, or a comma before an ending, were typed.
fn with_dots(cell: &mut Cell, text: &str) -> String {
    const ENDINGS: &[&str] = &["com", "cn", "net", "org"];
    let mut dotted = String::with_capacity(text.len());
    let mut is_domain = false;
    for (at, c) in text.char_indices() {
        let after = &text[at + c.len_utf8()..];
        let is_inner = after.starts_with(|c: char| c.is_alphanumeric());
        match c {
            '@' => is_domain = true,
            ' ' | ';' | '、' | '/' => is_domain = false,
            '。' if is_inner => {
                cell.repaired("。 → .");
                dotted.push('.');
                continue;
            }
            '。' => {
                dotted.push(' ');
                continue;
            }
            ',' if is_domain => {
                let word = after.split(|c: char| !c.is_ascii_alphanumeric()).next();
                let is_ending = word.is_some_and(|word| ENDINGS.contains(&word));
                if is_ending
                    && !after
                        .split([' ', ',', ';'])
                        .next()
                        .unwrap_or_default()
                        .contains('@')
                {
                    cell.repaired(", → .");
                    dotted.push('.');
                    continue;
                }
                is_domain = false;
            }
            _ => {}
        }
        dotted.push(c);
    }
    dotted
}

/// Endings that no registry has and only one is meant by.
const ENDING_SLIPS: &[(&str, &str)] = &[
    ("con", "com"),
    ("cmo", "com"),
    ("ocm", "com"),
    ("comm", "com"),
    ("coom", "com"),
    ("ccom", "com"),
    ("vom", "com"),
    ("xom", "com"),
    ("conm", "com"),
    ("c0m", "com"),
    ("nte", "net"),
    ("nett", "net"),
    ("ogr", "org"),
];

/// Adds an address of lower case.
fn add_address(cell: &mut Cell, address: &str) {
    if placeholders::is_email(address) {
        return cell.placeholder();
    }
    let Some((local, domain)) = address.rsplit_once('@') else {
        return cell.invalid("malformed");
    };
    let is_domain_text = |c: char| c.is_alphanumeric() || c == '.' || c == '-';
    if local.is_empty() || domain.is_empty() || !domain.chars().all(is_domain_text) {
        return cell.invalid("malformed");
    }
    let slip = domain.rsplit_once('.').and_then(|(name, ending)| {
        let meant = ENDING_SLIPS.iter().find(|(slip, _)| *slip == ending)?.1;
        cell.repaired([".", ending, " → .", meant].concat());
        Some([name, ".", meant].concat())
    });
    let domain = slip.as_deref().unwrap_or(domain);
    if let Some(meant) = suggestion(domain) {
        cell.doubt("typo_suggested", meant);
    } else if is_odd(local, domain) {
        cell.doubt("suspicious", "");
    }
    let is_role = mail_domains::is_role(local);
    if is_role {
        cell.issue("role_account");
    }
    let class = if mail_domains::is_free(domain) {
        "free"
    } else if is_role {
        "role"
    } else {
        "company"
    };
    let value = [local, "@", domain].concat();
    cell.item(ValueStatus::Valid, value, cell::parts([local, domain, class]));
}

/// The provider that a domain was probably meant for.
fn suggestion(domain: &str) -> Option<&'static str> {
    if domain.contains('.') {
        return mail_domains::suggestion(domain);
    }
    // `qqcom`: the dot is missing.
    match domain {
        "qqcom" => Some("qq.com"),
        "163com" => Some("163.com"),
        "126com" => Some("126.com"),
        "gmailcom" => Some("gmail.com"),
        "sinacom" => Some("sina.com"),
        "hotmailcom" => Some("hotmail.com"),
        "outlookcom" => Some("outlook.com"),
        "foxmailcom" => Some("foxmail.com"),
        _ => None,
    }
}

/// Is the address possible but unlikely?
fn is_odd(local: &str, domain: &str) -> bool {
    let is_local_text = |b: u8| b.is_ascii_alphanumeric() || b"._%+-'&#!=".contains(&b);
    let is_number = local.bytes().all(|b| b.is_ascii_digit());
    let breaks_rule = match domain {
        "qq.com" => is_number && !is_qq(local),
        "139.com" => is_number && local.len() == 11 && !code_text::is_mobile(local),
        _ => false,
    };
    breaks_rule
        || !domain.contains('.')
        || domain.contains("..")
        || domain.starts_with(['.', '-'])
        || !domain.is_ascii()
        || !local.bytes().all(is_local_text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_addresses_come_out_one_by_one() {
        for raw in [
            "a@huaxia.com;b@qq.com",
            "a@huaxia.com、b@qq.com",
            "a@huaxia.com,b@qq.com",
            "王 a@huaxia.com / 李 B@QQ.com",
        ] {
            let items = Email.standardise(raw).items;
            let values: Vec<_> = items.iter().map(|item| item.value.as_str()).collect();
            assert_eq!(values, ["a@huaxia.com", "b@qq.com"], "{raw}");
        }
    }

    #[test]
    fn classes_follow_provider_and_mailbox() {
        let class = |raw| Email.standardise(raw).items[0].parts[2].clone();
        assert_eq!(class("wang@qq.com"), "free");
        assert_eq!(class("wang@huaxia.com"), "company");
        assert_eq!(class("sales@huaxia.com"), "role");
        assert_eq!(class("Info@QQ.com"), "free");
    }

    #[test]
    fn only_endings_that_cannot_be_are_repaired() {
        let seen = |raw: &str| {
            let value = Email.standardise(raw);
            let evidence = value.findings.first().map(|f| f.evidence.to_string());
            (
                value.items[0].value.clone(),
                value.status,
                evidence.unwrap_or_default(),
            )
        };
        assert_eq!(
            seen("wang@163.con"),
            (
                "wang@163.com".to_owned(),
                ValueStatus::Repaired,
                ".con → .com".to_owned()
            )
        );
        assert_eq!(
            seen("wang@gamil.com"),
            (
                "wang@gamil.com".to_owned(),
                ValueStatus::Suspicious,
                "gmail.com".to_owned()
            )
        );
        assert_eq!(seen("28526193@qq.com").1, ValueStatus::Valid);
        assert_eq!(seen("028526193@qq.com").1, ValueStatus::Suspicious);
        assert_eq!(seen("13812349876@139.com").1, ValueStatus::Valid);
    }
}
