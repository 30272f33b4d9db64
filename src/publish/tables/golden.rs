//! `golden`: one row a customer.

use crate::field::FieldSpec;
use crate::model::Language;
use crate::publish::columns::coded;
use crate::publish::columns::counts;
use crate::publish::columns::ids;
use crate::publish::columns::pool;
use crate::publish::columns::table;
use crate::publish::error::PublishError;
use crate::table::GoldenRecords;
use frame::Table;

/// One row a unified ID, sorted by ID: unified_id, the fields in the order of the schema, records (how many the
/// customer has). A field that no source gives a usable value is null.
///
/// # Errors
/// [`PublishError::Table`] when columns differ in length or the schema has a field `unified_id` or `records`.
pub fn golden_table(golden: &GoldenRecords) -> Result<Table, PublishError> {
    let columns = || {
        let mut columns = vec![ids("unified_id", golden.ids.iter().copied().map(Some))];
        for ((field, codes), values) in golden.fields.iter().zip(&golden.codes).zip(&golden.values) {
            columns.push(coded(field.as_str(), codes.clone(), &pool(values))?);
        }
        columns.push(counts(
            "records",
            golden.sizes.iter().map(|&size| u64::from(size)),
        ));
        Ok(columns)
    };
    table("golden", columns())
}

/// Labels of the columns of [`golden_table`] for people; a field without label keeps its name.
pub fn golden_labels(table: &Table, schema: &[FieldSpec], language: Language) -> Vec<String> {
    let label = |name: &str| match (name, schema.iter().find(|field| field.name == name)) {
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

    #[test]
    fn columns_are_the_schema_between_id_and_count() {
        let table = golden_table(&samples::golden()).unwrap();
        let names: Vec<&str> = table
            .columns()
            .iter()
            .map(|column| column.name.as_str())
            .collect();
        assert_eq!(names, ["unified_id", "customer_name", "id_card", "records"]);
        let cards = table.column("id_card").unwrap().as_text().unwrap();
        assert_eq!(
            cards.iter().collect::<Vec<_>>(),
            [None, Some("110105194912310021")]
        );
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
            golden_table(&golden),
            Err(PublishError::Table { table: "golden", .. })
        ));
    }
}
