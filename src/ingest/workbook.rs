//! Workbooks to rows: `.xlsx`, `.xls`, `.ods`, by calamine.
//!
//! In: a located workbook. Out: the rows of its sheets, every cell as the text it stands for: whole numbers without
//! `.0`, dates in ISO 8601 by their cell type, other numbers with the digits they have. A number of 16 digits or more
//! is marked as rounded, because a spreadsheet keeps 15. Sheets of `.xlsx` are streamed cell by cell (a whole range
//! would be as large as its furthest cells say); `.xls` and `.ods` are held whole, and their size is limited before.
//!
//! Which sheets belong together: those the job names, or the first visible one with the job's columns and every visible
//! one with the same header. Zip archives are checked by `preflight` before calamine sees them.

use super::IngestError;
use super::headed::FIRST_ROWS;
use super::headed::Headed;
use super::headed::HeaderWish;
use super::header::FirstRow;
use super::header::Header;
use super::header::find_header;
use super::header::nearest;
use super::locate::SourceFile;
use super::open::open_plain;
use super::preflight;
use super::read::ReadOptions;
use super::row::RowSink;
use super::row::TablePlace;
use super::row::TableSink;
use super::settings::Format;
use super::settings::Limits;
use super::sheet_rows::EachRow;
use super::sheet_rows::range_rows;
use super::sheet_rows::stream_rows;
use calamine::Reader;
use calamine::Sheet;
use calamine::SheetType;
use calamine::SheetVisible;
use std::fs::File;
use std::io::BufReader;
use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;

/// What calamine reads from.
pub(super) type Input = BufReader<File>;

enum Book {
    Xlsx(Box<calamine::Xlsx<Input>>),
    Xls(Box<calamine::Xls<Input>>),
    Ods(Box<calamine::Ods<Input>>),
}

/// The sheets that were read, and those left out.
#[derive(Debug, Default)]
pub(super) struct Sheets {
    pub(super) read: Vec<String>,
    pub(super) left_out: Vec<String>,
}

/// Reads the sheets of a workbook that belong to the source.
pub(super) fn read_workbook(
    file: &SourceFile,
    format: Format,
    options: &ReadOptions<'_>,
    sink: &mut dyn TableSink,
) -> Result<Sheets, IngestError> {
    check_size(file, format, &options.limits)?;
    // calamine is well tested, but a parser of foreign binary formats may always meet a case it panics on.
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let mut book = Book::open(file, format)?;
        let sheets = book.choose(file, options)?;
        let is_single = sheets.read.len() == 1;
        for name in &sheets.read {
            let sheet = (!is_single).then_some(name.as_str());
            let place = TablePlace { file, sheet };
            let mut headed = Headed::new(place, "", &options.wish, sink);
            book.rows(file, name, &options.limits, &mut |line, row| {
                match row {
                    Ok(row) => headed.row(&row.as_row(line, 0))?,
                    Err(bad) => headed.bad(bad)?,
                }
                Ok(true)
            })?;
            headed.finish()?;
        }
        Ok(sheets)
    }));
    outcome.unwrap_or_else(|_| Err(file.damaged("the workbook reader gave up")))
}

fn check_size(file: &SourceFile, format: Format, limits: &Limits) -> Result<(), IngestError> {
    if format != Format::Xls {
        return preflight::check(file, format, limits);
    }
    let size = std::fs::metadata(&file.real)
        .map_err(|cause| file.io_error(cause))?
        .len();
    if size > limits.whole_workbook_bytes_max {
        return Err(file.too_large("a size", limits.whole_workbook_bytes_max));
    }
    Ok(())
}

