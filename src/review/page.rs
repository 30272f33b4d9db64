//! The queue as a workbook: one row a question, a drop-down for the decision, both records side by side.
//!
//! In: a [`Queue`]. Out: XLSX. Every value is a text cell, so that codes and leading zeros stay as they are and nothing runs as a
//! formula. What differs is marked in colour and named in a column of its own, for those who see no colour. Each row ends with a
//! check over its records, so that a row whose keys were touched is found when the workbook comes back.

use crate::model::Language;
use crate::review::error::ReviewError;
use crate::review::queue::Question;
use crate::review::queue::Queue;
use crate::review::queue::RecordKey;
use crate::review::words;
use crate::review::words::Word;
use crate::review::words::say;
use crate::text::hash::hash_text;
use crate::text::hash::mix;
use rust_xlsxwriter::Color;
use rust_xlsxwriter::DataValidation;
use rust_xlsxwriter::DocProperties;
use rust_xlsxwriter::ExcelDateTime;
use rust_xlsxwriter::Format;
use rust_xlsxwriter::FormatAlign;
use rust_xlsxwriter::IgnoreError;
use rust_xlsxwriter::Workbook;
use rust_xlsxwriter::Worksheet;
use rust_xlsxwriter::XlsxError;

/// Columns before the fields, and their widths.
const HEAD: [(Word, u16); 11] = [
    (words::NUMBER, 6),
    (words::DECISION, 16),
    (words::COMMENT, 24),
    (words::REASON, 30),
    (words::WEIGHT, 12),
    (words::PAIRS, 12),
    (words::DIFFERENCES, 30),
    (words::SOURCE_A, 12),
    (words::KEY_A, 16),
    (words::SOURCE_B, 12),
    (words::KEY_B, 16),
];

/// Texts beyond this many characters do not fit into a cell of Excel (32,767 UTF-16 units).
const CELL_CHARS_MAX: usize = 16_000;

/// The check of a question: its run and its records.
pub(super) fn check_of(run_id: &str, pair: &[RecordKey; 2]) -> String {
    let texts = pair.iter().flat_map(|record| [&record.source, &record.key]);
    let hash = texts.fold(hash_text(run_id), |hash, text| mix(hash, hash_text(text)));
    format!("{run_id}:{hash:016x}")
}

/// Writes the queue as an XLSX workbook.
///
/// # Errors
/// [`ReviewError::Workbook`] when there are more questions or fields than a sheet holds.
pub fn write_queue(queue: &Queue, language: Language) -> Result<Vec<u8>, ReviewError> {
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let sheet = workbook.add_worksheet().set_name(say(words::SHEET, language))?;
    write_header(sheet, queue, language)?;
    let styles = Styles::new();
    for (at, question) in queue.questions.iter().enumerate() {
        write_question(sheet, queue, at, question, language, &styles)?;
    }
    let help = workbook
        .add_worksheet()
        .set_name(say(words::HELP_SHEET, language))?;
    help.set_column_width(0, 120)?;
    for (row, line) in words::HELP.iter().enumerate() {
        help.write_string(row as u32, 0, say(*line, language))?;
    }
    Ok(workbook.save_to_buffer()?)
}

struct Styles {
    plain: Format,
    differs: Format,
    open: Format,
}

impl Styles {
    fn new() -> Self {
        let plain = Format::new()
            .set_align(FormatAlign::Top)
            .set_text_wrap()
            .set_num_format("@");
        Self {
            differs: plain
                .clone()
                .set_background_color(Color::RGB(0xFF_E6_99))
                .set_bold(),
            open: plain.clone().set_background_color(Color::RGB(0xE2_EF_DA)),
            plain,
        }
    }
}

fn write_header(sheet: &mut Worksheet, queue: &Queue, language: Language) -> Result<(), XlsxError> {
    let bold = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Top);
    for (column, (word, width)) in HEAD.iter().enumerate() {
        sheet.set_column_width(column as u16, *width)?;
        sheet.write_string_with_format(0, column as u16, say(*word, language), &bold)?;
    }
    let mut column = HEAD.len() as u16;
    for field in &queue.fields {
        for side in ["A", "B"] {
            let label = language.choose(&field.labels[0], &field.labels[1]);
            sheet.set_column_width(column, 22)?;
            sheet.write_string_with_format(0, column, format!("{label} {side}"), &bold)?;
            column += 1;
        }
    }
    sheet.set_column_width(column, 14)?;
    sheet.write_string_with_format(0, column, say(words::CHECK, language), &bold)?;
    let last_row = u32::try_from(queue.questions.len()).map_err(|_| XlsxError::RowColumnLimitError)?;
    sheet.set_freeze_panes(1, 3)?;
    sheet.autofilter(0, 0, last_row, column)?;
    sheet.ignore_error_range(0, 0, last_row, column, IgnoreError::NumberStoredAsText)?;
    let choices = [words::SAME, words::DIFFERENT, words::CANNOT_TELL].map(|word| say(word, language));
    let drop_down = DataValidation::new()
        .allow_list_strings(&choices)?
        .set_error_title(say(words::DECISION, language))?
        .set_error_message(choices.join(" / "))?;
    sheet.add_data_validation(1, 1, last_row.max(1), 1, &drop_down)?;
    Ok(())
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(CELL_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn write_question(
    sheet: &mut Worksheet,
    queue: &Queue,
    at: usize,
    question: &Question,
    language: Language,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let row = at as u32 + 1;
    let known = words::REASONS.iter().find(|(name, _)| *name == question.reason);
    let reason = known.map_or(question.reason.as_str(), |(_, word)| say(*word, language));
    let differs: Vec<bool> = question
        .values
        .iter()
        .map(|[a, b]| a != b && !a.is_empty() && !b.is_empty())
        .collect();
    let differing: Vec<&str> = queue
        .fields
        .iter()
        .zip(&differs)
        .filter(|(_, differs)| **differs)
        .map(|(field, _)| language.choose(&field.labels[0], &field.labels[1]))
        .collect();
    let [a, b] = &question.pair;
    sheet.write_number_with_format(row, 0, row, &Format::new().set_align(FormatAlign::Top))?;
    for column in [1, 2] {
        sheet.write_blank(row, column, &styles.open)?;
    }
    let head = [
        reason.to_owned(),
        format!("{:+.2}", question.weight_bits),
        question.pairs.to_string(),
        differing.join(language.choose(", ", "、")),
        a.source.clone(),
        a.key.clone(),
        b.source.clone(),
        b.key.clone(),
    ];
    for (column, text) in head.iter().enumerate() {
        sheet.write_string_with_format(row, column as u16 + 3, cut(text), &styles.plain)?;
    }
    let mut column = HEAD.len() as u16;
    for (values, differs) in question.values.iter().zip(differs) {
        for value in values {
            let style = if differs { &styles.differs } else { &styles.plain };
            sheet.write_string_with_format(row, column, cut(value), style)?;
            column += 1;
        }
    }
    let check = check_of(&queue.run_id, &question.pair);
    sheet.write_string_with_format(row, column, check, &styles.plain)?;
    Ok(())
}
