//! From one `[[source]]` table to the settings of `ingest`.
//!
//! In: the table as written, the job's folder and the fields. Out: [`SourceSettings`] and the places of files and
//! columns; whatever is missing or contradicts itself is a fault and is replaced by something harmless, so that the
//! checks go on. Files other than code tables are not opened here.

use crate::field::FieldSpec;
use crate::ingest::CodeTable;
use crate::ingest::ColumnMapping;
use crate::ingest::ColumnSource;
use crate::ingest::CompleteWhen;
use crate::ingest::Extract;
use crate::ingest::Format;
use crate::ingest::RecordKey;
use crate::ingest::SourceSettings;
use crate::model::FieldName;
use crate::plan::SourcePlaces;
use crate::plan::checked::check_field;
use crate::plan::checked::head;
use crate::plan::code_table;
use crate::plan::faults::FaultList;
use crate::plan::faults::name_hint;
use crate::plan::job::MapFrom;
use crate::plan::job::MapTable;
use crate::plan::job::SourceTable;
use crate::plan::toml_table::Located;
use crate::text::script::has_han;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// The key of sources whose records are told apart by their rows only.
const ROW_KEY: &str = "@row";

/// What the checks of one source need to know.
struct Context<'a> {
    base: &'a Path,
    fields: &'a [FieldSpec],
    faults: &'a mut FaultList,
    places: SourcePlaces,
}

/// Checks one source.
pub(super) fn check(
    table: &SourceTable,
    base: &Path,
    fields: &[FieldSpec],
    faults: &mut FaultList,
) -> (SourceSettings, SourcePlaces) {
    let mut context = Context {
        base,
        fields,
        faults,
        places: SourcePlaces::default(),
    };
    let name = context.name(table);
    let key = context.key(table);
    let patterns = context.patterns(table);
    let pattern_texts: Vec<&str> = patterns.iter().map(String::as_str).collect();
    let mut settings = SourceSettings::new(&name, &pattern_texts, key);
    let texts = |given: &Option<Located<Vec<Located<String>>>>| {
        given.as_ref().map(|given| {
            given
                .value
                .iter()
                .map(|text| text.value.clone())
                .collect::<Vec<_>>()
        })
    };
    settings.owner = table
        .owner
        .as_ref()
        .map(|owner| owner.value.clone())
        .unwrap_or_default();
    settings.owners = context.owners(table);
    settings.format = context.format(table.format.as_ref());
    settings.encoding = context.encoding(table.encoding.as_ref());
    settings.delimiter = context.delimiter(table.delimiter.as_ref());
    settings.header_row = table.header_row.as_ref().map(small);
    settings.header = texts(&table.header).unwrap_or_default();
    settings.sheets = texts(&table.sheets).unwrap_or_default();
    settings.source_column = context.column(table.source_column.as_ref());
    settings.skip_rows_starting = texts(&table.skip_rows_starting).unwrap_or(settings.skip_rows_starting);
    settings.follow_links = table.follow_links.as_ref().is_some_and(|follow| follow.value);
    settings.required = table.required.as_ref().is_none_or(|required| required.value);
    settings.complete_when = context.complete_when(table.complete_when.as_ref());
    settings.extract = context.extract(table.extract.as_ref());
    settings.carries_late = table.carry_late.as_ref().is_none_or(|carry| carry.value);
    settings.keeps_withdrawn = table.keep_withdrawn.as_ref().is_none_or(|keep| keep.value);
    settings.priority = table.priority.as_ref().map_or(settings.priority, small);
    settings.columns = context.columns(table);
    (settings, context.places)
}

fn small(number: &Located<u64>) -> u32 {
    u32::try_from(number.value).unwrap_or(u32::MAX)
}