impl Book {
    fn open(file: &SourceFile, format: Format) -> Result<Self, IngestError> {
        let input = || {
            let raw = open_plain(file)?;
            Ok::<_, IngestError>(BufReader::new(raw))
        };
        match format {
            Format::Ods => match calamine::Ods::new(input()?) {
                Ok(book) => Ok(Self::Ods(Box::new(book))),
                Err(calamine::OdsError::Password) => Err(preflight::encrypted(file)),
                Err(_) => Err(file.damaged("its content cannot be parsed")),
            },
            Format::Xls => match calamine::Xls::new(input()?) {
                Ok(book) => Ok(Self::Xls(Box::new(book))),
                Err(calamine::XlsError::Password) => Err(preflight::encrypted(file)),
                // An encrypted .xlsx is wrapped in the container of .xls.
                Err(_) => match calamine::Xlsx::new(input()?) {
                    Err(calamine::XlsxError::Password) => Err(preflight::encrypted(file)),
                    _ => Err(file.damaged("its content cannot be parsed")),
                },
            },
            _ => match calamine::Xlsx::new(input()?) {
                Ok(book) => Ok(Self::Xlsx(Box::new(book))),
                Err(calamine::XlsxError::Password) => Err(preflight::encrypted(file)),
                Err(_) => Err(file.damaged("its content cannot be parsed")),
            },
        }
    }

    fn sheets(&self) -> Vec<Sheet> {
        match self {
            Self::Xlsx(book) => book.sheets_metadata().to_vec(),
            Self::Xls(book) => book.sheets_metadata().to_vec(),
            Self::Ods(book) => book.sheets_metadata().to_vec(),
        }
    }

    /// Gives the rows of a sheet that have cells, in order.
    fn rows(
        &mut self,
        file: &SourceFile,
        sheet: &str,
        limits: &Limits,
        each: &mut EachRow<'_>,
    ) -> Result<(), IngestError> {
        match self {
            Self::Xlsx(book) => stream_rows(book, file, sheet, limits, each),
            Self::Xls(book) => range_rows(book.worksheet_range(sheet).ok(), file, limits, each),
            Self::Ods(book) => range_rows(book.worksheet_range(sheet).ok(), file, limits, each),
        }
    }

    /// The sheets to read.
    fn choose(&mut self, file: &SourceFile, options: &ReadOptions<'_>) -> Result<Sheets, IngestError> {
        let all = self.sheets();
        let mut sheets = Sheets::default();
        let is_named = !options.sheets.is_empty();
        if is_named {
            let patterns = patterns_of(file, options.sheets)?;
            sheets.read = all
                .iter()
                .filter(|sheet| patterns.iter().any(|pattern| pattern.matches(&sheet.name)))
                .map(|sheet| sheet.name.clone())
                .collect();
        } else {
            self.choose_by_header(file, &all, options, &mut sheets)?;
        }
        if sheets.read.is_empty() {
            let wish = options.sheets.first().map_or("*", String::as_str);
            let (source_name, path) = file.names();
            return Err(IngestError::NoSheet {
                source_name,
                file: path,
                pattern: wish.to_owned(),
                nearest: nearest(wish, all.iter().map(|sheet| sheet.name.as_str())),
            });
        }
        let read = &sheets.read;
        let others = all
            .into_iter()
            .map(|sheet| sheet.name)
            .filter(|name| !read.contains(name));
        sheets.left_out = others.collect();
        Ok(sheets)
    }

    fn choose_by_header(
        &mut self,
        file: &SourceFile,
        all: &[Sheet],
        options: &ReadOptions<'_>,
        sheets: &mut Sheets,
    ) -> Result<(), IngestError> {
        let wish = &options.wish;
        let mut first_filled = None;
        let mut signature: Option<Vec<String>> = None;
        for sheet in all {
            if sheet.visible != SheetVisible::Visible || sheet.typ != SheetType::WorkSheet {
                continue;
            }
            let Some(header) = self.header_of(file, &sheet.name, wish, &options.limits)? else {
                continue;
            };
            first_filled.get_or_insert_with(|| sheet.name.clone());
            let has_all = wish.wanted.iter().all(|name| header.position(name).is_some());
            let is_table = has_all && (!wish.wanted.is_empty() || header.columns.len() > 1);
            let this = header.signature();
            match &signature {
                None if is_table => signature = Some(this),
                Some(known) if *known == this => {}
                _ => continue,
            }
            sheets.read.push(sheet.name.clone());
        }
        if sheets.read.is_empty() {
            // Reading it names the column that is missing.
            sheets.read.extend(first_filled);
        }
        Ok(())
    }

