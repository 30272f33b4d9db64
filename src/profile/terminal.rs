//! A profile as text for a terminal.
//!
//! In: a [`Profile`] and a language. Out: a head, one row a column, and the checks; without colour, in columns that
//! count a Chinese character as two. The page and the JSON file have the rest.

use super::column_view::distinct;
use super::column_view::role;
use super::column_view::severity_word;
use super::figures::Check;
use super::figures::Column;
use super::figures::Profile;
use super::page::place;
use super::words::Words;
use super::words::words;
use crate::model::Language;
use crate::quality::Share;
use crate::report::grouped;
use crate::report::percent;
use crate::text::script::is_han;

/// Widest cell of the table, in columns of the terminal.
const CELL_WIDTH_MAX: usize = 26;

/// The text of `profile`, with a line break at the end of each line.
pub fn terminal(profile: &Profile, language: Language) -> String {
    let w = words(language);
    let mut text = head(profile, w);
    text.push_str(&table(profile, w, language));
    if !profile.checks.is_empty() {
        text.push_str(&format!("{}\n", w.checks));
    }
    for check in &profile.checks {
        text.push_str(&check_line(check, w, language));
    }
    text
}

fn head(profile: &Profile, w: &Words) -> String {
    let layout = &profile.layout;
    let mut facts = vec![layout.format.to_owned()];
    facts.extend((!layout.encoding.is_empty()).then(|| layout.encoding.clone()));
    facts.extend(layout.delimiter.as_ref().map(|byte| format!("`{byte}`")));
    if layout.header_row > 0 {
        facts.push(format!("{} {}", w.header_row, layout.header_row));
    }
    if layout.sheets.len() > 1 {
        facts.push(format!("{} {}", w.sheets, layout.sheets.join(w.comma)));
    }
    facts.push(format!("{} {}", w.rows, grouped(profile.rows.records)));
    if profile.rows.rejected > 0 {
        facts.push(format!("{} {}", w.rejected, grouped(profile.rows.rejected)));
    }
    facts.push(format!("{} {}", w.columns, profile.columns.len()));
    format!("{}: {}\n", profile.file, facts.join(", "))
}

fn table(profile: &Profile, w: &Words, language: Language) -> String {
    let head = [
        w.column,
        w.field,
        w.filled,
        w.distinct,
        w.reading,
        w.usable,
        w.invalid,
        w.placeholder,
    ];
    let mut rows: Vec<[String; 8]> = vec![head.map(str::to_owned)];
    rows.extend(
        profile
            .columns
            .iter()
            .map(|column| table_row(column, w, language)),
    );
    let widths: [usize; 8] = std::array::from_fn(|at| {
        let widths = rows.iter().map(|row| width(&row[at]));
        widths.max().unwrap_or(0)
    });
    let mut text = String::new();
    for row in &rows {
        let mut line = String::new();
        for (at, (cell, wide)) in row.iter().zip(widths).enumerate() {
            let blanks = " ".repeat(wide - width(cell));
            // Numbers stand to the right.
            let is_number = matches!(at, 2 | 3 | 5..);
            line.push_str(&if is_number {
                format!("  {blanks}{cell}")
            } else {
                format!("  {cell}{blanks}")
            });
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn table_row(column: &Column, w: &Words, language: Language) -> [String; 8] {
    let share = |part: u64, whole: u64| percent(Share::of(part, whole));
    let field = column.suggestion.field.map(str::to_owned);
    let mut row = [
        cut(&column.header),
        cut(&field.unwrap_or_else(|| role(column, w, language))),
        share(column.filled, column.filled + column.empty),
        distinct(column),
        String::new(),
        String::new(),
        String::new(),
        String::new(),
    ];
    if let Some(reading) = column.readings.first() {
        let usable = reading.valid + reading.repaired + reading.suspicious;
        row[4] = cut(language.choose(reading.en, reading.zh));
        row[5] = share(usable, reading.cells);
        row[6] = share(reading.invalid, reading.cells);
        row[7] = share(reading.placeholder, reading.cells);
    }
    row
}

fn check_line(check: &Check, w: &Words, language: Language) -> String {
    let mut parts = vec![language.choose(check.en, check.zh).to_owned()];
    parts.extend((!check.columns.is_empty()).then(|| check.columns.join(w.comma)));
    parts.extend(check.share.map(|share| {
        let (part, whole) = (grouped(share.numerator), grouped(share.denominator));
        format!("{part} / {whole} ({})", percent(share))
    }));
    parts.extend((!check.evidence.is_empty()).then(|| check.evidence.clone()));
    parts.extend(check.lines.first().map(|line| place(&line.to_string(), w)));
    let severity = severity_word(check.severity, w);
    let blanks = " ".repeat(8_usize.saturating_sub(width(severity)));
    format!("  {severity}{blanks}{}\n", parts.join(" · "))
}

/// Columns of the terminal that a text takes.
fn width(text: &str) -> usize {
    let wide = |c: char| {
        is_han(c)
            || matches!(c, '\u{3000}'..='\u{303F}' | '\u{3040}'..='\u{30FF}' | '\u{AC00}'..='\u{D7A3}' | '\u{FF01}'..='\u{FF60}')
    };
    text.chars().map(|c| if wide(c) { 2 } else { 1 }).sum()
}

fn cut(text: &str) -> String {
    if width(text) <= CELL_WIDTH_MAX {
        return text.to_owned();
    }
    let mut cut = String::new();
    for c in text.chars() {
        if width(&cut) + 2 >= CELL_WIDTH_MAX {
            break;
        }
        cut.push(c);
    }
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_count_chinese_as_two() {
        assert_eq!((width("客户A"), width("Ann"), width("（）")), (5, 3, 4));
        assert_eq!(width(&cut(&"客户".repeat(20))), 25);
    }
}