impl Context<'_> {
    fn name(&mut self, table: &SourceTable) -> String {
        match &table.name {
            Some(name) if name.value.trim().is_empty() || name.value.chars().any(char::is_control) => {
                self.faults.add(
                    name.span.clone(),
                    "the name of a source must be a text of visible characters",
                );
                name.value.clone()
            }
            Some(name) => name.value.clone(),
            None => {
                let hint = "add `name = \"…\"`, unique and kept for ever";
                self.faults
                    .add_hint(head(&table.span), "a `[[source]]` has no `name`", hint);
                String::new()
            }
        }
    }

    /// Who answers for each subsidiary of an export that holds several.
    fn owners(&mut self, table: &SourceTable) -> BTreeMap<String, String> {
        if let (Some((name, _)), None) = (table.owners.first(), &table.source_column) {
            let hint = "name the column that tells the subsidiary, or write `owner = \"…\"`";
            let message = "`[source.owners]` needs `source_column`";
            self.faults.add_hint(name.span.clone(), message, hint);
        }
        let owners = table.owners.iter();
        let owners = owners.map(|(name, owner)| (name.value.clone(), owner.value.clone()));
        owners.collect()
    }

    fn patterns(&mut self, table: &SourceTable) -> Vec<String> {
        let Some(files) = table.files.as_ref().filter(|files| !files.value.is_empty()) else {
            let span = table
                .files
                .as_ref()
                .map_or(head(&table.span), |files| files.span.clone());
            self.faults.add_hint(
                span,
                "the source has no files",
                "add `files = [\"folder/*.csv\"]`",
            );
            return Vec::new();
        };
        for file in &files.value {
            self.places.files.push(file.span.clone());
            if file.value.trim().is_empty() {
                self.faults.add(file.span.clone(), "an empty file name");
            } else if let Err(error) = glob::Pattern::new(&file.value) {
                let message = format!("`{}` is not a valid pattern: {}", file.value, error.msg);
                self.faults.add_hint(
                    file.span.clone(),
                    message,
                    "escape `[` and `*` as `[[]` and `[*]`",
                );
            }
        }
        files.value.iter().map(|file| file.value.clone()).collect()
    }

    fn key(&mut self, table: &SourceTable) -> RecordKey {
        let Some(key) = table.key.as_ref().filter(|key| !key.value.is_empty()) else {
            let span = table
                .key
                .as_ref()
                .map_or(head(&table.span), |key| key.span.clone());
            let hint = "name the column or columns that are unique and stay with the record, or `@row`";
            self.faults.add_hint(span, "the source has no `key`", hint);
            return RecordKey::Row;
        };
        let has_row = key.value.iter().any(|column| column.value == ROW_KEY);
        if has_row && key.value.len() > 1 {
            self.faults
                .add(key.span.clone(), "`@row` cannot be joined with columns");
        }
        if has_row {
            return RecordKey::Row;
        }
        RecordKey::Columns(self.column_list(&key.value))
    }

    fn column(&mut self, column: Option<&Located<String>>) -> Option<String> {
        let column = column?;
        if column.value.trim().is_empty() {
            self.faults.add(column.span.clone(), "an empty column name");
            return None;
        }
        self.places
            .columns
            .push((column.value.clone(), column.span.clone()));
        Some(column.value.clone())
    }

    fn column_list(&mut self, columns: &[Located<String>]) -> Vec<String> {
        columns
            .iter()
            .filter_map(|column| self.column(Some(column)))
            .collect()
    }

    fn format(&mut self, given: Option<&Located<String>>) -> Option<Format> {
        let given = given?;
        let found = Format::named(&given.value);
        if found.is_none() {
            let names = Format::ALL.map(Format::as_str);
            let hint = match given.value.as_str() {
                "tsv" => "use `csv`; the delimiter is detected, or given by `delimiter`".to_owned(),
                other => name_hint(other, &names),
            };
            self.faults.add_hint(
                given.span.clone(),
                format!("unknown format `{}`", given.value),
                hint,
            );
        }
        found
    }

    fn extract(&mut self, given: Option<&Located<String>>) -> Extract {
        let Some(given) = given else {
            return Extract::Full;
        };
        let found = Extract::ALL
            .into_iter()
            .find(|extract| extract.as_str() == given.value);
        found.unwrap_or_else(|| {
            let hint = name_hint(&given.value, &Extract::ALL.map(Extract::as_str));
            let message = format!("unknown extract `{}`", given.value);
            self.faults.add_hint(given.span.clone(), message, hint);
            Extract::Full
        })
    }

    fn complete_when(&mut self, given: Option<&Located<String>>) -> Option<CompleteWhen> {
        let given = given?;
        let mut all = CompleteWhen::ALL.into_iter();
        let found = all.find(|promise| promise.as_str() == given.value);
        if found.is_none() {
            let hint = name_hint(&given.value, &CompleteWhen::ALL.map(CompleteWhen::as_str));
            let message = format!("unknown `complete_when` `{}`", given.value);
            self.faults.add_hint(given.span.clone(), message, hint);
        }
        found
    }

    fn encoding(&mut self, given: Option<&Located<String>>) -> Option<String> {
        let given = given?;
        if encoding_rs::Encoding::for_label(given.value.as_bytes()).is_none() {
            let names = [
                "utf-8",
                "gbk",
                "gb18030",
                "big5",
                "utf-16le",
                "utf-16be",
                "windows-1252",
            ];
            let hint = name_hint(&given.value, &names);
            self.faults.add_hint(
                given.span.clone(),
                format!("unknown encoding `{}`", given.value),
                hint,
            );
        }
        Some(given.value.clone())
    }

    fn delimiter(&mut self, given: Option<&Located<String>>) -> Option<u8> {
        let given = given?;
        match given.value.as_bytes() {
            b"tab" => Some(b'\t'),
            &[byte] if byte.is_ascii() && !matches!(byte, b'"' | b'\r' | b'\n') => Some(byte),
            _ => {
                let message = format!("`delimiter` must be one ASCII character, not `{}`", given.value);
                self.faults.add_hint(
                    given.span.clone(),
                    message,
                    "use `\",\"`, `\";\"`, `\"|\"` or `\"tab\"`",
                );
                None
            }
        }
    }

    fn columns(&mut self, table: &SourceTable) -> Vec<ColumnMapping> {
        if table.map.is_empty() {
            let span = table.map_span.clone().unwrap_or_else(|| head(&table.span));
            let hint = "add `[source.map]` with lines `field = \"column\"`";
            self.faults
                .add_hint(head(&span), "the source maps no column", hint);
        }
        let mut columns = Vec::new();
        for (field, from) in &table.map {
            let is_known = check_field(field, self.fields, self.faults);
            let mapping = self.mapping(field, from);
            if is_known {
                columns.extend(mapping);
            }
        }
        columns.sort_by_key(|mapping| {
            self.fields
                .iter()
                .position(|field| field.name == mapping.field.as_str())
        });
        columns
    }

    fn mapping(&mut self, field: &Located<String>, from: &MapFrom) -> Option<ColumnMapping> {
        let (from, codes) = match from {
            MapFrom::Column(column) => (self.joined(field, std::slice::from_ref(column), None), None),
            MapFrom::Columns(columns) => (self.joined(field, columns, None), None),
            MapFrom::Table(table) => (self.long_form(field, table), self.codes(table.codes.as_ref())),
        };
        let is_amount = self.field_type(&field.value) == "amount";
        Some(ColumnMapping {
            field: FieldName::from(field.value.as_str()),
            from: from?,
            codes,
            is_amount,
        })
    }

    fn field_type(&self, field: &str) -> &str {
        self.fields
            .iter()
            .find(|known| known.name == field)
            .map_or("text", |known| &known.field_type)
    }

    fn joined(
        &mut self,
        field: &Located<String>,
        columns: &[Located<String>],
        join: Option<&Located<String>>,
    ) -> Option<ColumnSource> {
        if columns.is_empty() {
            self.faults
                .add(field.span.clone(), format!("`{}` names no column", field.value));
        }
        let columns = self.column_list(columns);
        if columns.is_empty() {
            return None;
        }
        let join = match join {
            Some(join) => join.value.clone(),
            None => default_join(&field.value, self.field_type(&field.value), &columns).to_owned(),
        };
        Some(ColumnSource::Columns { columns, join })
    }

    fn long_form(&mut self, field: &Located<String>, table: &MapTable) -> Option<ColumnSource> {
        let given = [
            table.column.is_some(),
            table.columns.is_some(),
            table.constant.is_some(),
        ];
        if given.iter().filter(|&&is_given| is_given).count() != 1 {
            let message = format!(
                "the mapping of `{}` needs one of `column`, `columns` and `constant`",
                field.value
            );
            self.faults.add(table.span.clone(), message);
            return None;
        }
        self.check_belongs(table);
        if let Some(constant) = &table.constant {
            return Some(ColumnSource::Constant(constant.value.clone()));
        }
        if let Some(columns) = &table.columns {
            return self.joined(field, &columns.value, table.join.as_ref());
        }
        let column = table.column.as_ref()?;
        match &table.split {
            Some(split) => self.split(column, split, table.part.as_ref()),
            None => self.joined(field, std::slice::from_ref(column), None),
        }
    }

    /// Reports keys that do not belong together.
    fn check_belongs(&mut self, table: &MapTable) {
        let mut report = |key: &str, span: &std::ops::Range<usize>, partner: &str| {
            self.faults
                .add(span.clone(), format!("`{key}` belongs to `{partner}`"));
        };
        if let (Some(join), None) = (&table.join, &table.columns) {
            report("join", &join.span, "columns");
        }
        if let (Some(split), None) = (&table.split, &table.column) {
            report("split", &split.span, "column");
        }
        if let (Some(part), None) = (&table.part, &table.split) {
            report("part", &part.span, "split");
        }
        if let (Some(codes), Some(_)) = (&table.codes, &table.constant) {
            report("codes", &codes.span, "column");
        }
    }

    fn split(
        &mut self,
        column: &Located<String>,
        split: &Located<String>,
        part: Option<&Located<u64>>,
    ) -> Option<ColumnSource> {
        if split.value.is_empty() {
            self.faults.add(split.span.clone(), "`split` must not be empty");
        }
        let Some(part) = part else {
            self.faults.add_hint(
                split.span.clone(),
                "`split` needs `part`",
                "`part = 1` is the first part",
            );
            return None;
        };
        let column = self.column(Some(column))?;
        let part = usize::try_from(part.value).unwrap_or(usize::MAX) - 1;
        Some(ColumnSource::Split {
            column,
            separator: split.value.clone(),
            part,
        })
    }

    fn codes(&mut self, given: Option<&Located<String>>) -> Option<Arc<CodeTable>> {
        let given = given?;
        match code_table::read(&self.base.join(&given.value), &given.value) {
            Ok(table) => Some(Arc::new(table)),
            Err(message) => {
                let hint = "a code table is a CSV file with the columns `code,value`, beside the job file";
                self.faults.add_hint(given.span.clone(), message, hint);
                None
            }
        }
    }
}

/// What stands between the cells of several columns unless the job says.
fn default_join(field: &str, field_type: &str, columns: &[String]) -> &'static str {
    let is_multiple = matches!(field_type, "phone" | "email") || field == "former_names";
    let is_place = field_type == "address" || matches!(field, "province" | "city" | "county" | "street");
    let is_han = columns.iter().any(|column| has_han(column));
    match (is_multiple, is_place && is_han) {
        (true, _) => "; ",
        (false, true) => "",
        (false, false) => " ",
    }
}
