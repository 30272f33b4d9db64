//! Mail providers open to everyone, common misspellings of them, and mailboxes that belong to a role.
//!
//! `data/mail_domains.tsv`, compiled for guiyi, dated 2026-11. An address at a free provider says nothing about the company it is
//! used for, and `info@` nothing about a person. A misspelling is a suggestion only: qq.cn may have been meant.

use super::ReferenceData;
use super::hashing::FixedMap;
use super::hashing::FixedSet;
use super::list::List;
use super::list::is_word;
use super::list::packed;
use std::sync::LazyLock;
use std::sync::OnceLock;

pub(super) static LIST: List = List {
    name: "mail_domains",
    version: "2026-11",
    source: "compiled for guiyi",
    licence: "Apache-2.0",
    packed: packed!("mail_domains"),
    is_row: |cells| match cells {
        ["free" | "role", word] | ["free" | "role", word, ""] => is_word(word),
        ["misspelt", word, meant] => is_word(word) && is_word(meant),
        _ => false,
    },
    loaded: OnceLock::new(),
};

fn words(kind: &'static str) -> impl Iterator<Item = &'static str> {
    LIST.rows()
        .filter(move |cells| cells[0] == kind)
        .map(|cells| cells[1])
}

/// Domains of free mail.
pub static FREE: LazyLock<Vec<&'static str>> = LazyLock::new(|| words("free").collect());

/// Misspelt domains and what was probably meant; a suggestion only.
pub static MISSPELT: LazyLock<Vec<(&'static str, &'static str)>> = LazyLock::new(|| {
    let rows = LIST.rows().filter(|cells| cells[0] == "misspelt");
    rows.map(|cells| (cells[1], cells[2])).collect()
});

static FREE_SET: LazyLock<FixedSet<&'static str>> = LazyLock::new(|| words("free").collect());
static ROLE_SET: LazyLock<FixedSet<&'static str>> = LazyLock::new(|| words("role").collect());
static MEANT: LazyLock<FixedMap<&'static str, &'static str>> =
    LazyLock::new(|| MISSPELT.iter().copied().collect());

/// Is the domain, in lower case, open to everyone?
pub fn is_free(domain: &str) -> bool {
    FREE_SET.contains(domain)
}

/// The domain that was probably meant by a misspelt one.
///
/// # Examples
/// ```
/// use guiyi::reference::mail_domains::suggestion;
/// assert_eq!(suggestion("gamil.com"), Some("gmail.com"));
/// assert_eq!(suggestion("qq.con"), Some("qq.com"));
/// assert_eq!(suggestion("qq.com"), None);
/// ```
pub fn suggestion(domain: &str) -> Option<&'static str> {
    MEANT.get(domain).copied()
}

/// Does the local part, in lower case, name a role and not a person? `info`, `sales`, `kefu`; digits behind it do not count.
pub fn is_role(local: &str) -> bool {
    ROLE_SET.contains(local.trim_end_matches(|c: char| c.is_ascii_digit()))
}

pub(super) fn about() -> ReferenceData {
    LIST.about()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn free_domains_are_right_and_misspelt_ones_are_not() {
        assert!(FREE.len() >= 60);
        assert!(is_free("qq.com") && is_free("gmail.com") && is_free("hotmail.co.uk"));
        assert!(!is_free("huaxia.com.cn") && !is_free(""));
        for (wrong, meant) in [
            ("163.con", "163.com"),
            ("hotmial.com", "hotmail.com"),
            ("outlok.com", "outlook.com"),
        ] {
            assert_eq!(suggestion(wrong), Some(meant));
        }
        assert!(
            MISSPELT
                .iter()
                .all(|(wrong, meant)| !is_free(wrong) && is_free(meant))
        );
    }

    #[test]
    fn roles_are_told_from_persons() {
        for role in [
            "info", "sales", "sales01", "service", "admin", "hr", "kefu", "caiwu",
        ] {
            assert!(is_role(role), "{role}");
        }
        for person in ["wang.wei", "zhangsan", "", "13800138000"] {
            assert!(!is_role(person), "{person}");
        }
    }
}
