//! Rows of a sheet as SpreadsheetML.
//!
//! In: a table and a range of its rows. Out: `row` elements (ECMA-376 part 1, 18.3.1.73) with texts as inline strings and
//! numbers as values; a null has no cell, a row without cells is left out. Characters that XML or Excel cannot hold are
//! written as `_xHHHH_` (22.9.2.19), and what already looks so is escaped. Where sheets begin and end is known to `workbook`.

use crate::publish::view::Cells;
use crate::publish::view::View;
use std::borrow::Cow;
use std::io::Write;
use std::ops::Range;

/// UTF-16 units of one cell in Excel.
const CELL_UNITS_MAX: usize = 32_767;

/// Appends `rows` of `table`, the first of which is row `first_number` of the sheet.
pub(super) fn push_rows(xml: &mut Vec<u8>, table: &View, rows: Range<usize>, first_number: usize) {
    let names: Vec<String> = (0..table.columns().len()).map(column_name).collect();
    for (number, row) in (first_number..).zip(rows) {
        let number = number.to_string();
        let start = xml.len();
        push_all(xml, &["<row r=\"", &number, "\">"]);
        let empty = xml.len();
        for (column, name) in table.columns().iter().zip(&names) {
            match &column.cells {
                Cells::Text { codes, pool } if codes[row] != 0 => {
                    push_text(xml, [name, &number], &cut(pool.text(codes[row])));
                }
                Cells::I64(values) => {
                    // Excel's numbers are floats; all our counts are exact in them.
                    let value = values[row].map(|value| value as f64);
                    push_number(xml, [name, &number], value);
                }
                Cells::F64(values) => push_number(xml, [name, &number], values[row]),
                Cells::Text { .. } => {}
            }
        }
        if xml.len() == empty {
            xml.truncate(start);
        } else {
            xml.extend_from_slice(b"</row>");
        }
    }
}

fn push_all(xml: &mut Vec<u8>, texts: &[&str]) {
    texts
        .iter()
        .for_each(|text| xml.extend_from_slice(text.as_bytes()));
}

/// Name of a column, `A` for 0.
fn column_name(column: usize) -> String {
    let letter = |n: usize| char::from(b'A' + (n % 26) as u8);
    let mut letters = vec![letter(column)];
    let mut rest = column / 26;
    while rest > 0 {
        letters.push(letter(rest - 1));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

fn push_number(xml: &mut Vec<u8>, [column, row]: [&str; 2], number: Option<f64>) {
    if let Some(number) = number.filter(|number| number.is_finite()) {
        push_all(xml, &["<c r=\"", column, row, "\"><v>"]);
        write!(xml, "{number}").expect("writing into memory does not fail");
        push_all(xml, &["</v></c>"]);
    }
}

fn push_text(xml: &mut Vec<u8>, [column, row]: [&str; 2], text: &str) {
    if text.is_empty() {
        return;
    }
    let is_space = ['\t', '\n', ' '];
    let preserve = if text.starts_with(is_space) || text.ends_with(is_space) {
        " xml:space=\"preserve\""
    } else {
        ""
    };
    push_all(
        xml,
        &["<c r=\"", column, row, "\" t=\"inlineStr\"><is><t", preserve, ">"],
    );
    push_escaped(xml, text);
    push_all(xml, &["</t></is></c>"]);
}

fn push_escaped(xml: &mut Vec<u8>, text: &str) {
    // U+FFFE and U+FFFF begin with 0xEF, as full-width signs do.
    let is_special = |byte: &u8| *byte < b' ' || matches!(byte, b'&' | b'<' | b'>' | b'_' | 0xEF);
    if !text.as_bytes().iter().any(is_special) {
        xml.extend_from_slice(text.as_bytes());
        return;
    }
    for (at, c) in text.char_indices() {
        match c {
            '&' => xml.extend_from_slice(b"&amp;"),
            '<' => xml.extend_from_slice(b"&lt;"),
            '>' => xml.extend_from_slice(b"&gt;"),
            '_' if is_escape(&text[at..]) => xml.extend_from_slice(b"_x005F_"),
            '\t' | '\n' => xml.push(c as u8),
            '\0'..'\u{20}' | '\u{FFFE}' | '\u{FFFF}' => {
                write!(xml, "_x{:04X}_", c as u32).expect("writing into memory does not fail");
            }
            _ => xml.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
}

/// Does `text` begin like an escaped character, `_xHHHH_`?
fn is_escape(text: &str) -> bool {
    matches!(text.as_bytes(), [b'_', b'x', digits @ .., ] if digits.len() > 4
        && digits[..4].iter().all(u8::is_ascii_hexdigit) && digits[4] == b'_')
}

/// The text as far as a cell holds it.
pub(super) fn cut(text: &str) -> Cow<'_, str> {
    // A text has at most one UTF-16 unit a byte.
    if text.len() <= CELL_UNITS_MAX || text.encode_utf16().count() <= CELL_UNITS_MAX {
        return Cow::Borrowed(text);
    }
    let mut units = 1;
    let kept = text.chars().take_while(|c| {
        units += c.len_utf16();
        units <= CELL_UNITS_MAX
    });
    let mut kept: String = kept.collect();
    kept.push('…');
    Cow::Owned(kept)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::view::ViewColumn;
    use crate::publish::view::texts;

    #[test]
    fn texts_too_long_for_a_cell_are_cut_between_characters() {
        let long = "\u{20BB7}".repeat(20_000);
        let kept = cut(&long);
        assert_eq!(kept.encode_utf16().count(), CELL_UNITS_MAX);
        assert!(kept.ends_with("\u{20BB7}…"));
        assert_eq!(cut("吉野家"), "吉野家");
    }

    #[test]
    fn columns_have_the_names_of_spreadsheets() {
        let names: Vec<String> = [0, 25, 26, 51, 52, 701, 702, 16_383].map(column_name).to_vec();
        assert_eq!(names, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA", "XFD"]);
    }

    #[test]
    fn cells_are_escaped_and_nulls_left_out() {
        let numbers = [None, None, Some(2.5)].to_vec();
        let columns = vec![
            texts("名", ["A&B <华>", "", " _x0041_\u{1}_x\u{FFFF}"].into_iter()),
            ViewColumn {
                name: "n".into(),
                cells: Cells::F64(numbers),
            },
        ];
        let table = View::try_new("t", columns).expect("columns are of one length");
        let mut xml = Vec::new();
        push_rows(&mut xml, &table, 0..3, 2);
        let expected = "<row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>A&amp;B &lt;华&gt;</t></is></c></row>\
            <row r=\"4\"><c r=\"A4\" t=\"inlineStr\"><is><t xml:space=\"preserve\"> _x005F_x0041__x0001__x_xFFFF_\
            </t></is></c><c r=\"B4\"><v>2.5</v></c></row>";
        assert_eq!(String::from_utf8(xml).expect("texts are UTF-8"), expected);
    }
}
