//! E-mail addresses.
//!
//! In: a cell with one or several addresses. Out: each in lower case with user, domain and whether the provider is open to
//! everyone (`true` or `false`). Full-width marks, `mailto:`, brackets and a final stop are repaired; misspelt providers
//! are only noted. Parts of RFC 5321 that customers never use (quoted users, literals) are refused.

use super::FieldType;
use super::StandardValue;
use super::cell;
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
        &["user", "domain", "is_free"]
    }
    fn standardise(&self, raw: &str) -> StandardValue {
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
            ("test@test.com", None),
            ("无@无.com", None),
            ("not an address", None),
        ]
    }
}

fn read_cell(raw: &str) -> StandardValue {
    let text = match cell::folded_short(raw) {
        Ok(text) => text,
        Err(answer) => return answer,
    };
    let mut cell = cell::Cell::new(raw);
    let text = text.replace(" @", "@").replace("@ ", "@");
    const SEPARATORS: &[char] = &[' ', ';', ',', '、', '/', '|', '(', ')', '<', '>', '"'];
    for piece in cell::pieces(&text, SEPARATORS) {
        // Words beside an address are labels or names.
        if piece.contains('@') || !text.contains('@') {
            add_address(&mut cell, piece);
        }
    }
    cell.finish()
}

fn add_address(cell: &mut cell::Cell, piece: &str) {
    let repaired = piece.to_lowercase().replace('。', ".");
    let address = repaired
        .trim_start_matches("mailto:")
        .trim_matches(|c: char| matches!(c, '.' | '\'' | ':' | '-'));
    let address = address.rsplit_once(':').map_or(address, |(_, last)| last);
    if placeholders::EMAILS.contains(&address) {
        return cell.placeholder();
    }
    let Some((user, domain)) = address.rsplit_once('@') else {
        return cell.invalid("malformed");
    };
    let is_domain_text = |c: char| c.is_alphanumeric() || c == '.' || c == '-';
    if user.is_empty() || domain.is_empty() || !domain.chars().all(is_domain_text) {
        return cell.invalid("malformed");
    }
    let is_odd = !domain.contains('.')
        || domain.contains("..")
        || domain.starts_with('.')
        || !address.is_ascii()
        || !user
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "._%+-'&#!=".contains(c))
        || mail_domains::MISSPELT.iter().any(|(wrong, _)| *wrong == domain);
    let status = if is_odd {
        cell.issue("suspicious");
        ValueStatus::Suspicious
    } else {
        ValueStatus::Valid
    };
    let is_free = if mail_domains::is_free(domain) {
        "true"
    } else {
        "false"
    };
    cell.item(status, address.to_owned(), cell::parts([user, domain, is_free]));
}
