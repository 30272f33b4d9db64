//! Branches, offices and shops after the name of a Chinese organisation.
//!
//! In: the name without notes, as key. Out: the name of the organisation and the text of the branch, whose region is
//! written in its short form (北京市朝阳区支行 → 北京朝阳支行) and whose ordinals stay. What follows 公司 is a branch; a
//! branch without it is found by its ending (分公司, 支行), together with the region and ordinal before that ending.

use super::hard_tokens::is_numeral;
use super::word_list::WordList;
use crate::field::region::leading_region;
use crate::field::region::region_named;
use crate::reference::branch_markers;
use std::sync::LazyLock;

static STRONG: LazyLock<WordList> = LazyLock::new(|| WordList::new(branch_markers::STRONG.iter().copied()));
static WEAK: LazyLock<WordList> = LazyLock::new(|| WordList::new(branch_markers::WEAK.iter().copied()));

const COMPANY: &str = "公司";
const BANK: &str = "银行";

/// Does the text end like a branch?
pub(super) fn is_branch(text: &str) -> bool {
    STRONG.suffix(text).is_some()
}

/// Does the text end like a branch or a department, as the text behind a company's name may?
pub(super) fn is_unit(text: &str) -> bool {
    is_branch(text) || WEAK.suffix(text).is_some()
}

/// The name before a branch, and the branch.
pub(super) fn split_branch(key: &str) -> (&str, &str) {
    if key.ends_with(COMPANY) && key.find(COMPANY) == Some(key.len() - COMPANY.len()) && !is_branch(key) {
        return (key, "");
    }
    if let Some(at) = after_company(key) {
        return key.split_at(at);
    }
    let Some(marker) = STRONG.suffix(key) else {
        return (key, "");
    };
    let mut at = key.len() - marker.len();
    if let Some(bank) = key[..at].find(BANK)
        && bank > 0
    {
        return key.split_at(bank + BANK.len());
    }
    at = without_ordinal(&key[..at]).len();
    at = without_trailing_region(&key[..at]).len();
    if key[..at].chars().count() < 2 {
        (key, "")
    } else {
        key.split_at(at)
    }
}

/// The end of the company's own 公司, when a branch follows it.
fn after_company(key: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(found) = key[from..].find(COMPANY) {
        let start = from + found;
        let end = start + COMPANY.len();
        from = end;
        let rest = &key[end..];
        let is_branch_itself = key[..start].ends_with(['分', '支', '子']);
        let is_long = rest.chars().nth(1).is_some();
        let is_other_company = rest.ends_with(COMPANY) && !is_branch(rest);
        let is_bracket = rest.starts_with('(') && !is_unit(rest.trim_end_matches(')'));
        if !is_branch_itself && is_long && !is_other_company && !is_bracket {
            return Some(end);
        }
    }
    None
}

fn without_ordinal(text: &str) -> &str {
    let rest = text.trim_end_matches(|c: char| is_numeral(c) || c.is_ascii_digit());
    rest.strip_suffix('第').unwrap_or(rest)
}

fn without_trailing_region(text: &str) -> &str {
    let mut starts: Vec<usize> = text.char_indices().rev().take(9).map(|(at, _)| at).collect();
    starts.reverse();
    starts
        .into_iter()
        .filter(|&at| text[..at].chars().nth(1).is_some())
        .find(|&at| region_named(&text[at..]).is_some())
        .map_or(text, |at| &text[..at])
}

/// The branch without brackets, its region in the short form: 北京市分公司 → 北京分公司.
pub(super) fn standard_branch(branch: &str) -> String {
    if branch.is_empty() {
        return String::new();
    }
    let branch: String = branch.chars().filter(|c| c.is_alphanumeric()).collect();
    match leading_region(&branch) {
        Some(found) if found.length < branch.len() => {
            [&found.region, found.district, &branch[found.length..]].concat()
        }
        _ => branch,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn branches_follow_their_company() {
        for (key, head, branch) in [
            ("华夏科技有限公司北京市分公司", "华夏科技有限公司", "北京分公司"),
            ("华夏科技有限公司(北京)分公司", "华夏科技有限公司", "北京分公司"),
            ("华夏科技有限公司(北京分公司)", "华夏科技有限公司", "北京分公司"),
            ("中国银行北京市朝阳区支行", "中国银行", "北京朝阳支行"),
            ("华夏科技北京第一分公司", "华夏科技", "北京第一分公司"),
            ("华夏科技有限公司销售部", "华夏科技有限公司", "销售部"),
            ("华夏科技有限公司", "华夏科技有限公司", ""),
            ("分公司", "分公司", ""),
        ] {
            let (got, rest) = split_branch(key);
            assert_eq!((got, standard_branch(rest).as_str()), (head, branch), "{key}");
        }
    }
}
