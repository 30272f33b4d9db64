//! Stand-in until the `frame` crate is there.
use super::super::SynthError;
use super::super::row::{Field, Row};
use std::path::PathBuf;
pub(crate) struct ParquetSink(super::text::TextSink);
impl ParquetSink {
    pub(super) fn create(
        path: PathBuf,
        columns: &'static [(Field, &'static str)],
    ) -> Result<Self, SynthError> {
        let dialect = super::text::Dialect {
            encoding: super::super::sources::Encoding::Utf8,
            delimiter: ',',
            is_crlf: false,
        };
        super::text::TextSink::create(&path, columns, dialect).map(Self)
    }
    pub(super) fn write(&mut self, row: &Row) -> Result<(), SynthError> {
        self.0.write(row)
    }
    pub(super) fn finish(self) -> Result<PathBuf, SynthError> {
        self.0.finish()
    }
}
