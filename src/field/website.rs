//! Websites.
//!
//! In: text. Out: host in lower case and path, without scheme, `www.` and final slash; the host as a part.

use super::FieldType;
use super::StandardValue;
use super::cell;
use crate::model::ValueStatus;

/// The field type.
pub(super) struct Website;

impl FieldType for Website {
    fn name(&self) -> &'static str {
        "website"
    }
    fn labels(&self) -> [&'static str; 2] {
        ["Website", "网站"]
    }
    fn parts(&self) -> &'static [&'static str] {
        &["domain"]
    }
    fn standardise(&self, raw: &str) -> StandardValue {
        cell::settled(raw, read_cell)
    }
    fn comparator(&self) -> Option<&'static str> {
        Some("text")
    }
    fn masking(&self) -> &'static str {
        "none"
    }
    fn examples(&self) -> &'static [(&'static str, Option<&'static str>)] {
        &[
            ("https://www.Example.com/", Some("example.com")),
            ("ｗｗｗ．huaxia。com．cn", Some("huaxia.com.cn")),
            ("http://公司.中国/About", Some("公司.中国/About")),
            ("没有", None),
            ("localhost", None),
        ]
    }
}

fn read_cell(raw: &str) -> StandardValue {
    let text = match cell::folded_short(raw) {
        Ok(text) => text.replace('。', ".").replace(' ', ""),
        Err(answer) => return answer,
    };
    let mut rest = text.as_str();
    loop {
        let lower = rest.to_ascii_lowercase();
        let Some(prefix) = ["https://", "http://", "//", "www."]
            .iter()
            .find(|p| lower.starts_with(**p))
        else {
            break;
        };
        rest = &rest[prefix.len()..];
    }
    let rest = rest.trim_end_matches(['/', '.']);
    let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let host = host.to_lowercase();
    let is_host_text = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | ':');
    if !host.trim_matches('.').contains('.') || !host.chars().all(is_host_text) {
        return cell::invalid("malformed");
    }
    let value = format!("{host}{path}");
    cell::single(raw, ValueStatus::Valid, value, vec![host])
}
