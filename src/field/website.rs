//! Websites.
//!
//! In: text. Out: the host in lower case, without scheme, `www.`, port and path; punycode stays. Pages on a platform that
//! many companies share (shops, blogs) keep their path and have no domain, because the platform says nothing about its
//! tenant. An e-mail address is named as one.

use super::FieldType;
use super::StandardValue;
use super::cell;
use super::code_text;
use crate::model::ValueStatus;
use std::borrow::Cow;

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
            ("http://公司.中国/About", Some("公司.中国")),
            ("http://XN--55QX5D.cn:8080/", Some("xn--55qx5d.cn")),
            ("https://weibo.com/Huaxia", Some("weibo.com/Huaxia")),
            ("没有", None),
            ("localhost", None),
        ]
    }
    fn findings(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("info@huaxia.com", "wrong_field"),
            ("邮箱：ｉｎｆｏ＠huaxia.com", "wrong_field"),
            ("localhost", "malformed"),
            ("公司网站", "malformed"),
            ("无", "placeholder"),
        ]
    }
}

/// Platforms whose pages belong to others, by the end of the host.
const PLATFORMS: &[&str] = &[
    "weibo.com",
    "weibo.cn",
    "taobao.com",
    "tmall.com",
    "1688.com",
    "jd.com",
    "alibaba.com",
    "baidu.com",
    "qq.com",
    "wix.com",
    "facebook.com",
    "linkedin.com",
    "instagram.com",
    "youtube.com",
    "amazon.com",
    "github.io",
    "blogspot.com",
    "wordpress.com",
];

fn read_cell(raw: &str) -> StandardValue {
    let text = match cell::folded_short_cow(raw) {
        Ok(text) if text.contains(['。', ' ']) => Cow::Owned(text.replace('。', ".").replace(' ', "")),
        Ok(text) => text,
        Err(answer) => return answer,
    };
    let rest = without_scheme(code_text::without_guards(&text));
    let rest = rest.trim_end_matches(['/', '.', ',', ';']);
    let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    if host.contains('@') {
        return cell::wrong_field("emails");
    }
    let host = host
        .split(':')
        .next()
        .unwrap_or_default()
        .trim_matches('.')
        .to_lowercase();
    let is_host_text = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-');
    let has_name = host.contains('.') && !host.contains("..") && host.chars().any(char::is_alphabetic);
    if !has_name || !host.chars().all(is_host_text) {
        return cell::invalid("malformed");
    }
    let path = path.trim_end_matches('/');
    if is_platform(&host) {
        let value = [&*host, path].concat();
        return cell::single(raw, ValueStatus::Valid, value, cell::parts([""]));
    }
    cell::single(raw, ValueStatus::Valid, host.clone(), vec![host])
}

/// The text after schemes and `www.`, however often they stand.
fn without_scheme(text: &str) -> &str {
    let mut rest = text;
    while let Some(prefix) = ["https://", "http://", "//", "www."].iter().find(|prefix| {
        rest.get(..prefix.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    }) {
        rest = &rest[prefix.len()..];
    }
    rest
}

fn is_platform(host: &str) -> bool {
    PLATFORMS.iter().any(|platform| {
        host.strip_suffix(platform)
            .is_some_and(|tenant| tenant.is_empty() || tenant.ends_with('.'))
    })
}