    fn header_of(
        &mut self,
        file: &SourceFile,
        sheet: &str,
        wish: &HeaderWish,
        limits: &Limits,
    ) -> Result<Option<Header>, IngestError> {
        let names = &wish.names;
        if !names.is_empty() {
            let line = wish.row.map_or(0, u64::from);
            return Ok(Some(Header::new(line, names.iter().map(String::as_str))));
        }
        let mut first = Vec::new();
        let row_max = wish.row.map_or(0, u64::from);
        self.rows(file, sheet, limits, &mut |line, row| {
            if let Ok(row) = row {
                let row = row.as_row(line, 0);
                if !row.is_blank() && line >= row_max {
                    let cells = row.iter().map(str::to_owned).collect();
                    first.push(FirstRow { line, cells });
                }
            }
            Ok(first.len() < FIRST_ROWS)
        })?;
        let found = find_header(&first, wish.row, &wish.wanted);
        Ok(found.map(|at| Header::new(first[at].line, first[at].cells.iter().map(String::as_str))))
    }
}

fn patterns_of(file: &SourceFile, sheets: &[String]) -> Result<Vec<glob::Pattern>, IngestError> {
    let compile = |text: &String| {
        glob::Pattern::new(text).map_err(|error| IngestError::Pattern {
            source_name: file.source.clone(),
            pattern: text.clone(),
            reason: error.msg.to_owned(),
        })
    };
    sheets.iter().map(compile).collect()
}

#[cfg(test)]
mod tests {
    use super::super::IngestError;
    use super::super::tests::rejects;
    use super::super::tests::rows;
    use super::super::tests::run;
    use super::super::tests::source;
    use rust_xlsxwriter::ExcelDateTime;
    use rust_xlsxwriter::Format;
    use rust_xlsxwriter::Workbook;
    use std::io::Write;
    use std::path::Path;

    /// Title in merged cells, header in row 3, text codes, a number, a date and a totals row.
    fn month(book: &mut Workbook, name: &str, key: &str) {
        let sheet = book.add_worksheet();
        sheet.set_name(name).unwrap();
        sheet.merge_range(0, 0, 0, 3, "客户清单", &Format::new()).unwrap();
        for (column, header) in ["编号", "客户名称", "电话", "建档日期"].iter().enumerate() {
            sheet.write_string(2, column as u16, *header).unwrap();
        }
        sheet.write_string(3, 0, key).unwrap();
        sheet.write_string(3, 1, "上海德诚电子有限公司").unwrap();
        sheet.write_number(3, 2, 13_800_138_000.0).unwrap();
        let date = ExcelDateTime::from_ymd(2024, 1, 2).unwrap();
        let format = Format::new().set_num_format("yyyy-mm-dd");
        sheet.write_datetime_with_format(3, 3, &date, &format).unwrap();
        sheet.write_string(4, 0, format!("{key}b")).unwrap();
        sheet.write_string(4, 1, "Ann Lee Ltd").unwrap();
        sheet.write_number(4, 2, 110_105_199_001_011_234.0).unwrap();
        sheet.write_string(6, 0, "合计").unwrap();
        sheet.write_number(6, 2, 12.5).unwrap();
    }

