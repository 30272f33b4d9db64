//! The types that columns of a Parquet file are decoded to.
//!
//! In: the description in the footer. Out: one Arrow field per top-level column. The Arrow schema that most writers
//! leave in the footer decides, the Parquet types otherwise, with three corrections so that values arrive whole.

use polars_arrow::datatypes::ArrowDataType;
use polars_arrow::datatypes::Field;
use polars_arrow::datatypes::TimeUnit;
use polars_parquet::read::FileMetadata;
use polars_parquet::read::ParquetType;
use polars_parquet::read::PhysicalType;
use polars_parquet::read::PrimitiveConvertedType;
use polars_parquet::read::PrimitiveLogicalType;
use polars_parquet::read::schema::SchemaInferenceOptions;
use polars_parquet::read::schema::infer_schema_with_options;

/// Top-level columns with the types to decode them to.
pub(crate) fn infer_fields(metadata: &FileMetadata) -> Result<Vec<Field>, String> {
    // The default, nanoseconds, turns 9999-12-31 (a common "for ever") into 2262 without a word.
    let options = Some(SchemaInferenceOptions {
        int96_coerce_to_timeunit: TimeUnit::Microsecond,
    });
    let schema = infer_schema_with_options(metadata, &options).map_err(|error| error.to_string())?;
    let mut fields: Vec<Field> = schema.iter_values().cloned().collect();
    for field in &mut fields {
        let column = metadata
            .schema()
            .fields()
            .iter()
            .find(|column| column.name() == field.name.as_str());
        let Some(column) = column else {
            return Err(format!("column `{}` is described but not there", field.name));
        };
        if let ParquetType::PrimitiveType(column) = column {
            adjust_type(
                &mut field.dtype,
                column.physical_type,
                column.logical_type,
                column.converted_type,
            );
        }
    }
    Ok(fields)
}

/// Types whose text is at hand although the file, or polars, calls them something else.
fn adjust_type(
    dtype: &mut ArrowDataType,
    physical: PhysicalType,
    logical: Option<PrimitiveLogicalType>,
    converted: Option<PrimitiveConvertedType>,
) {
    let is_json_or_enum = matches!(
        logical,
        Some(PrimitiveLogicalType::Json | PrimitiveLogicalType::Enum)
    ) || matches!(
        converted,
        Some(PrimitiveConvertedType::Json | PrimitiveConvertedType::Enum)
    );
    match dtype {
        ArrowDataType::Dictionary(_, values, _) if **values == ArrowDataType::Utf8View => {
            *dtype = ArrowDataType::Utf8View;
        }
        ArrowDataType::BinaryView if is_json_or_enum => *dtype = ArrowDataType::Utf8View,
        ArrowDataType::Timestamp(unit, _) if physical == PhysicalType::Int96 => *unit = TimeUnit::Microsecond,
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use polars_arrow::datatypes::ArrowDataType;
    use polars_arrow::datatypes::IntegerType;
    use polars_arrow::datatypes::TimeUnit;
    use polars_parquet::read::PhysicalType;
    use polars_parquet::read::PrimitiveLogicalType;

    use super::adjust_type;

    fn adjusted(
        mut dtype: ArrowDataType,
        physical: PhysicalType,
        logical: Option<PrimitiveLogicalType>,
    ) -> ArrowDataType {
        adjust_type(&mut dtype, physical, logical, None);
        dtype
    }

    #[test]
    fn categories_and_json_are_text_and_far_dates_stay_far() {
        let text = Box::new(ArrowDataType::Utf8View);
        let category = ArrowDataType::Dictionary(IntegerType::UInt32, text, false);
        assert_eq!(
            adjusted(category, PhysicalType::ByteArray, None),
            ArrowDataType::Utf8View
        );
        let json = Some(PrimitiveLogicalType::Json);
        let binary = ArrowDataType::BinaryView;
        assert_eq!(
            adjusted(binary.clone(), PhysicalType::ByteArray, json),
            ArrowDataType::Utf8View
        );
        assert_eq!(adjusted(binary.clone(), PhysicalType::ByteArray, None), binary);
        let nanos = ArrowDataType::Timestamp(TimeUnit::Nanosecond, None);
        let micros = ArrowDataType::Timestamp(TimeUnit::Microsecond, None);
        assert_eq!(adjusted(nanos.clone(), PhysicalType::Int96, None), micros);
        assert_eq!(adjusted(nanos.clone(), PhysicalType::Int64, None), nanos);
    }
}
