//! Texts of `explain` that pairs and customers share: names of records, values on one line, columns of a terminal.

use crate::field::COMPONENT_SEPARATOR;
use crate::model::MatchWeight;
use crate::text::script::is_han;

/// Widest cell of a table of values, in columns of the terminal.
pub(super) const CELL_WIDTH: usize = 40;

/// Bits with their sign.
pub(super) fn signed(bits: f64) -> String {
    format!("{bits:+.2}")
}

/// The weight in bits, exact to the thousandth.
pub(super) fn bits(weight: MatchWeight) -> f64 {
    weight.bits()
}

/// The value on one line: what stands between its components is shown.
pub(super) fn shown(value: &str) -> String {
    let parts = value.split([COMPONENT_SEPARATOR, '\n', '\r', '\t']);
    let parts: Vec<&str> = parts.map(str::trim).filter(|part| !part.is_empty()).collect();
    parts.join(" / ")
}

fn wide(c: char) -> bool {
    is_han(c) || matches!(c, '\u{3000}'..='\u{30FF}' | '\u{AC00}'..='\u{D7A3}' | '\u{FF01}'..='\u{FF60}')
}

/// Columns of the terminal that a text takes.
fn width(text: &str) -> usize {
    text.chars().map(|c| if wide(c) { 2 } else { 1 }).sum()
}

/// The text with blanks behind it up to `columns`.
pub(super) fn left(text: &str, columns: usize) -> String {
    let blanks = " ".repeat(columns.saturating_sub(width(text)));
    format!("{text}{blanks}")
}

/// The text with blanks before it up to `columns`.
pub(super) fn right(text: &str, columns: usize) -> String {
    let blanks = " ".repeat(columns.saturating_sub(width(text)));
    format!("{blanks}{text}")
}

/// The text in lines of at most `columns` columns, broken between words where there are any; one empty line for no text.
pub(super) fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_inclusive(' ') {
        let fits = |line: &str| width(line) + width(word.trim_end()) <= columns;
        if lines.last().is_some_and(|line| !line.is_empty() && !fits(line)) {
            lines.push(String::new());
        }
        for c in word.chars() {
            let line = lines.last_mut().expect("there is a line");
            if c != ' ' && width(line) + width(c.encode_utf8(&mut [0; 4])) > columns {
                lines.push(c.to_string());
            } else {
                line.push(c);
            }
        }
    }
    lines.into_iter().map(|line| line.trim_end().to_owned()).collect()
}

/// A bar to the left or right of the zero line; one character is two bits.
pub(super) fn bar(bits: f64) -> String {
    const HALF: usize = 10;
    let length = (bits.abs() / 2.0).min(HALF as f64).ceil() as usize;
    let (minus, plus) = if bits < 0.0 { (length, 0) } else { (0, length) };
    let blanks = |used: usize| " ".repeat(HALF - used);
    let (minus, plus) = (
        blanks(minus) + &"-".repeat(minus),
        "+".repeat(plus) + &blanks(plus),
    );
    format!("{minus}|{plus}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_either_script_stay_on_their_lines() {
        assert_eq!(shown("a\u{1F}\u{1F}中山路\n1"), "a / 中山路 / 1");
        assert_eq!(wrapped("北京路8号", 5), ["北京", "路8号"]);
        assert_eq!(wrapped("", 5), [""]);
        assert_eq!(wrapped("ab cde f", 5), ["ab", "cde f"]);
        assert_eq!(
            (left("客户", 6), right("Ann", 5)),
            ("客户  ".to_owned(), "  Ann".to_owned())
        );
        assert_eq!(bar(3.0), "          |++        ");
        assert_eq!(bar(-99.0), "----------|          ");
    }
}
