//! Reads one file of any format into a table sink.
//!
//! In: a located file and what the job declares on it. Out: the tables in it, row by row, and the [`InputFile`] that the
//! manifest names. This is the one place that knows which reader a format has. Mapping and counting are left to the
//! sink.

use super::IngestError;
use super::Isolation;
use super::csv::CsvEvent;
use super::csv::CsvReader;
use super::decode::Decoded;
use super::encoding::Survey;
use super::headed::Headed;
use super::headed::HeaderWish;
use super::ingested::InputFile;
use super::isolate::read_isolated;
use super::json_lines::read_json_lines;
use super::locate::SourceFile;
use super::open::Layout;
use super::open::hash_file;
use super::open::layout;
use super::open::reader;
use super::open::stream_error;
use super::parquet::read_parquet;
use super::row::RowSink;
use super::row::TablePlace;
use super::row::TableSink;
use super::settings::Format;
use super::settings::Limits;
use super::window::TextWindow;
use super::workbook::read_workbook;
use encoding_rs::Encoding;

/// What is declared on a file.
#[derive(Debug, Clone)]
pub(super) struct ReadOptions<'a> {
    pub(super) format: Option<Format>,
    pub(super) encoding: Option<&'a str>,
    pub(super) delimiter: Option<u8>,
    pub(super) sheets: &'a [String],
    pub(super) wish: HeaderWish,
    pub(super) limits: Limits,
    pub(super) isolation: &'a Isolation,
}

/// A file that was read.
#[derive(Debug)]
pub(super) struct ReadFile {
    pub(super) input: InputFile,
    /// Delimiter of a CSV file.
    pub(super) delimiter: Option<u8>,
}

/// Reads `file` to its end, in a process of its own when it is of a kind that is kept apart.
pub(super) fn read_file(
    file: &SourceFile,
    options: &ReadOptions<'_>,
    sink: &mut dyn TableSink,
) -> Result<ReadFile, IngestError> {
    match options.isolation.program_for(file)? {
        Some(program) => read_isolated(program, file, options, sink),
        None => read_here(file, options, sink),
    }
}

/// Reads `file` to its end in this process.
fn read_here(
    file: &SourceFile,
    options: &ReadOptions<'_>,
    sink: &mut dyn TableSink,
) -> Result<ReadFile, IngestError> {
    let layout = layout(file, options.format, &options.limits)?;
    let mut read = ReadFile {
        input: InputFile {
            source: file.source.clone(),
            path: file.path.clone(),
            size_bytes: 0,
            sha256: String::new(),
            encoding: String::new(),
            format: layout.format,
            sheets: Vec::new(),
            sheets_left_out: Vec::new(),
        },
        delimiter: None,
    };
    match layout.format {
        Format::Csv | Format::JsonLines => {
            let survey = Survey::read(file, layout.compression, &options.limits)?;
            let encoding = survey.encoding(file, options.encoding)?;
            read.input.encoding = encoding.name().to_owned();
            if layout.format == Format::Csv {
                read.delimiter = Some(read_csv(file, layout, encoding, options, sink)?);
            } else {
                let open = || open_text(file, layout, encoding, &options.limits);
                read_json_lines(file, encoding, &options.limits, &open, sink)?;
            }
            (read.input.sha256, read.input.size_bytes) = (survey.sha256, survey.size_bytes);
            return Ok(read);
        }
        Format::Xlsx | Format::Xls | Format::Ods => {
            let sheets = read_workbook(file, layout.format, options, sink)?;
            (read.input.sheets, read.input.sheets_left_out) = (sheets.read, sheets.left_out);
        }
        Format::Parquet => read_parquet(file, options, sink)?,
    }
    (read.input.sha256, read.input.size_bytes) = hash_file(file)?;
    Ok(read)
}

/// The decoded text of a file, from its start.
pub(super) fn open_text(
    file: &SourceFile,
    layout: Layout,
    encoding: &'static Encoding,
    limits: &Limits,
) -> Result<TextWindow, IngestError> {
    let bytes = reader(file, layout.compression, limits)?;
    Ok(TextWindow::new(Decoded::new(bytes, encoding)))
}

fn read_csv(
    file: &SourceFile,
    layout: Layout,
    encoding: &'static Encoding,
    options: &ReadOptions<'_>,
    sink: &mut dyn TableSink,
) -> Result<u8, IngestError> {
    if options
        .delimiter
        .is_some_and(|delimiter| !delimiter.is_ascii() || delimiter == b'"')
    {
        return Err(IngestError::Settings {
            source_name: file.source.clone(),
            reason: "`delimiter` must be one ASCII character other than the quote".to_owned(),
        });
    }
    let window = open_text(file, layout, encoding, &options.limits)?;
    let mut csv = CsvReader::new(window, options.delimiter, &options.limits)
        .map_err(|cause| stream_error(file, cause))?;
    let place = TablePlace { file, sheet: None };
    let mut headed = Headed::new(place, encoding.name(), &options.wish, sink);
    let mut decoding = DecodingAccount::default();
    while let Some(event) = csv.next().map_err(|cause| stream_error(file, cause))? {
        match event {
            CsvEvent::Row(row) => {
                decoding.good(row.text);
                headed.row(&row)?;
            }
            CsvEvent::Bad(bad) => {
                decoding.bad(bad.code.name, bad.line);
                headed.bad(bad)?;
            }
        }
    }
    headed.finish()?;
    decoding.check(file, encoding)?;
    Ok(csv.delimiter())
}

/// Tells a file in the wrong encoding from one with some damaged rows.
#[derive(Debug, Default)]
pub(super) struct DecodingAccount {
    rows: u64,
    rows_beyond_ascii: u64,
    rows_bad: u64,
    line_bad: u64,
}

impl DecodingAccount {
    pub(super) fn good(&mut self, text: &str) {
        self.rows += 1;
        self.rows_beyond_ascii += u64::from(!text.is_ascii());
    }

    pub(super) fn bad(&mut self, code: &str, line: u64) {
        self.rows += 1;
        if code == "bad_encoding" {
            self.rows_bad += 1;
            if self.rows_bad == 1 {
                self.line_bad = line;
            }
        }
    }

    /// # Errors
    /// [`IngestError::WrongEncoding`] when more rows with characters beyond ASCII fail than pass, and they are a
    /// tenth of the file.
    pub(super) fn check(&self, file: &SourceFile, encoding: &'static Encoding) -> Result<(), IngestError> {
        let bad = self.rows_bad;
        if bad < 2 || bad <= self.rows_beyond_ascii || bad * 10 < self.rows {
            return Ok(());
        }
        let (source_name, file) = file.names();
        Err(IngestError::WrongEncoding {
            source_name,
            file,
            encoding: encoding.name(),
            line: self.line_bad,
        })
    }
}
