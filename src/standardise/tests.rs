//! Filling and checking, through the public function.

use super::Settings;
use super::collect_issues;
use super::standardise;
use crate::field::customer_schema;
use crate::model::FieldName;
use crate::model::RecordIndex;
use crate::model::ValueStatus;
use crate::table::Interner;
use crate::table::RawColumn;
use crate::table::StandardRecords;

fn records(columns: &[(&str, &[&str])]) -> StandardRecords {
    let settings = Settings {
        fields: customer_schema().to_vec(),
    };
    let len = columns[0].1.len();
    let raw = columns.iter().map(|(field, texts)| {
        assert_eq!(texts.len(), len);
        let mut interner = Interner::default();
        let codes = texts.iter().map(|text| interner.intern(text)).collect();
        RawColumn {
            field: FieldName::from(*field),
            codes,
            values: interner.finish(),
        }
    });
    standardise(&settings, len, raw.collect()).unwrap()
}

/// Code and evidence of every finding in `field`, with its record.
fn found(records: &StandardRecords, field: &str) -> Vec<(u32, &'static str, String)> {
    let issues = collect_issues(records)
        .into_iter()
        .filter(|issue| issue.field.as_str() == field);
    issues
        .map(|issue| (issue.record.0, issue.code.name, issue.evidence))
        .collect()
}

#[test]
fn gaps_are_filled_from_other_fields_and_say_so() {
    let records = records(&[
        ("id_card", &["11010519491231002X", "", "11010519491231002X"]),
        ("birth_date", &["", "1980-02-03", "1949-12-31"]),
        ("contact_name", &["王建国13812349876", "Ann Lee", "李梅"]),
        ("phones", &["", "55667799", "13912340987"]),
        (
            "address",
            &["", "上海市黄浦区南京东路100号", "18 Rosedale St, Como NSW 2226"],
        ),
    ]);
    let value = |field: &str, record| {
        let column = records.column(field).unwrap();
        (
            column.text_of(RecordIndex(record)),
            column.status_of(RecordIndex(record)),
        )
    };
    assert_eq!(
        value("birth_date", 0),
        ("1949-12-31".to_owned(), ValueStatus::Repaired)
    );
    assert_eq!(
        value("birth_date", 1),
        ("1980-02-03".to_owned(), ValueStatus::Valid)
    );
    assert_eq!(
        value("phones", 0),
        ("13812349876".to_owned(), ValueStatus::Repaired)
    );
    assert_eq!(
        value("phones", 1),
        ("021-55667799".to_owned(), ValueStatus::Repaired)
    );
    assert_eq!(
        records.column("phones").unwrap().raw_of(RecordIndex(1)),
        "55667799"
    );
    assert_eq!(
        found(&records, "birth_date"),
        [(0, "filled", "id_card".to_owned())]
    );
    let phones = found(&records, "phones");
    assert!(
        phones.contains(&(0, "filled", "contact_name".to_owned())),
        "{phones:?}"
    );
    assert!(
        phones.contains(&(1, "filled", "location".to_owned())),
        "{phones:?}"
    );
}

#[test]
fn fields_that_cannot_both_be_right_are_found() {
    let records = records(&[
        ("id_card", &["11010519491231002X", "11010519491231002X"]),
        ("birth_date", &["1980-01-01", "1949-12-31"]),
        ("gender", &["男", "female"]),
        ("phones", &["021-55667799", "010-82325566"]),
        ("phone_status", &["空号", "normal"]),
        (
            "address",
            &["北京市海淀区中关村大街1号", "北京市海淀区中关村大街1号"],
        ),
        ("uscc", &["91440300192181490G", "91110000802100433B"]),
        ("created_date", &["2024-05-01", "2023-05-01"]),
        ("updated_date", &["2023-05-01", "2024-05-01"]),
    ]);
    let code = |field: &str| {
        found(&records, field)
            .into_iter()
            .map(|(record, code, _)| (record, code))
            .collect::<Vec<_>>()
    };
    assert_eq!(code("birth_date"), [(0, "id_birth_date")]);
    assert_eq!(code("gender"), [(0, "id_gender")]);
    assert_eq!(code("phones"), [(0, "disconnected_number"), (0, "phone_area")]);
    assert_eq!(code("uscc"), [(0, "code_region")]);
    assert_eq!(code("updated_date"), [(0, "date_order")]);
}

#[test]
fn a_value_on_many_customers_is_found() {
    let names: Vec<String> = (0..40).map(|at| format!("华夏{at}号科技有限公司")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut phones = vec!["021-55667799"; 25];
    phones.extend(["13912340987"; 15]);
    let records = records(&[("customer_name", &names), ("phones", &phones)]);
    let found = found(&records, "phones");
    assert_eq!(found.len(), 25);
    assert!(
        found.iter().all(|(record, code, evidence)| {
            *record < 25 && *code == "frequent_value" && evidence == "25"
        })
    );
}

#[test]
fn one_value_in_several_fields_is_found() {
    let records = records(&[
        ("customer_name", &["北京华夏科技有限公司", "Acme Ltd"]),
        (
            "address",
            &["北京华夏科技有限公司", "18 Rosedale St, Como NSW 2226"],
        ),
        ("legal_representative", &["王小明", "Jane Roe"]),
        ("contact_name", &["王小明", "Jane Roe"]),
    ]);
    let found = found(&records, "address");
    assert!(
        found.contains(&(0, "repeated_across_fields", String::new())),
        "{found:?}"
    );
    assert!(found.iter().all(|(record, ..)| *record == 0));
}
