//! Headers as words that can be compared.
//!
//! In: a header. Out: its normal form: folded, simplified characters, lower case, letters and digits only, without what
//! stands in brackets (units, tax statements) and without the `#2` of a repeated header. `Billing Street`,
//! `BillingStreet` and `billing_street` are one, and so are `電話` and `电话`.

use crate::text::fold::fold_case;
use crate::text::simplify::simplify;

/// The normal form of `header`; empty when nothing is left.
pub(super) fn normal(header: &str) -> String {
    let folded = fold_case(header);
    let base = match folded.rsplit_once('#') {
        Some((base, number)) if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) => base,
        _ => &folded,
    };
    let outside = without_brackets(base);
    let kept = if outside.chars().any(char::is_alphanumeric) {
        outside.as_str()
    } else {
        base
    };
    simplify(kept).chars().filter(|c| c.is_alphanumeric()).collect()
}

fn without_brackets(text: &str) -> String {
    let mut depth = 0_usize;
    let mut outside = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '(' | '[' | '【' | '〔' => depth += 1,
            ')' | ']' | '】' | '〕' => depth = depth.saturating_sub(1),
            _ if depth == 0 => outside.push(c),
            _ => {}
        }
    }
    outside
}

#[cfg(test)]
mod tests {
    use super::normal;

    #[test]
    fn spelling_units_and_script_do_not_matter() {
        for header in [
            "Billing Street",
            "BillingStreet",
            "billing_street",
            "ＢILLING-street#2",
        ] {
            assert_eq!(normal(header), "billingstreet");
        }
        assert_eq!(normal("合作金额（万元）"), "合作金额");
        assert_eq!(normal("年合作额(元,含税)"), "年合作额");
        assert_eq!(normal("行動電話"), "行动电话");
        assert_eq!(normal("(电话)"), "电话");
        assert_eq!(normal("—"), "");
    }
}
