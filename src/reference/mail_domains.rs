//! Mail providers open to everyone, and common misspellings of them.
//!
//! Compiled for guiyi, dated 2026-11. An address there says nothing about the company it is used for.

use super::ReferenceData;

/// Domains of free mail.
pub const FREE: &[&str] = &[
    "qq.com",
    "vip.qq.com",
    "foxmail.com",
    "163.com",
    "vip.163.com",
    "126.com",
    "vip.126.com",
    "yeah.net",
    "188.com",
    "sina.com",
    "sina.cn",
    "vip.sina.com",
    "sina.com.cn",
    "sohu.com",
    "vip.sohu.com",
    "139.com",
    "189.cn",
    "wo.cn",
    "wo.com.cn",
    "21cn.com",
    "tom.com",
    "263.net",
    "aliyun.com",
    "gmail.com",
    "googlemail.com",
    "hotmail.com",
    "hotmail.co.uk",
    "hotmail.fr",
    "outlook.com",
    "live.com",
    "live.cn",
    "msn.com",
    "yahoo.com",
    "yahoo.com.cn",
    "yahoo.cn",
    "yahoo.co.uk",
    "yahoo.com.hk",
    "yahoo.com.tw",
    "yahoo.co.jp",
    "ymail.com",
    "icloud.com",
    "me.com",
    "mac.com",
    "aol.com",
    "gmx.de",
    "gmx.net",
    "web.de",
    "mail.ru",
    "yandex.ru",
    "protonmail.com",
    "proton.me",
    "zoho.com",
    "mail.com",
    "bigpond.com",
    "orange.fr",
    "btinternet.com",
];

/// Misspelt domains and what was probably meant; a suggestion only.
pub const MISSPELT: &[(&str, &str)] = &[
    ("gamil.com", "gmail.com"),
    ("gmial.com", "gmail.com"),
    ("gmai.com", "gmail.com"),
    ("gmail.con", "gmail.com"),
    ("gmail.cn", "gmail.com"),
    ("hotmial.com", "hotmail.com"),
    ("hotmai.com", "hotmail.com"),
    ("outlok.com", "outlook.com"),
    ("qq.con", "qq.com"),
    ("qq.co", "qq.com"),
    ("qq.cn", "qq.com"),
    ("qqq.com", "qq.com"),
    ("163.con", "163.com"),
    ("163.cn", "163.com"),
    ("162.com", "163.com"),
    ("126.con", "126.com"),
    ("126.cn", "126.com"),
    ("sina.con", "sina.com"),
    ("sohu.con", "sohu.com"),
    ("yaho.com", "yahoo.com"),
];

/// Is the domain open to everyone?
pub fn is_free(domain: &str) -> bool {
    FREE.contains(&domain)
}

pub(super) fn about() -> ReferenceData {
    super::own("mail_domains", FREE.len() + MISSPELT.len())
}
