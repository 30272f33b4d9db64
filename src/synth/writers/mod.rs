//! Files of the generated exports: one sink per format behind [`Sink`].
//!
//! In: a folder, a source's habit, rows. Out: one file `customers.*` per source, readable by its owner only. Which values stand in the
//! rows is decided elsewhere; here they become cells and bytes. Adding a format is one file and its lines here.

mod encoder;
mod json;
mod parquet;
mod text;
mod workbook;

use super::SynthError;
use super::row::Row;
use super::sources::Format;
use super::sources::Habit;
use std::fs::File;
use std::fs::OpenOptions;
use std::path::Path;
use std::path::PathBuf;

/// An open export.
pub(super) enum Sink {
    Text(text::TextSink),
    Workbook(Box<workbook::WorkbookSink>),
    Parquet(Box<parquet::ParquetSink>),
    Json(json::JsonSink),
}

impl Sink {
    /// Creates the export of a source in `folder`, which exists.
    ///
    /// # Errors
    /// [`SynthError::Write`] when the file cannot be created.
    pub(super) fn create(folder: &Path, habit: &Habit) -> Result<Self, SynthError> {
        match habit.format {
            Format::Delimited {
                encoding,
                delimiter,
                is_crlf,
                extension,
            } => {
                let path = folder.join(format!("customers.{extension}"));
                let dialect = text::Dialect {
                    encoding,
                    delimiter,
                    is_crlf,
                };
                text::TextSink::create(&path, habit.columns, dialect).map(Self::Text)
            }
            Format::Workbook { title, total } => {
                let path = folder.join("customers.xlsx");
                workbook::WorkbookSink::create(path, habit.columns, title, total)
                    .map(|sink| Self::Workbook(Box::new(sink)))
            }
            Format::Parquet => {
                let path = folder.join("customers.parquet");
                parquet::ParquetSink::create(path, habit.columns).map(|sink| Self::Parquet(Box::new(sink)))
            }
            Format::JsonLines => {
                json::JsonSink::create(&folder.join("customers.jsonl"), habit.columns).map(Self::Json)
            }
        }
    }

    /// Adds a record.
    ///
    /// # Errors
    /// [`SynthError::Write`] when the file cannot be written.
    pub(super) fn write(&mut self, row: &Row) -> Result<(), SynthError> {
        match self {
            Self::Text(sink) => sink.write(row),
            Self::Workbook(sink) => sink.write(row),
            Self::Parquet(sink) => sink.write(row),
            Self::Json(sink) => sink.write(row),
        }
    }

    /// Completes the export and names its file.
    ///
    /// # Errors
    /// [`SynthError::Write`] when the file cannot be written.
    pub(super) fn finish(self) -> Result<PathBuf, SynthError> {
        match self {
            Self::Text(sink) => sink.finish(),
            Self::Workbook(sink) => sink.finish(),
            Self::Parquet(sink) => sink.finish(),
            Self::Json(sink) => sink.finish(),
        }
    }
}

/// Creates a file that only its owner can read.
pub(super) fn create_file(path: &Path) -> Result<File, SynthError> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options
        .open(path)
        .map_err(|source| SynthError::write(path, source))
}

#[cfg(test)]
mod tests {
    use super::Sink;
    use crate::synth::Locale;
    use crate::synth::row::Field;
    use crate::synth::row::Row;
    use crate::synth::sources::habit;

    fn written(position: usize) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let (habit, _) = habit(Locale::Zh, position, false);
        let mut sink = Sink::create(folder.path(), &habit).unwrap();
        let mut row = Row::new();
        row.set(Field::Code, "A1");
        row.set(Field::Name, "华夏\"科技\",;\t(北京)有限公司");
        row.set(Field::Amount, "12.50");
        row.set(Field::Created, "45293");
        sink.write(&row).unwrap();
        let path = sink.finish().unwrap();
        std::fs::read(path).unwrap()
    }

    #[test]
    fn each_text_file_decodes_in_its_declared_encoding() {
        for (position, label) in [
            (0, "gbk"),
            (1, "utf-8"),
            (4, "utf-16le"),
            (5, "utf-8"),
            (6, "gb18030"),
        ] {
            let bytes = written(position);
            let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap();
            let (text, _, has_errors) = encoding.decode(&bytes);
            assert!(!has_errors && text.contains("有限公司"), "{label}");
        }
        let bytes = written(7);
        let (text, _, has_errors) = encoding_rs::BIG5.decode(&bytes);
        assert!(!has_errors && text.contains("客戶編號"));
    }

    #[test]
    fn binary_files_start_with_their_magic() {
        assert!(written(2).starts_with(b"PK"));
        assert!(written(3).starts_with(b"PAR1"));
    }

    #[test]
    fn quotes_and_delimiters_in_cells_survive() {
        let bytes = written(0);
        let (text, _, _) = encoding_rs::GBK.decode(&bytes);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let record = reader.records().next().unwrap().unwrap();
        assert_eq!(&record[1], "华夏\"科技\",;\t(北京)有限公司");
        assert_eq!(
            reader
                .headers()
                .unwrap()
                .iter()
                .position(|header| header == "对接人"),
            Some(5)
        );
    }
}
