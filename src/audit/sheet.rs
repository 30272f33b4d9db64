//! The worksheet: what an auditor sees, and nothing that would lead the answer.
//!
//! In: a sample and its run. Out: rows of text, as XLSX with drop-downs and as CSV: no weight, no band, no opinion of the program; bands
//! and sizes are mixed in the order of the rows. Every value is a text cell, so that codes stay as they are and nothing runs as a
//! formula. Each asked row ends with a check over its question.

use crate::audit::error::AuditError;
use crate::audit::published::Published;
use crate::audit::published::Values;
use crate::audit::sample::Sample;
use crate::audit::unit::Item;
use crate::audit::unit::RecordName;
use crate::audit::unit::Unit;
use crate::audit::words;
use crate::audit::words::Word;
use crate::audit::words::say;
use crate::field::FieldSpec;
use crate::model::Language;
use crate::publish::Run;
use crate::publish::guard_cell;
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
use rust_xlsxwriter::Worksheet as Sheet;
use rust_xlsxwriter::XlsxError;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// Records of one ID that are shown; more would not be read.
const MEMBERS_MAX: usize = 200;

/// Texts beyond this many characters do not fit into a cell of Excel (32,767 UTF-16 units).
const CELL_CHARS_MAX: usize = 16_000;

/// Width of a column with values.
const VALUE_WIDTH: u16 = 24;

/// Rows to fill in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worksheet {
    unit: Unit,
    language: Language,
    /// Labels of the columns of values.
    columns: Vec<String>,
    rows: Vec<Row>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    /// Number of the item, from 1.
    number: usize,
    cells: Vec<String>,
    /// Of the row that asks; empty for rows that show more of the same item.
    check: String,
}

/// The check of a question: audit, item, part and a hash over what is asked.
pub(super) fn check_of(sample: &Sample, at: usize, part: &str) -> String {
    let item = &sample.items[at].1;
    let names = item
        .records
        .iter()
        .flat_map(|record| [&record.source, &record.key]);
    let start = mix(hash_text(&sample.run_id), hash_text(&sample.frame_sha256));
    let texts = names.map(String::as_str).chain([item.id.as_str(), part]);
    let hash = texts.fold(mix(start, sample.seed), |hash, text| mix(hash, hash_text(text)));
    format!("{}:{}:{part}:{hash:016x}", sample.audit, at + 1)
}

/// The worksheet of a sample, with the values of its run.
///
/// # Errors
/// [`AuditError`] when the run's tables are not as published.
pub fn worksheet(
    run: &Run,
    sample: &Sample,
    schema: &[FieldSpec],
    language: Language,
) -> Result<Worksheet, AuditError> {
    let published = Published::of(run)?;
    match sample.unit {
        Unit::GoldenFields => golden_sheet(&published, sample, schema, language),
        Unit::RecordFields => field_sheet(&published, sample, schema, language),
        Unit::Links | Unit::Ids | Unit::Records => record_sheet(&published, sample, schema, language),
    }
}

fn labels(words: &[Word], language: Language) -> Vec<String> {
    words.iter().map(|word| say(*word, language).to_owned()).collect()
}

fn label_of(field: &str, schema: &[FieldSpec], language: Language) -> String {
    let spec = schema.iter().find(|spec| spec.name == field);
    spec.map_or(field, |spec| language.choose(&spec.en, &spec.zh))
        .to_owned()
}

fn values_of(published: &Published, sample: &Sample, fields: &[&str]) -> Result<Values, AuditError> {
    let shown = |(_, item): &(u32, Item)| item.records.iter().take(MEMBERS_MAX).cloned().collect::<Vec<_>>();
    let wanted: BTreeSet<RecordName> = sample.items.iter().flat_map(shown).collect();
    published.values(fields, &wanted)
}

fn field_sheet(
    published: &Published,
    sample: &Sample,
    schema: &[FieldSpec],
    language: Language,
) -> Result<Worksheet, AuditError> {
    let fields: Vec<&str> = sample.spec.fields.iter().map(String::as_str).collect();
    let values = values_of(published, sample, &fields)?;
    let mut rows = Vec::new();
    for (at, (_, item)) in sample.items.iter().enumerate() {
        let record = &item.records[0];
        for part in &item.parts {
            let value = values.get(record).and_then(|of| of.get(&part.field));
            rows.push(Row {
                number: at + 1,
                cells: vec![
                    record.source.clone(),
                    record.key.clone(),
                    label_of(&part.field, schema, language),
                    value.cloned().unwrap_or_default(),
                ],
                check: check_of(sample, at, &part.field),
            });
        }
    }
    Ok(Worksheet {
        unit: sample.unit,
        language,
        columns: labels(&[words::SOURCE, words::KEY, words::FIELD, words::VALUE], language),
        rows,
    })
}

