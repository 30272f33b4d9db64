//! The guard against formula injection in CSV.
//!
//! In: a cell. Out: the cell as written to CSV for people, and back. Spreadsheets run a cell that begins with `=`, `+`,
//! `-`, `@`, tab, carriage return or NUL as a formula (OWASP ASVS 1.2.10, CWE-1236); line feed, the full-width signs and
//! such signs behind spaces are treated alike. A `'` before the cell makes it text. Cells that begin with `'` before such
//! a beginning get one more, so that [`unguard_cell`] gives back every text exactly. Workbooks need no guard: their
//! cells are typed.

use std::borrow::Cow;

/// The cell as text that no spreadsheet runs.
///
/// # Examples
/// ```
/// use guiyi::publish::guard_cell;
/// assert_eq!(guard_cell("+86 139"), "'+86 139");
/// assert_eq!(guard_cell("归一 Ltd"), "归一 Ltd");
/// ```
pub fn guard_cell(cell: &str) -> Cow<'_, str> {
    if is_guarded_beginning(cell) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// The cell that [`guard_cell`] was given.
pub fn unguard_cell(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if is_guarded_beginning(rest) => rest,
        _ => cell,
    }
}

/// Does the cell begin like a formula, any `'` before it left out?
fn is_guarded_beginning(cell: &str) -> bool {
    // Most cells begin with an ASCII letter or digit.
    if cell.as_bytes().first().is_none_or(u8::is_ascii_alphanumeric) {
        return false;
    }
    let unquoted = cell.trim_start_matches('\'');
    let is_control = |c: char| matches!(c, '\t' | '\r' | '\n' | '\0');
    let is_sign = |c: char| matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠');
    if unquoted.starts_with(is_control) {
        return true;
    }
    let is_space = |c: char| c.is_whitespace() || c == '\u{FEFF}' || c == '\u{200B}';
    unquoted
        .trim_start_matches(is_space)
        .starts_with(|c| is_sign(c) || is_control(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formulas_become_text_and_names_stay() {
        let risky = [
            "=1+1",
            "+86 13800138000",
            "-3",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            "\0",
            "＝1",
            "＋86",
            "－3",
            "＠名",
            "  =1",
            "\u{3000}＝1",
            "\u{FEFF}=1",
            "'=1",
            "''@x",
            "' =1",
        ];
        for cell in risky {
            assert_eq!(guard_cell(cell), format!("'{cell}"), "{cell:?}");
        }
        for cell in [
            "",
            "王芳",
            "O'Neil",
            "'quoted'",
            "007",
            " 李",
            "110105194912310021",
            "'",
            "a=b",
            "（=）",
        ] {
            assert_eq!(guard_cell(cell), cell, "{cell:?}");
            assert_eq!(unguard_cell(cell), cell, "{cell:?}");
        }
    }

    proptest! {
        #[test]
        fn every_cell_comes_back(cell in "['=+@＝＋－＠ \u{3000}\u{FEFF}\t\r\n\0a王-]{0,8}") {
            let guarded = guard_cell(&cell);
            prop_assert_eq!(unguard_cell(&guarded), cell.as_str());
        }

        #[test]
        fn any_text_comes_back_and_is_safe(cell in any::<String>()) {
            let guarded = guard_cell(&cell);
            prop_assert_eq!(unguard_cell(&guarded), cell.as_str());
            prop_assert!(!guarded.starts_with(['=', '+', '-', '@', '\t', '\r', '\0', '＝', '＋', '－', '＠']));
        }
    }
}
