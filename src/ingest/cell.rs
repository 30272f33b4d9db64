//! What is done to a cell's text before anything knows what it means.
//!
//! In: the exact text of a cell. Out: the text without the guards that spreadsheets and careful exporters put around
//! codes (`'0123`, `="0123"`, a tab before or behind), whether a number was already rounded, and whether a row is a
//! totals row. Nothing else is changed: folding and trimming are left to `standardise`.

use super::row::Row;

/// The text without guards. A leading `'` is one only before digits and the characters that begin a formula, with
/// more `'` between at most, so that the guard of our own exports is taken off exactly once.
pub(super) fn unguarded(cell: &str) -> &str {
    // Most cells are settled by their first and last byte.
    match cell.as_bytes() {
        [b'\t' | b'\'' | b'=', ..] | [.., b'\t'] => {}
        _ => return cell,
    }
    let cell = cell.trim_matches('\t');
    match cell.as_bytes() {
        [b'\'', ..] => {
            let rest = &cell[1..];
            let guarded = rest
                .trim_start_matches('\'')
                .trim_start_matches(['\u{FEFF}', ' ', '\u{3000}']);
            if guarded.starts_with(is_guarded) {
                rest
            } else {
                cell
            }
        }
        [b'=', b'"', inner @ .., b'"'] if !inner.contains(&b'"') => &cell[2..cell.len() - 1],
        _ => cell,
    }
}

fn is_guarded(first: char) -> bool {
    first.is_ascii_digit()
        || matches!(
            first,
            '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '\t' | '\r' | '\n'
        )
}

/// Did a spreadsheet write this number with fewer digits than it has, as in `1.10105E+17`?
///
/// The exponent must have its sign, as spreadsheets write it, so that codes such as `12E10` are left alone.
pub(super) fn is_rounded(cell: &str) -> bool {
    // Most cells are settled by their first two bytes.
    match cell.as_bytes() {
        [b'0'..=b'9', b'.' | b'E' | b'e', ..] | [b'-' | b' ' | b'\t', ..] => {}
        _ => return false,
    }
    let bytes = cell.trim().as_bytes();
    if !bytes.first().is_some_and(|b| b.is_ascii_digit() || *b == b'-') {
        return false;
    }
    let Some(at) = memchr::memchr2(b'E', b'e', bytes) else {
        return false;
    };
    let (mantissa, exponent) = (&bytes[..at], &bytes[at + 1..]);
    let mantissa = mantissa.strip_prefix(b"-").unwrap_or(mantissa);
    let Some(exponent) = exponent.strip_prefix(b"+") else {
        return false;
    };
    let decimals = match mantissa {
        [first] if first.is_ascii_digit() => 0,
        [first, b'.', decimals @ ..] if first.is_ascii_digit() && decimals.iter().all(u8::is_ascii_digit) => {
            decimals.len()
        }
        _ => return false,
    };
    let power: Option<usize> = std::str::from_utf8(exponent)
        .ok()
        .filter(|text| text.len() <= 3 && text.bytes().all(|b| b.is_ascii_digit()))
        .and_then(|text| text.parse().ok());
    power.is_some_and(|power| power >= 10 && power > decimals)
}

/// Words that open a totals row, ready for comparison.
#[derive(Debug, Clone)]
pub(super) struct TotalsWords {
    words: Vec<String>,
    /// First characters that a totals row can have.
    heads: Vec<char>,
}

/// What may stand before a totals word.
const PREFIXES: [&str; 3] = ["本页", "本月", "page"];

impl TotalsWords {
    pub(super) fn new(words: &[String]) -> Self {
        let folded = words.iter().map(|word| fold(word));
        let words: Vec<String> = folded.filter(|word| !word.is_empty()).collect();
        let all = words.iter().map(String::as_str).chain(PREFIXES);
        let heads = all.filter_map(|word| word.chars().next()).collect();
        Self { words, heads }
    }

