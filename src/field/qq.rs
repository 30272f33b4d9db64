//! QQ numbers.
//!
//! In: text. Out: 5–11 digits without leading zero, from the number itself, a label with it, or an address at qq.com. Eleven
//! digits that are a mobile number are suspicious: people often give their telephone.

use super::FieldType;
use super::StandardValue;
use super::cell;
use super::cell::Cell;
use super::code_text;
use crate::model::ValueStatus;
use crate::reference::placeholders;

/// The field type.
pub(super) struct Qq;

impl FieldType for Qq {
    fn name(&self) -> &'static str {
        "qq"
    }
    fn labels(&self) -> [&'static str; 2] {
        ["QQ number", "QQ号"]
    }
    fn parts(&self) -> &'static [&'static str] {
        &[]
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
            ("6056886", Some("6056886")),
            ("QQ：２８５２６１９３", Some("28526193")),
            ("qq 28526193", Some("28526193")),
            ("28526193@qq.com", Some("28526193")),
            ("2.8526193E+7", Some("28526193")),
            ("0123456", None),
            ("12345678", None),
            ("无", None),
        ]
    }
    fn findings(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("28526193@qq.com", "repaired"),
            ("13812349876", "suspicious"),
            ("１３８１２３４９８７６", "suspicious"),
            ("012345678", "placeholder"),
            ("082345678", "malformed"),
            ("wang_xiaoming", "wrong_field"),
            ("wang@huaxia.com", "wrong_field"),
            ("1.1E+10", "precision_lost"),
            ("加我微信", "malformed"),
        ]
    }
}

fn read_cell(raw: &str) -> StandardValue {
    let line = match code_text::line(raw) {
        Ok(line) => line,
        Err(answer) => return answer,
    };
    let mut cell = Cell::new(raw);
    let bare = ["QQ", "qq", "Qq"]
        .iter()
        .find_map(|label| line.strip_prefix(label))
        .unwrap_or(&line);
    let bare = bare.trim_start_matches(['号', '码', ':', ' ']);
    let number = match bare.split_once('@') {
        Some((user, domain)) if domain.eq_ignore_ascii_case("qq.com") => {
            cell.finding("repaired", "@qq.com → QQ");
            user
        }
        Some(_) => return cell::wrong_field("emails"),
        None => bare,
    };
    let number: String = number
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | '\''))
        .collect();
    if placeholders::is_code(&number) || number == "012345678" {
        cell.placeholder();
    } else if is_qq(&number) {
        let status = if code_text::is_mobile(&number) {
            cell.finding("suspicious", "phones");
            ValueStatus::Suspicious
        } else if bare.contains('@') {
            ValueStatus::Repaired
        } else {
            ValueStatus::Valid
        };
        cell.item(status, number, Vec::new());
    } else if super::wechat::is_wechat(&number) {
        cell.refused("wrong_field", "wechat");
    } else {
        cell.invalid("malformed");
    }
    cell.finish()
}

/// Five to eleven digits without leading zero.
pub(super) fn is_qq(text: &str) -> bool {
    (5..=11).contains(&text.len()) && !text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit())
}
