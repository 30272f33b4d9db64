//! `rejects`: rows that could not become records.

use crate::model::Language;
use crate::publish::error::PublishError;
use crate::publish::view::View;
use crate::publish::view::counts;
use crate::publish::view::places;
use crate::publish::view::texts;
use crate::publish::view::words;
use crate::table::Reject;

/// One row a rejected row or region, sorted by (source, file, line, byte): source, file, line, byte, column, code,
/// hint (in `language`), rows (how many it stands for).
///
/// A line of 0 and an empty column are null; the byte of a workbook's row is 0.
///
/// # Errors
/// None in practice; [`PublishError::Table`] would be a defect.
pub fn rejects_table(rejects: &[Reject], language: Language) -> Result<View<'static>, PublishError> {
    let hint = |reject: &Reject| language.choose(reject.code.hint[0], reject.code.hint[1]);
    let columns = vec![
        texts("source", rejects.iter().map(|reject| reject.source.as_str())),
        texts("file", rejects.iter().map(|reject| reject.file.as_str())),
        places("line", rejects.iter().map(|reject| reject.line)),
        counts("byte", rejects.iter().map(|reject| reject.byte)),
        texts("column", rejects.iter().map(|reject| reject.column.as_str())),
        words("code", &[], rejects.iter().map(|reject| reject.code.name)),
        words("hint", &[], rejects.iter().map(hint)),
        counts("rows", rejects.iter().map(|reject| reject.rows)),
    ];
    View::try_new("rejects", columns)
}