    /// Is this a totals row: a totals word in its first cell, and no other cell with a text of its own?
    ///
    /// The second half keeps customers: `Total Energies SE` is no totals word, and a customer called `合计` has an
    /// address or a contact.
    pub(super) fn opens(&self, row: &Row<'_>) -> bool {
        let mut cells = row.iter().filter(|cell| !cell.trim().is_empty());
        let Some(first) = cells.next() else {
            return false;
        };
        self.is_word(first) && cells.all(|cell| self.is_word(cell) || is_figure(cell))
    }

    fn is_word(&self, cell: &str) -> bool {
        let head = cell.trim_start().chars().next().map(|c| c.to_ascii_lowercase());
        if cell.len() > 64 || !head.is_some_and(|head| self.heads.contains(&head)) {
            return false;
        }
        let folded = fold(cell);
        let folded = PREFIXES
            .iter()
            .find_map(|p| folded.strip_prefix(*p))
            .unwrap_or(&folded);
        self.words.iter().any(|word| {
            folded.strip_prefix(word.as_str()).is_some_and(|rest| {
                rest.is_empty() || is_figure(rest.trim_start_matches([':', '：', '(', '（']))
            })
        })
    }
}

fn fold(cell: &str) -> String {
    cell.chars()
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect::<String>()
        .trim_end_matches([':', '：'])
        .to_owned()
}

/// A number with currency and unit signs, or a count such as `共32户`.
fn is_figure(cell: &str) -> bool {
    let cell = cell.trim().trim_start_matches('共');
    let start = cell.trim_start_matches(['¥', '￥', '$', '€', '-', '+', '(', '（', ' ']);
    start.is_empty() || start.starts_with(|c: char| c.is_ascii_digit() || c == '#') || cell == "/"
}

#[cfg(test)]
mod tests {
    use super::super::row::RowBuffer;
    use super::*;

    #[test]
    fn guards_are_removed_and_other_text_stays() {
        for (cell, expected) in [
            ("'0123", "0123"),
            ("'+8613800138000", "+8613800138000"),
            ("'=SUM(A1)", "=SUM(A1)"),
            ("''=x", "'=x"),
            ("'＝公式", "＝公式"),
            ("'n Sync GmbH", "'n Sync GmbH"),
            ("'s-Hertogenbosch", "'s-Hertogenbosch"),
            ("=\"0123\"", "0123"),
            ("=\"", "=\""),
            ("=1+2", "=1+2"),
            ("13800138000\t", "13800138000"),
            ("\t91310000MA1K", "91310000MA1K"),
            (" 王芳 ", " 王芳 "),
            ("'", "'"),
            ("", ""),
        ] {
            assert_eq!(unguarded(cell), expected, "{cell}");
        }
    }

    #[test]
    fn rounded_numbers_are_seen_and_codes_are_not() {
        for cell in ["1.10105E+17", "1.38E+10", "9E+15", "-1.5E+20", "1.1e+17"] {
            assert!(is_rounded(cell), "{cell}");
        }
        for cell in [
            "12E10",
            "1.5E+3",
            "1E5",
            "91310000MA1E+17",
            "E+17",
            "1.38001380001E+10",
            "王E+17",
            "1E+",
            "",
        ] {
            assert!(!is_rounded(cell), "{cell}");
        }
    }

    fn is_totals(cells: &[&str]) -> bool {
        let mut buffer = RowBuffer::default();
        for (at, cell) in cells.iter().enumerate() {
            buffer.set(at, |text| text.push_str(cell));
        }
        TotalsWords::new(&super::super::settings::default_totals_words()).opens(&buffer.as_row(1, 0))
    }

    #[test]
    fn totals_rows_are_told_from_customers() {
        assert!(is_totals(&["合计", "", "1,234.00"]));
        assert!(is_totals(&["", "合 计：", "￥1,234.00", "共32户"]));
        assert!(is_totals(&["Total", "", "12.5"]));
        assert!(is_totals(&["总计（12）"]));
        assert!(is_totals(&["本页小计", "3"]));
        assert!(!is_totals(&["Total Energies SE", "1"]));
        assert!(!is_totals(&["合计", "上海市浦东新区", "王芳"]));
        assert!(!is_totals(&["C001", "合计", "12"]));
        assert!(!is_totals(&["", ""]));
    }
}
