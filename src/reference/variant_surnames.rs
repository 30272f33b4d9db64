//! Surnames that one family writes in two ways: 肖 and 萧, 闫 and 阎, 付 and 傅.
//!
//! `data/variant_surnames.tsv`, compiled for guiyi from the simplification of 1977, its repeal, and the spellings of registers;
//! dated 2026-11. OpenCC leaves these apart, and each is a surname of its own as well: weak evidence for one person, never
//! a reason to replace a name.

use super::ReferenceData;
use super::list::List;
use super::list::is_word;
use super::list::packed;
use std::sync::LazyLock;
use std::sync::OnceLock;

pub(super) static LIST: List = List {
    name: "variant_surnames",
    version: "2026-11",
    source: "compiled for guiyi",
    licence: "Apache-2.0",
    packed: packed!("variant_surnames"),
    is_row: |cells| matches!(cells, [one, other] if is_word(one) && is_word(other)),
    loaded: OnceLock::new(),
};

static PAIRS: LazyLock<Vec<(&'static str, &'static str)>> = LazyLock::new(|| {
    let both = LIST
        .rows()
        .flat_map(|cells| [(cells[0], cells[1]), (cells[1], cells[0])]);
    let mut pairs: Vec<_> = both.collect();
    pairs.sort_unstable();
    pairs
});

/// Other spellings of a surname.
///
/// # Examples
/// ```
/// use guiyi::reference::variant_surnames::variants_of;
/// assert_eq!(variants_of("萧").collect::<Vec<_>>(), ["肖"]);
/// assert_eq!(variants_of("王").count(), 0);
/// ```
pub fn variants_of(surname: &str) -> impl Iterator<Item = &'static str> {
    let start = PAIRS.partition_point(|(one, _)| *one < surname);
    PAIRS[start..]
        .iter()
        .take_while(move |(one, _)| *one == surname)
        .map(|(_, other)| *other)
}

/// May the two surnames be one? False for a surname and itself.
pub fn are_variants(one: &str, other: &str) -> bool {
    variants_of(one).any(|variant| variant == other)
}

pub(super) fn about() -> ReferenceData {
    LIST.about()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_hold_in_both_directions() {
        for (one, other) in [
            ("肖", "萧"),
            ("闫", "阎"),
            ("付", "傅"),
            ("戴", "代"),
            ("邱", "丘"),
            ("于", "於"),
        ] {
            assert!(
                are_variants(one, other) && are_variants(other, one),
                "{one} {other}"
            );
        }
        assert!(!are_variants("王", "汪") && !are_variants("Li", "Lee") && !are_variants("", ""));
    }
}
