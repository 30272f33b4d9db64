//! `golden.xlsx`: the golden records for people with a spreadsheet, or the word where they are.
//!
//! In: the golden table. Out: a workbook. Large workbooks are slow to write and slower to open,
//! so above a limit the workbook has one sheet that gives their number and names the files that hold them. How
//! sheets are written is known to `workbook`.

use crate::model::Language;
use crate::publish::error::PublishError;
use crate::publish::staging::Staging;
use crate::publish::tables::golden_labels;
use crate::publish::view::View;
use crate::publish::view::texts;
use crate::publish::workbook::Sheets;
use crate::publish::write::Settings;

/// Golden records that a workbook holds unless the settings say otherwise.
pub const WORKBOOK_ROWS_MAX: usize = 200_000;

/// Writes `golden.xlsx`.
///
/// # Errors
/// Those of [`Staging::write_workbook`].
pub(super) fn write_golden_workbook(
    staging: &Staging<'_>,
    settings: &Settings<'_>,
    golden: &View,
) -> Result<(), PublishError> {
    let name = settings.language.choose("Golden records", "黄金记录").to_owned();
    let rows_per_sheet = settings.rows_per_sheet;
    if golden.rows() <= settings.workbook_rows_max {
        let labels = golden_labels(golden, settings.schema, settings.language);
        let sheets = Sheets {
            name,
            labels,
            rows_per_sheet,
        };
        return staging.write_workbook("golden.xlsx", golden, &sheets);
    }
    let lines = notice(settings.language, golden.rows(), settings.workbook_rows_max);
    let column = texts("notice", lines.iter().map(String::as_str));
    let sheets = Sheets {
        name,
        labels: vec![settings.language.choose("Notice", "说明").to_owned()],
        rows_per_sheet,
    };
    staging.write_workbook("golden.xlsx", &View::try_new("golden", vec![column])?, &sheets)
}

/// The sheet's lines in place of `rows` golden records.
fn notice(language: Language, rows: usize, rows_max: usize) -> [String; 2] {
    match language {
        Language::En => [
            format!("{rows} golden records: more than the {rows_max} that a workbook is given."),
            "All of them are in golden.csv and golden.parquet, in the folder of this file.".to_owned(),
        ],
        Language::Zh => [
            format!("共 {rows} 条黄金记录，超出工作簿的上限 {rows_max} 条。"),
            "全部记录见同一文件夹中的 golden.csv 和 golden.parquet。".to_owned(),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::customer_schema;
    use crate::publish::Hub;
    use crate::publish::samples;
    use crate::publish::write_tables;
    use calamine::Data;
    use calamine::Reader;
    use calamine::Xlsx;

    /// Publishes the sample's two golden records and returns the cells of the workbook.
    fn cells(language: Language, workbook_rows_max: usize) -> Vec<Vec<String>> {
        let directory = tempfile::tempdir().unwrap();
        let hub = Hub::open(directory.path()).unwrap();
        let lock = hub.lock().unwrap();
        let staging = hub.begin(&lock, "000001-a").unwrap();
        let settings = Settings {
            workbook_rows_max,
            ..Settings::new(language, customer_schema(), &["exact_name", "phone"])
        };
        write_tables(&staging, &settings, &samples::Sample::new().tables()).unwrap();
        let path = staging.directory().join("golden.xlsx");
        let mut book: Xlsx<_> = calamine::open_workbook(path).unwrap();
        let sheet = book.worksheet_range_at(0).unwrap().unwrap();
        let text = |cell: &Data| cell.to_string();
        sheet.rows().map(|row| row.iter().map(text).collect()).collect()
    }

    #[test]
    fn up_to_the_limit_the_workbook_holds_the_golden_records() {
        let cells = cells(Language::Zh, 2);
        assert_eq!(cells.len(), 3);
        assert_eq!(cells[1][1], "北京华夏科技有限公司");
    }

    #[test]
    fn above_the_limit_the_workbook_says_where_the_golden_records_are() {
        for (language, label, start) in [
            (Language::En, "Notice", "2 golden records"),
            (Language::Zh, "说明", "共 2 条黄金记录"),
        ] {
            let cells = cells(language, 1);
            assert_eq!((cells.len(), cells[0].as_slice()), (3, &[label.to_owned()][..]));
            assert!(cells[1][0].starts_with(start));
            assert!(cells[2][0].contains("golden.parquet"));
        }
    }
}