    fn dir_with(book: &mut Workbook) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        book.save(dir.path().join("a.xlsx")).unwrap();
        dir
    }

    #[test]
    fn cells_are_the_text_they_stand_for() {
        let mut book = Workbook::new();
        month(&mut book, "一月", "0012");
        let dir = dir_with(&mut book);
        let mut settings = source("甲", &["a.xlsx"]);
        settings
            .columns
            .push(super::super::tests::field("created_date", "建档日期"));
        let ingested = run(dir.path(), vec![settings]);
        assert!(ingested.faults.is_empty(), "{:?}", ingested.faults);
        let expected = [
            "甲/0012/上海德诚电子有限公司/13800138000",
            "甲/0012b/Ann Lee Ltd/110105199001011230",
        ];
        let got = rows(&ingested);
        assert_eq!(got[0], expected[0]);
        assert!(
            got[1].starts_with("甲/0012b/Ann Lee Ltd/1101051990010112"),
            "{}",
            got[1]
        );
        let date = ingested
            .records
            .value(crate::model::RecordIndex(0), "created_date");
        assert_eq!(date, "2024-01-02");
        let issues: Vec<_> = ingested
            .cell_issues
            .iter()
            .map(|i| (i.record.0, i.code.name))
            .collect();
        assert_eq!(issues, [(1, "precision_lost")]);
        let account = ingested.records.accounts[0];
        assert_eq!((account.read, account.accepted, account.skipped), (3, 2, 1));
        assert_eq!(ingested.records.places[0].line, 4);
        assert_eq!(ingested.records.files, ["a.xlsx"]);
    }

    #[test]
    fn sheets_of_one_header_belong_together_and_others_are_left_out() {
        let mut book = Workbook::new();
        book.add_worksheet()
            .set_name("说明")
            .unwrap()
            .write_string(0, 0, "填写说明")
            .unwrap();
        month(&mut book, "1月", "A");
        month(&mut book, "2月", "B");
        month(&mut book, "旧", "C");
        book.worksheet_from_name("旧").unwrap().set_hidden(true);
        let dir = dir_with(&mut book);
        let ingested = run(dir.path(), vec![source("甲", &["a.xlsx"])]);
        assert_eq!(ingested.inputs[0].sheets, ["1月", "2月"]);
        assert_eq!(ingested.inputs[0].sheets_left_out, ["说明", "旧"]);
        assert_eq!(ingested.records.files, ["a.xlsx#1月", "a.xlsx#2月"]);
        assert_eq!(ingested.records.len(), 4);
        let mut named = source("甲", &["a.xlsx"]);
        named.sheets = vec!["旧*".to_owned()];
        assert_eq!(run(dir.path(), vec![named.clone()]).records.len(), 2);
        named.sheets = vec!["3月".to_owned()];
        let ingested = run(dir.path(), vec![named]);
        assert!(matches!(
            &ingested.faults[0].error,
            IngestError::NoSheet { nearest: Some(_), .. }
        ));
    }

    #[test]
    fn a_column_that_no_sheet_has_is_named() {
        let mut book = Workbook::new();
        month(&mut book, "1月", "A");
        let dir = dir_with(&mut book);
        let mut settings = source("甲", &["a.xlsx"]);
        settings
            .columns
            .push(super::super::tests::field("address", "客户地址"));
        let ingested = run(dir.path(), vec![settings]);
        let error = &ingested.faults[0].error;
        assert!(
            matches!(error, IngestError::MissingColumn { line: 3, .. }),
            "{error}"
        );
    }

    #[test]
    fn a_cell_at_the_far_corner_costs_nothing() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        for (column, header) in ["编号", "客户名称", "电话"].iter().enumerate() {
            sheet.write_string(0, column as u16, *header).unwrap();
            sheet.write_string(1, column as u16, "x").unwrap();
        }
        sheet.write_string(1_048_575, 16_383, "x").unwrap();
        let dir = dir_with(&mut book);
        let ingested = run(dir.path(), vec![source("甲", &["a.xlsx"])]);
        assert_eq!(rows(&ingested), ["甲/x/x/x"]);
        assert_eq!(rejects(&ingested), [(1_048_576, "ragged_row")]);
    }

    #[test]
    fn damaged_and_encrypted_workbooks_are_errors() {
        let mut book = Workbook::new();
        month(&mut book, "1月", "A");
        let dir = dir_with(&mut book);
        let whole = std::fs::read(dir.path().join("a.xlsx")).unwrap();
        let fault = |bytes: &[u8]| {
            std::fs::write(dir.path().join("a.xlsx"), bytes).unwrap();
            run(dir.path(), vec![source("甲", &["a.xlsx"])])
                .faults
                .remove(0)
                .error
        };
        assert!(matches!(
            fault(&whole[..whole.len() / 2]),
            IngestError::Damaged { .. }
        ));
        let mut flipped = whole.clone();
        let at = memchr::memmem::find(&whole, b"sheet1.xml").unwrap() + 40;
        flipped[at..at + 30].fill(0xAA);
        assert!(matches!(fault(&flipped), IngestError::Damaged { .. }));
        let error = fault(&encrypted_container());
        assert!(matches!(error, IngestError::Encrypted { .. }), "{error}");
    }

    /// The container of an encrypted workbook: one FAT sector, one directory sector with `EncryptedPackage`.
    fn encrypted_container() -> Vec<u8> {
        let mut file = vec![0u8; 512 * 4];
        file[..8].copy_from_slice(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
        file[24..32].copy_from_slice(&[0x3E, 0, 3, 0, 0xFE, 0xFF, 9, 0]);
        file[32..34].copy_from_slice(&6u16.to_le_bytes());
        let end = u32::MAX - 1;
        for (at, value) in [(44, 1), (48, 1), (56, 4096), (60, end), (68, end), (76, 0)] {
            file[at..at + 4].copy_from_slice(&u32::to_le_bytes(value));
        }
        file[80..512].fill(0xFF);
        let fat = &mut file[512..1024];
        fat.fill(0xFF);
        for (at, value) in [u32::MAX - 2, end, end].into_iter().enumerate() {
            fat[at * 4..at * 4 + 4].copy_from_slice(&value.to_le_bytes());
        }
        for (at, name, kind, size) in [(0, "Root Entry", 5u8, 0u32), (1, "EncryptedPackage", 2, 512)] {
            let entry = &mut file[1024 + at * 128..1024 + (at + 1) * 128];
            for (i, unit) in name.encode_utf16().enumerate() {
                entry[i * 2..i * 2 + 2].copy_from_slice(&unit.to_le_bytes());
            }
            entry[64..66].copy_from_slice(&(name.len() as u16 * 2 + 2).to_le_bytes());
            entry[66] = kind;
            entry[116..120].copy_from_slice(&(if kind == 5 { end } else { 2 }).to_le_bytes());
            entry[120..124].copy_from_slice(&size.to_le_bytes());
        }
        file
    }

    fn write_ods(path: &Path) {
        let row = |cells: &[&str]| {
            let cell = |text: &&str| {
                format!(
                    "<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"
                )
            };
            format!(
                "<table:table-row>{}</table:table-row>",
                cells.iter().map(cell).collect::<String>()
            )
        };
        let content = format!(
            "<?xml version=\"1.0\"?><office:document-content \
             xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
             xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
             xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"><office:body><office:spreadsheet>\
             <table:table table:name=\"客户\">{}{}</table:table></office:spreadsheet></office:body></office:document-content>",
            row(&["编号", "客户名称", "电话"]),
            row(&["001", "王芳", "010"])
        );
        let mut writer = zip::ZipWriter::new(std::fs::File::create(path).unwrap());
        let options = zip::write::SimpleFileOptions::default();
        let manifest =
            "<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"/>";
        for (name, text) in [
            ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
            ("META-INF/manifest.xml", manifest),
            ("content.xml", &content),
        ] {
            writer.start_file(name, options).unwrap();
            writer.write_all(text.as_bytes()).unwrap();
        }
        writer.finish().unwrap();
    }

    #[test]
    fn open_document_spreadsheets_are_read() {
        let dir = tempfile::tempdir().unwrap();
        write_ods(&dir.path().join("a.ods"));
        let ingested = run(dir.path(), vec![source("甲", &["a.ods"])]);
        assert!(ingested.faults.is_empty(), "{:?}", ingested.faults);
        assert_eq!(rows(&ingested), ["甲/001/王芳/010"]);
    }
}
