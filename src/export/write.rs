//! An export as a file: CSV and workbooks for people, Parquet for machines.
//!
//! Cells of CSV are guarded against formulas like every CSV of guiyi; workbooks hold texts only, so that codes keep their digits;
//! Parquet holds the exact texts. Files are for their owner alone (0600). Every file is made in
//! memory and written once, through the encryptor when there are recipients, so that its clear text is never on disk.

use crate::export::ExportError;
use crate::export::Recipients;
use crate::export::Table;
use crate::publish::guard_cell;
use frame::Column;
use frame::TextColumn;
use rust_xlsxwriter::DocProperties;
use rust_xlsxwriter::ExcelDateTime;
use rust_xlsxwriter::Format;
use rust_xlsxwriter::Workbook;
use rust_xlsxwriter::XlsxError;
use sha2::Digest;
use sha2::Sha256;
use std::fs::File;
use std::fs::OpenOptions;
use std::io;
use std::io::BufWriter;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Rows of a sheet below the header.
const SHEET_ROWS_MAX: usize = 1_048_575;

/// Texts beyond this many characters do not fit into a cell of Excel (32,767 UTF-16 units).
const CELL_CHARS_MAX: usize = 16_000;

/// Format of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFormat {
    /// UTF-8 with a byte order mark, guarded.
    Csv,
    /// Workbook.
    Xlsx,
    /// Parquet.
    Parquet,
}

impl FileFormat {
    /// Every format.
    pub const ALL: [Self; 3] = [Self::Csv, Self::Xlsx, Self::Parquet];

    /// Word on the command line, and ending.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Parquet => "parquet",
        }
    }
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ExportedFile {
    /// Its name.
    pub name: String,
    /// Its size.
    pub size_bytes: u64,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Rows below the header.
    pub rows: usize,
}

/// Writes `table` as `<stem>.<ending>` into `directory`, over nothing that is there; for `recipients` as `<stem>.<ending>.age`.
///
/// Encrypted, no byte of the clear file touches the disk; size and digest are those of the encrypted file.
///
/// # Errors
/// [`ExportError::Io`], [`ExportError::TooManyRows`], [`ExportError::Format`].
pub fn write(
    table: &Table,
    directory: &Path,
    stem: &str,
    format: FileFormat,
    recipients: Option<&Recipients>,
) -> Result<ExportedFile, ExportError> {
    let sealed = recipients.map_or("", |_| ".age");
    let name = format!("{stem}.{}{sealed}", format.as_str());
    let path = directory.join(&name);
    let fault = |reason: String| ExportError::Format {
        name: name.clone(),
        reason,
    };
    let bytes = match format {
        FileFormat::Csv => csv(table).map_err(|error| fault(error.to_string()))?,
        FileFormat::Xlsx if table.rows() > SHEET_ROWS_MAX => {
            return Err(ExportError::TooManyRows { rows: table.rows() });
        }
        FileFormat::Xlsx => xlsx(table).map_err(|error| fault(error.to_string()))?,
        FileFormat::Parquet => parquet(table).map_err(fault)?,
    };
    let io = |source| ExportError::Io {
        path: path.clone(),
        source,
    };
    let file = private(&path).map_err(io)?;
    let (size_bytes, sha256) = put(file, &bytes, recipients).map_err(|error| {
        // What is there of it is of no use to anyone; that it cannot go either changes nothing of the fault.
        let _ = std::fs::remove_file(&path);
        io(error)
    })?;
    Ok(ExportedFile {
        size_bytes,
        sha256,
        rows: table.rows(),
        name,
    })
}

/// Writes `bytes`, encrypted when there are recipients, and waits until the disk has them; size and digest of what is there.
fn put(file: File, bytes: &[u8], recipients: Option<&Recipients>) -> io::Result<(u64, String)> {
    let mut sink = Counted {
        file: BufWriter::new(file),
        size_bytes: 0,
        digest: Sha256::new(),
    };
    match recipients {
        Some(recipients) => {
            let mut encrypted = recipients.encrypt(&mut sink)?;
            encrypted.write_all(bytes)?;
            encrypted.finish()?;
        }
        None => sink.write_all(bytes)?,
    }
    sink.flush()?;
    sink.file.get_ref().sync_all()?;
    Ok((sink.size_bytes, hex(&sink.digest.finalize())))
}

/// A file whose bytes are counted and digested on their way.
struct Counted {
    file: BufWriter<File>,
    size_bytes: u64,
    digest: Sha256,
}

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.size_bytes += written as u64;
        self.digest.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn private(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn csv(table: &Table) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(&table.header)?;
    for row in 0..table.rows() {
        writer.write_record(
            table
                .columns
                .iter()
                .map(|column| guard_cell(&column[row]).into_owned()),
        )?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

fn xlsx(table: &Table) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let text = Format::new().set_num_format("@");
    let sheet = workbook.add_worksheet();
    for (at, (name, column)) in table.header.iter().zip(&table.columns).enumerate() {
        sheet.write_string(0, at as u16, name)?;
        for (row, cell) in column.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            let fitting: String = cell.chars().take(CELL_CHARS_MAX).collect();
            sheet.write_string_with_format(row as u32 + 1, at as u16, fitting, &text)?;
        }
    }
    workbook.save_to_buffer()
}

fn parquet(table: &Table) -> Result<Vec<u8>, String> {
    let column = |(name, cells): (&String, &Vec<String>)| {
        let bytes = cells.iter().map(String::len).sum();
        let mut texts = TextColumn::with_capacity(cells.len(), bytes);
        for cell in cells {
            texts.push_option(Some(cell.as_str()).filter(|cell| !cell.is_empty()));
        }
        Column::text(name.clone(), texts)
    };
    let columns = table.header.iter().zip(&table.columns).map(column).collect();
    let columns = frame::Table::try_new(columns).map_err(|error| error.to_string())?;
    frame::parquet_bytes(&columns).map_err(|error| error.to_string())
}