fn golden_sheet(
    published: &Published,
    sample: &Sample,
    schema: &[FieldSpec],
    language: Language,
) -> Result<Worksheet, AuditError> {
    let wanted: BTreeSet<&str> = sample.items.iter().map(|(_, item)| item.id.as_str()).collect();
    let mut values: BTreeMap<(String, String), String> = BTreeMap::new();
    published.lineage(&mut |id, field, value, _, _| {
        if wanted.contains(id) {
            values.insert((id.to_owned(), field.to_owned()), value.to_owned());
        }
    })?;
    let value = |id: &str, field: &str| {
        values
            .get(&(id.to_owned(), field.to_owned()))
            .cloned()
            .unwrap_or_default()
    };
    let rows = sample.items.iter().enumerate().flat_map(|(at, (_, item))| {
        let row = |field: &str| Row {
            number: at + 1,
            cells: vec![
                item.id.clone(),
                value(&item.id, "customer_name"),
                label_of(field, schema, language),
                value(&item.id, field),
            ],
            check: check_of(sample, at, field),
        };
        item.parts.iter().map(|part| row(&part.field)).collect::<Vec<_>>()
    });
    let mut columns = labels(&[words::ID, words::FIELD, words::VALUE], language);
    columns.insert(1, label_of("customer_name", schema, language));
    Ok(Worksheet {
        unit: sample.unit,
        language,
        columns,
        rows: rows.collect(),
    })
}

