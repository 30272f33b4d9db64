//! Legal forms of Chinese names.
//!
//! In: the name without its branch. Out: what stands before the form, whether 集团 stood with it, and the standard form.
//! Forms are taken off the end, longest first; a few stand in front (株式会社, 个体户). Misspelt forms are told with what
//! was meant: those of a list (有限公同), and at the end of a name one wrong character that sounds or looks alike (有限工司).

use super::slips::one_slip;
use super::word_list::WordList;
use crate::reference::legal_forms;
use std::sync::LazyLock;

/// What the end of a name says of its form.
pub(super) struct Form<'a> {
    /// The name before the form.
    pub(super) body: &'a str,
    pub(super) has_group: bool,
    /// Standard form without 集团.
    pub(super) form: &'static str,
}

/// The name before its legal form, and the form. A bank's form stays in its core, because the company form after it is
/// often left out; a partnership may name its kind of firm before its form.
pub(super) fn split_form(head: &str) -> Form<'_> {
    let found = legal_forms::han_suffixes(head).find(|(form, _)| {
        let before = &head[..head.len() - form.len()];
        let length = before.chars().count();
        // A shop for tobacco and drink is no hotel.
        let is_shop = *form == "酒店" && before.ends_with('烟');
        !is_shop && (length >= 2 || (length == 1 && form.contains("公司")))
    });
    let (body, standard) = match found {
        Some(("银行" | "信用社", standard)) => (head, standard),
        Some((form, standard)) if standard.ends_with("合伙") => {
            (split_form(&head[..head.len() - form.len()]).body, standard)
        }
        // 集团公司 is a company; 集团 alone says nothing of its form.
        Some((form @ ("集团公司" | "集团总公司"), _)) => {
            return Form {
                body: &head[..head.len() - form.len()],
                has_group: true,
                form: "公司",
            };
        }
        Some((form, standard)) => (&head[..head.len() - form.len()], standard),
        None => (head, ""),
    };
    match standard.strip_prefix("集团") {
        Some(form) => Form {
            body,
            has_group: true,
            form,
        },
        None => Form {
            body,
            has_group: false,
            form: standard,
        },
    }
}

/// 个体户 or 株式会社 before the name, and the name without it.
pub(super) fn without_leading_form(key: &str) -> (&str, &'static str) {
    for (prefix, form) in [
        ("个体工商户", "个体工商户"),
        ("个体户", "个体工商户"),
        ("株式会社", "株式会社"),
        ("(株)", "株式会社"),
    ] {
        if let Some(rest) = key.strip_prefix(prefix)
            && rest.chars().count() >= 2
        {
            return (rest, form);
        }
    }
    (key, "")
}

/// Misspelt forms and what was meant, where that is not the standard form of `reference::legal_forms`.
const MISSPELT: &[(&str, &str)] = &[
    ("集团责任有限公司", "集团有限责任公司"),
    ("股分有限公司", "股份有限公司"),
    ("股份有限公同", "股份有限公司"),
    ("责任有限公司", "有限责任公司"),
    ("有限责任公同", "有限责任公司"),
    ("有限责任公", "有限责任公司"),
    ("有限责任", "有限责任公司"),
    ("有限责公司", "有限责任公司"),
    ("有限任公司", "有限责任公司"),
    ("限责任公司", "有限责任公司"),
    ("有限责任有限公司", "有限责任公司"),
    ("有限公司有限公司", "有限公司"),
    ("有限有限公司", "有限公司"),
    ("有限公司公司", "有限公司"),
    ("有限公公司", "有限公司"),
    ("有限限公司", "有限公司"),
    ("有有限公司", "有限公司"),
    ("有限公司司", "有限公司"),
    ("有限公司公", "有限公司"),
    ("有限司公", "有限公司"),
    ("限有公司", "有限公司"),
    ("有公限司", "有限公司"),
    ("公有限司", "有限公司"),
    ("有限公词", "有限公司"),
    ("有限公同", "有限公司"),
    ("有限公可", "有限公司"),
    ("有限公", "有限公司"),
    ("有限司", "有限公司"),
    ("有线公司", "有限公司"),
    ("限公司", "有限公司"),
];

