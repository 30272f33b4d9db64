//! What can go wrong with a queue or its workbook.

use crate::review::words::Word;
use std::path::PathBuf;
use thiserror::Error;

/// Why a queue cannot be shown or a workbook not be read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ReviewError {
    /// A table of the run cannot be read.
    #[error("table `{table}` of run `{run_id}` cannot be read")]
    Table {
        /// The table.
        table: &'static str,
        /// The run.
        run_id: String,
        /// Why.
        source: frame::FrameError,
    },
    /// A table of the run lacks a column.
    #[error("table `{table}` of run `{run_id}` has no column `{column}`")]
    Column {
        /// The table.
        table: &'static str,
        /// The run.
        run_id: String,
        /// The column.
        column: String,
    },
    /// The workbook cannot be made.
    #[error("the workbook cannot be made")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// The file is no workbook.
    #[error("`{}` is not an XLSX workbook", path.display())]
    NotAWorkbook {
        /// The file.
        path: PathBuf,
        /// Why.
        source: calamine::XlsxError,
    },
    /// The workbook is none of ours.
    #[error("`{}` has no sheet of questions; import the workbook that `guiyi review export` wrote", path.display())]
    NotAQueue {
        /// The file.
        path: PathBuf,
    },
    /// Some rows are wrong; nothing was taken over.
    #[error("{} of the workbook's rows are wrong; nothing was imported", .0.len())]
    Rows(Vec<RowFault>),
}

/// What is wrong with one row of a workbook; no values of records.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowFault {
    /// Row of the sheet, 1-based; the header is row 1.
    pub row: u32,
    /// What is wrong, English and Chinese.
    pub message: [String; 2],
}

impl RowFault {
    pub(super) fn new(row: u32, message: Word) -> Self {
        Self {
            row,
            message: message.map(str::to_owned),
        }
    }
}
