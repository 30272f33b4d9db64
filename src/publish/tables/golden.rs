//! `golden`: one row a customer.

use crate::field::FieldSpec;
use crate::model::Language;
use crate::publish::error::PublishError;
use crate::publish::view::Pool;
use crate::publish::view::View;
use crate::publish::view::coded;
use crate::publish::view::counts;
use crate::publish::view::lent;
use crate::table::GoldenRecords;

/// One row a unified ID, sorted by ID: unified_id, the fields in the order of the schema, records (how many the
/// customer has). `ids` are the texts of the IDs. A field that no source gives a usable value is null.
///
/// # Errors
/// [`PublishError::Table`] when columns differ in length or the schema has a field `unified_id` or `records`.
pub fn golden_table<'a>(golden: &'a GoldenRecords, ids: &Pool<'a>) -> Result<View<'a>, PublishError> {
    let rows: Vec<u32> = (1..=golden.ids.len() as u32).collect();
    let mut columns = vec![coded("unified_id", rows, ids)];
    for ((field, codes), values) in golden.fields.iter().zip(&golden.codes).zip(&golden.values) {
        columns.push(coded(field.as_str(), codes, &lent(values)));
    }
    columns.push(counts(
        "records",
        golden.sizes.iter().map(|&size| u64::from(size)),
    ));
    View::try_new("golden", columns)
}

/// Labels of the columns of [`golden_table`] for people; a field without label keeps its name.
pub fn golden_labels(table: &View, schema: &[FieldSpec], language: Language) -> Vec<String> {
    let label = |name: &str| match (name, schema.iter().find(|field| *field.name == *name)) {
        ("unified_id", _) => language.choose("Unified ID", "统一客户编号").to_owned(),
        ("records", _) => language.choose("Records", "记录数").to_owned(),
        (_, Some(field)) => language.choose(&field.en, &field.zh).to_owned(),
        (_, None) => name.to_owned(),
    };
    table.columns().iter().map(|column| label(&column.name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::customer_schema;
    use crate::publish::samples;
    use crate::publish::view::id_pool;

    #[test]
    fn columns_are_the_schema_between_id_and_count() {
        let golden = samples::golden();
        let table = golden_table(&golden, &id_pool(golden.ids.iter().copied())).unwrap();
        let names: Vec<&str> = table.columns().iter().map(|column| &*column.name).collect();
        assert_eq!(names, ["unified_id", "customer_name", "id_card", "records"]);
        assert_eq!(table.text(0, 2), None);
        assert_eq!(table.text(1, 2), Some("110105194912310021"));
        let labels = |language| golden_labels(&table, customer_schema(), language).join(" ");
        assert_eq!(labels(Language::Zh), "统一客户编号 客户名称 身份证号 记录数");
        assert_eq!(
            labels(Language::En),
            "Unified ID Customer name ID card number Records"
        );
    }

    #[test]
    fn unequal_columns_are_a_typed_fault() {
        let mut golden = samples::golden();
        golden.codes[1].pop();
        assert!(matches!(
            golden_table(&golden, &id_pool(golden.ids.iter().copied())),
            Err(PublishError::Table { table: "golden", .. })
        ));
    }
}