/// Forms in which one wrong character is put right, longest first.
const FORMS: &[&str] = &[
    "集团股份有限公司",
    "集团有限责任公司",
    "集团有限公司",
    "股份有限公司",
    "有限责任公司",
    "有限公司",
    "个体工商户",
];

static WRONG: LazyLock<WordList> = LazyLock::new(|| {
    let own = MISSPELT.iter().map(|&(wrong, _)| wrong);
    let listed = legal_forms::HAN.iter().map(|&(form, _)| form);
    WordList::new(own.chain(listed.filter(|form| is_repair(form))))
});
static RIGHT: LazyLock<WordList> = LazyLock::new(|| WordList::new(FORMS.iter().copied()));

/// A misspelt form at the end of `head`: its text there and what was meant.
pub(super) fn misspelt(head: &str) -> Option<(&str, &'static str)> {
    let right = RIGHT.suffix(head);
    let is_doubted = right.is_none() && may_be_misspelt(head);
    let slip = if is_doubted { slipped(head) } else { None };
    slip.or_else(|| {
        let wrong = WRONG.suffix(head)?;
        // 有限公司 ends in 限公司: the longer reading holds.
        let is_longer = right.is_none_or(|right| right.len() < wrong.len());
        let own = MISSPELT.iter().find(|(text, _)| *text == wrong);
        let meant = own.map_or_else(|| legal_forms::han_form(wrong), |&(_, meant)| Some(meant))?;
        (is_longer && head.len() > wrong.len()).then_some((&head[head.len() - wrong.len()..], meant))
    })
}

/// A form with one wrong character at the end of `head`, after two characters or more.
fn slipped(head: &str) -> Option<(&str, &'static str)> {
    let mut starts: Vec<usize> = head.char_indices().rev().take(8).map(|(at, _)| at).collect();
    starts.reverse();
    FORMS.iter().find_map(|&form| {
        let start = *starts.get(starts.len().checked_sub(form.chars().count())?)?;
        (start >= 6 && one_slip(&head[start..], form)).then_some((&head[start..], form))
    })
}

/// Is a form missing, misspelt, or bare where a longer one may be misspelt?
fn may_be_misspelt(head: &str) -> bool {
    head.ends_with("公司")
        || legal_forms::han_suffixes(head)
            .next()
            .is_none_or(|(form, _)| is_repair(form))
}

fn is_repair(form: &str) -> bool {
    legal_forms::legal_form(form).is_some_and(|form| form.is_repair)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspelt_forms_are_told_with_what_was_meant() {
        for (head, wrong, meant) in [
            ("华夏科技有限公同", "有限公同", "有限公司"),
            ("华夏科技有限责任公同", "有限责任公同", "有限责任公司"),
            ("华夏科技有限公司司", "有限公司司", "有限公司"),
            ("华夏科技责任有限公司", "责任有限公司", "有限责任公司"),
            ("华夏科技有限公", "有限公", "有限公司"),
            ("华夏科技有限工司", "有限工司", "有限公司"),
            ("华夏科技有现公司", "有现公司", "有限公司"),
            ("华夏科技股份友限公司", "股份友限公司", "股份有限公司"),
            ("华夏科技限公司", "限公司", "有限公司"),
        ] {
            assert_eq!(misspelt(head), Some((wrong, meant)), "{head}");
        }
        for head in [
            "华夏科技有限公司",
            "华夏科技有限责任公司",
            "华夏公司",
            "人民医院",
            "华夏",
            "有限公",
        ] {
            assert_eq!(misspelt(head), None, "{head}");
        }
    }

    #[test]
    fn a_group_is_told_from_the_form() {
        let split = |text| {
            let form = split_form(text);
            (form.body.to_owned(), form.has_group, form.form)
        };
        assert_eq!(split("华夏集团有限公司"), ("华夏".to_owned(), true, "有限公司"));
        assert_eq!(split("华夏集团公司"), ("华夏".to_owned(), true, "公司"));
        assert_eq!(split("华夏集团"), ("华夏".to_owned(), true, ""));
        assert_eq!(split("招商银行"), ("招商银行".to_owned(), false, "银行"));
    }
}
