//! What can go wrong with an audit; messages name places, never values.

use crate::audit::sampling::UnplannableError;
use std::path::PathBuf;
use thiserror::Error;

/// Why nothing can be drawn, read or estimated.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AuditError {
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
    /// A table of the run is not as published.
    #[error("table `{table}` of run `{run_id}` has no column `{column}` of its kind")]
    Column {
        /// The table.
        table: &'static str,
        /// The run.
        run_id: String,
        /// The column.
        column: &'static str,
    },
    /// The frame has no such subsidiary.
    #[error("the run has no records of `{name}`; it has {known}")]
    UnknownSource {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// The run has no such field.
    #[error("the run's records have no field `{name}`; `guiyi list fields` shows them")]
    UnknownField {
        /// What was asked for.
        name: String,
    },
    /// There is nothing to draw from.
    #[error("there is nothing to draw: the run has no unit of this kind that nobody has decided")]
    EmptyFrame,
    /// No plan can be made.
    #[error(transparent)]
    Unplannable(#[from] UnplannableError),
    /// A subsidiary's series is suspended.
    #[error(
        "inspection of `{name}` is suspended (暂停检验) after five lots refused; `guiyi audit steer` resumes it after corrective action"
    )]
    Suspended {
        /// The subsidiary.
        name: String,
    },
    /// The store holds what this program cannot read.
    #[error("audit {audit} in the store is damaged; restore it from a backup")]
    Damaged {
        /// The audit.
        audit: i64,
    },
    /// The worksheet cannot be made.
    #[error("the worksheet cannot be made")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// The worksheet cannot be made as CSV.
    #[error("the worksheet cannot be made")]
    Csv(#[from] csv::Error),
    /// The file is neither a workbook nor a CSV.
    #[error("`{}` is neither an XLSX workbook nor a CSV in UTF-8 or GB 18030", path.display())]
    NotReadable {
        /// The file.
        path: PathBuf,
    },
    /// The file is none of our worksheets.
    #[error("`{}` has no sheet of an audit; import a worksheet that `guiyi audit draw` wrote", path.display())]
    NotAWorksheet {
        /// The file.
        path: PathBuf,
    },
    /// The file is the review queue.
    #[error(
        "`{}` is a review queue: its answers are decisions, which train the matching and therefore never audit it; `guiyi review import` reads it",
        path.display()
    )]
    ReviewQueue {
        /// The file.
        path: PathBuf,
    },
    /// Some rows are wrong; nothing was taken over.
    #[error("{} of the worksheet's rows are wrong; nothing was imported", .0.len())]
    Rows(Vec<RowFault>),
    /// The page cannot be made.
    #[error("the page cannot be made")]
    Page(#[from] askama::Error),
}

/// What is wrong with one row of a worksheet; no values of records.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowFault {
    /// Row of the sheet, 1-based; the header is row 1.
    pub row: u32,
    /// What is wrong, English and Chinese.
    pub message: [String; 2],
}

impl RowFault {
    pub(super) fn new(row: u32, message: [&str; 2]) -> Self {
        Self {
            row,
            message: message.map(str::to_owned),
        }
    }
}
