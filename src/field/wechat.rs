//! WeChat names 微信号.
//!
//! In: text. Out: a name of 6–20 characters (a letter, then letters, digits, `_` or `-`; WeChat's own rule) in lower case,
//! which WeChat does not tell apart, or the mobile or QQ number that stands for one. The part says which: `name`, `phone`
//! or `qq`.

use super::FieldType;
use super::StandardValue;
use super::cell;
use super::cell::Cell;
use super::code_text;
use super::qq::is_qq;
use crate::model::ValueStatus;
use crate::reference::placeholders;

/// The field type.
pub(super) struct Wechat;

impl FieldType for Wechat {
    fn name(&self) -> &'static str {
        "wechat"
    }
    fn labels(&self) -> [&'static str; 2] {
        ["WeChat name", "微信号"]
    }
    fn parts(&self) -> &'static [&'static str] {
        &["kind"]
    }
    fn standardise(&self, raw: &str) -> StandardValue {
        cell::settled(raw, read_cell)
    }
    fn comparator(&self) -> Option<&'static str> {
        Some("identifier")
    }
    fn masking(&self) -> &'static str {
        "id"
    }
    fn examples(&self) -> &'static [(&'static str, Option<&'static str>)] {
        &[
            ("wx_abc99", Some("wx_abc99")),
            ("Wang-Xiaoming_88", Some("wang-xiaoming_88")),
            ("微信：ｗａｎｇ＿xm８８", Some("wang_xm88")),
            ("138 1234 9876", Some("13812349876")),
            ("28526193", Some("28526193")),
            ("同手机", None),
            ("a1", None),
            ("无", None),
        ]
    }
    fn findings(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("小明同学", "malformed"),
            ("_abc123456", "malformed"),
            ("ａ１", "malformed"),
            ("wang@huaxia.com", "wrong_field"),
            ("1.38123E+10", "precision_lost"),
            ("00000000", "placeholder"),
        ]
    }
}

fn read_cell(raw: &str) -> StandardValue {
    let line = match code_text::line(raw) {
        Ok(line) => line,
        Err(answer) => return answer,
    };
    let mut cell = Cell::new(raw);
    if line.contains('@') {
        return cell::wrong_field("emails");
    }
    let name = line.replace(' ', "").to_ascii_lowercase();
    let digits = name.replace('-', "");
    let (value, kind) = if is_wechat(&name) {
        (name, "name")
    } else if code_text::is_mobile(&digits) {
        (digits, "phone")
    } else if is_qq(&digits) {
        (digits, "qq")
    } else {
        if placeholders::is_code(&digits) {
            cell.placeholder();
        } else {
            cell.invalid("malformed");
        }
        return cell.finish();
    };
    if placeholders::is_code(&value) {
        cell.placeholder();
    } else {
        cell.item(ValueStatus::Valid, value, cell::parts([kind]));
    }
    cell.finish()
}

/// A letter and five to nineteen letters, digits, `_` or `-`.
pub(super) fn is_wechat(name: &str) -> bool {
    let bytes = name.as_bytes();
    (6..=20).contains(&bytes.len())
        && bytes[0].is_ascii_alphabetic()
        && bytes
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
}