fn record_sheet(
    published: &Published,
    sample: &Sample,
    schema: &[FieldSpec],
    language: Language,
) -> Result<Worksheet, AuditError> {
    let all: Vec<&str> = schema.iter().map(|spec| &*spec.name).collect();
    let fields = published.fields(&all)?;
    let values = values_of(published, sample, &fields)?;
    let is_shown = |field: &&str| values.values().any(|of| of.contains_key(*field));
    let fields: Vec<&str> = fields.into_iter().filter(is_shown).collect();
    let mut columns = labels(&[words::SOURCE, words::KEY], language);
    columns.extend(fields.iter().map(|field| label_of(field, schema, language)));
    if sample.unit == Unit::Ids {
        columns.insert(0, say(words::ID, language).to_owned());
    }
    let mut rows = Vec::new();
    for (at, (_, item)) in sample.items.iter().enumerate() {
        for (position, record) in item.records.iter().take(MEMBERS_MAX).enumerate() {
            let of = values.get(record);
            let texts = fields
                .iter()
                .map(|field| of.and_then(|of| of.get(*field)).cloned().unwrap_or_default());
            let id = (sample.unit == Unit::Ids).then(|| item.id.clone());
            let names = [record.source.clone(), record.key.clone()];
            rows.push(Row {
                number: at + 1,
                cells: id.into_iter().chain(names).chain(texts).collect(),
                check: if position == 0 {
                    check_of(sample, at, "")
                } else {
                    String::new()
                },
            });
        }
    }
    Ok(Worksheet {
        unit: sample.unit,
        language,
        columns,
        rows,
    })
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(CELL_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

impl Worksheet {
    /// Rows that ask something.
    pub fn questions(&self) -> usize {
        self.rows.iter().filter(|row| !row.check.is_empty()).count()
    }

    /// Columns that an auditor fills in, after the number.
    fn answers(&self) -> Vec<Word> {
        match self.unit {
            Unit::Records => vec![words::VERDICT, words::FOUND, words::COMMENT],
            _ => vec![words::VERDICT, words::COMMENT],
        }
    }

    fn verdicts(&self) -> Vec<Word> {
        match self.unit {
            Unit::Records => vec![words::COMPLETE, words::CANNOT_TELL],
            _ => vec![words::CORRECT, words::WRONG, words::CANNOT_TELL],
        }
    }

    fn header(&self) -> Vec<String> {
        let own = [words::NUMBER].into_iter().chain(self.answers());
        let own = own.map(|word| say(word, self.language).to_owned());
        let check = say(words::CHECK, self.language).to_owned();
        own.chain(self.columns.iter().cloned()).chain([check]).collect()
    }

    /// The worksheet as CSV in UTF-8 with a byte order mark, guarded against formulas.
    ///
    /// # Errors
    /// [`AuditError::Csv`].
    pub fn to_csv(&self) -> Result<Vec<u8>, AuditError> {
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer("\u{FEFF}".as_bytes().to_vec());
        writer.write_record(self.header())?;
        for row in &self.rows {
            let blanks = self.answers().len();
            let mut cells = vec![row.number.to_string()];
            cells.extend(std::iter::repeat_n(String::new(), blanks));
            cells.extend(row.cells.iter().map(|cell| guard_cell(cell).into_owned()));
            cells.push(row.check.clone());
            writer.write_record(&cells)?;
        }
        writer
            .into_inner()
            .map_err(|error| AuditError::Csv(error.into_error().into()))
    }

    /// The worksheet as an XLSX workbook with drop-downs.
    ///
    /// # Errors
    /// [`AuditError::Workbook`] when there are more rows or fields than a sheet holds.
    pub fn to_workbook(&self) -> Result<Vec<u8>, AuditError> {
        let language = self.language;
        let mut workbook = Workbook::new();
        let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
        workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
        let sheet = workbook.add_worksheet().set_name(say(words::SHEET, language))?;
        self.write_header(sheet)?;
        self.write_rows(sheet)?;
        let help = workbook
            .add_worksheet()
            .set_name(say(words::HELP_SHEET, language))?;
        help.set_column_width(0, 120)?;
        let lines = [words::question(self.unit)].into_iter().chain(words::HELP);
        for (row, line) in lines.enumerate() {
            help.write_string(row as u32, 0, say(line, language))?;
        }
        Ok(workbook.save_to_buffer()?)
    }

    fn write_header(&self, sheet: &mut Sheet) -> Result<(), XlsxError> {
        let bold = Format::new()
            .set_bold()
            .set_text_wrap()
            .set_align(FormatAlign::Top);
        let header = self.header();
        let last_column = header.len() as u16 - 1;
        for (column, label) in header.iter().enumerate() {
            let width = match column {
                0 => 6,
                1 => 14,
                _ => VALUE_WIDTH,
            };
            sheet.set_column_width(column as u16, width)?;
            sheet.write_string_with_format(0, column as u16, label, &bold)?;
        }
        let last_row = u32::try_from(self.rows.len()).map_err(|_| XlsxError::RowColumnLimitError)?;
        sheet.set_freeze_panes(1, 1 + self.answers().len() as u16)?;
        sheet.autofilter(0, 0, last_row, last_column)?;
        sheet.ignore_error_range(0, 0, last_row, last_column, IgnoreError::NumberStoredAsText)?;
        let language = self.language;
        let choices: Vec<&str> = self
            .verdicts()
            .into_iter()
            .map(|word| say(word, language))
            .collect();
        let drop_down = DataValidation::new()
            .allow_list_strings(&choices)?
            .set_error_title(say(words::VERDICT, language))?
            .set_error_message(choices.join(" / "))?;
        sheet.add_data_validation(1, 1, last_row.max(1), 1, &drop_down)?;
        Ok(())
    }

    fn write_rows(&self, sheet: &mut Sheet) -> Result<(), XlsxError> {
        let plain = Format::new()
            .set_align(FormatAlign::Top)
            .set_text_wrap()
            .set_num_format("@");
        let shaded = plain.clone().set_background_color(Color::RGB(0xEE_F2_F5));
        let open = plain.clone().set_background_color(Color::RGB(0xE2_EF_DA));
        let number = |style: &Format| style.clone().set_num_format("0");
        let (number_plain, number_shaded) = (number(&plain), number(&shaded));
        for (at, row) in self.rows.iter().enumerate() {
            let line = at as u32 + 1;
            let is_shaded = row.number.is_multiple_of(2);
            let style = if is_shaded { &shaded } else { &plain };
            let number = if is_shaded { &number_shaded } else { &number_plain };
            sheet.write_number_with_format(line, 0, row.number as f64, number)?;
            let mut column = 1;
            for _ in self.answers() {
                sheet.write_blank(line, column, if row.check.is_empty() { style } else { &open })?;
                column += 1;
            }
            for cell in row.cells.iter().chain([&row.check]) {
                sheet.write_string_with_format(line, column, cut(cell), style)?;
                column += 1;
            }
        }
        Ok(())
    }
}
