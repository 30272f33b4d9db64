//! Typed reading of TOML tables that keeps every place.
//!
//! In: a parsed TOML table with spans. Out: located values; a value of the wrong type and a key that nobody asked for
//! become faults, and reading goes on. What the keys mean is known to `job`.

use crate::plan::faults::FaultList;
use crate::plan::faults::name_hint;
use schemars::JsonSchema;
use schemars::Schema;
use schemars::SchemaGenerator;
use std::borrow::Cow;
use std::ops::Range;
use toml::Spanned;
use toml::de::DeTable;
use toml::de::DeValue;

/// A value with its bytes in the job file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// First byte and the byte after the last.
    pub span: Range<usize>,
}

impl<T: JsonSchema> JsonSchema for Located<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

/// One table being read; remembers which keys were asked for.
#[derive(Debug)]
pub(super) struct TomlTable<'t, 'i> {
    table: &'t DeTable<'i>,
    /// How messages call the table, such as `[matching]`.
    title: String,
    /// Where the table stands.
    pub(super) span: Range<usize>,
    asked: Vec<&'static str>,
}

impl<'t, 'i> TomlTable<'t, 'i> {
    pub(super) fn new(table: &'t DeTable<'i>, title: impl Into<String>, span: Range<usize>) -> Self {
        Self {
            table,
            title: title.into(),
            span,
            asked: Vec::new(),
        }
    }

    fn value(&mut self, key: &'static str) -> Option<&'t Spanned<DeValue<'i>>> {
        self.asked.push(key);
        self.table.get(key)
    }

    /// A text.
    pub(super) fn text(&mut self, key: &'static str, faults: &mut FaultList) -> Option<Located<String>> {
        text_of(self.value(key)?, key, faults)
    }

    /// A text or an array of texts; the flag tells whether it was an array.
    pub(super) fn texts(
        &mut self,
        key: &'static str,
        faults: &mut FaultList,
    ) -> Option<Located<Vec<Located<String>>>> {
        texts_of(self.value(key)?, key, faults)
    }

    /// A whole number of at least `least`.
    pub(super) fn whole(
        &mut self,
        key: &'static str,
        least: u64,
        faults: &mut FaultList,
    ) -> Option<Located<u64>> {
        let value = self.value(key)?;
        let parsed = value.get_ref().as_integer().and_then(|integer| {
            let digits = integer.as_str().replace('_', "");
            u64::from_str_radix(digits.trim_start_matches('+'), integer.radix()).ok()
        });
        match parsed.filter(|number| *number >= least) {
            Some(number) => Some(Located {
                value: number,
                span: value.span(),
            }),
            None => {
                faults.add(
                    value.span(),
                    format!("`{key}` must be a whole number of at least {least}"),
                );
                None
            }
        }
    }

    /// A number within `range`.
    pub(super) fn number(
        &mut self,
        key: &'static str,
        range: std::ops::RangeInclusive<f64>,
        faults: &mut FaultList,
    ) -> Option<Located<f64>> {
        let value = self.value(key)?;
        match number_of(value).filter(|number| range.contains(&number.value)) {
            Some(number) => Some(number),
            None => {
                let message = format!(
                    "`{key}` must be a number from {} to {}",
                    range.start(),
                    range.end()
                );
                faults.add(value.span(), message);
                None
            }
        }
    }

    /// `true` or `false`.
    pub(super) fn flag(&mut self, key: &'static str, faults: &mut FaultList) -> Option<Located<bool>> {
        let value = self.value(key)?;
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            let given = value.get_ref().type_str();
            faults.add(
                value.span(),
                format!("`{key}` must be `true` or `false`, not {}", article(given)),
            );
        }
        Some(Located {
            value: flag?,
            span: value.span(),
        })
    }

    /// A table inside this one.
    pub(super) fn table(&mut self, key: &'static str, faults: &mut FaultList) -> Option<TomlTable<'t, 'i>> {
        let value = self.value(key)?;
        let Some(table) = value.get_ref().as_table() else {
            faults.add(value.span(), format!("`{key}` must be a table"));
            return None;
        };
        Some(TomlTable::new(table, format!("[{key}]"), value.span()))
    }

    /// The tables of an array of tables, `[[key]]`.
    pub(super) fn tables(&mut self, key: &'static str, faults: &mut FaultList) -> Vec<TomlTable<'t, 'i>> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        let Some(array) = value.get_ref().as_array() else {
            faults.add_hint(
                value.span(),
                format!("`{key}` must be a list of tables"),
                format!("write `[[{key}]]`"),
            );
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in array.iter() {
            match item.get_ref().as_table() {
                Some(table) => tables.push(TomlTable::new(table, format!("[[{key}]]"), item.span())),
                None => faults.add(item.span(), format!("`{key}` must hold tables only")),
            }
        }
        tables
    }

    /// Every key with its value, in the order of the file; used for tables whose keys are names.
    pub(super) fn entries(&self) -> Vec<(Located<String>, &'t Spanned<DeValue<'i>>)> {
        let mut entries: Vec<_> = self
            .table
            .iter()
            .map(|(key, value)| {
                (
                    Located {
                        value: key.get_ref().to_string(),
                        span: key.span(),
                    },
                    value,
                )
            })
            .collect();
        entries.sort_by_key(|(key, _)| key.span.start);
        entries
    }

    /// Reports the keys that were never asked for.
    pub(super) fn finish(self, faults: &mut FaultList) {
        for key in self.table.keys() {
            let name: &str = key.get_ref();
            if !self.asked.contains(&name) {
                let message = format!("unknown key `{name}` in {}", self.title);
                faults.add_hint(key.span(), message, name_hint(name, &self.asked));
            }
        }
    }
}

/// The number of `value`, if it is one.
pub(super) fn number_of(value: &Spanned<DeValue<'_>>) -> Option<Located<f64>> {
    let digits = match value.get_ref() {
        DeValue::Integer(integer) if integer.radix() == 10 => integer.as_str(),
        DeValue::Float(float) => float.as_str(),
        _ => "",
    };
    Some(Located {
        value: digits.replace('_', "").parse().ok()?,
        span: value.span(),
    })
}

/// The text of `value`, or a fault.
pub(super) fn text_of(
    value: &Spanned<DeValue<'_>>,
    key: &str,
    faults: &mut FaultList,
) -> Option<Located<String>> {
    match value.get_ref().as_str() {
        Some(text) => Some(Located {
            value: text.to_owned(),
            span: value.span(),
        }),
        None => {
            let given = article(value.get_ref().type_str());
            faults.add_hint(
                value.span(),
                format!("`{key}` must be a text, not {given}"),
                "put it in quotes",
            );
            None
        }
    }
}

/// The texts of `value`, one or several, or a fault.
pub(super) fn texts_of(
    value: &Spanned<DeValue<'_>>,
    key: &str,
    faults: &mut FaultList,
) -> Option<Located<Vec<Located<String>>>> {
    let texts = match value.get_ref().as_array() {
        Some(array) => array
            .iter()
            .filter_map(|item| text_of(item, key, faults))
            .collect(),
        None => vec![text_of(value, key, faults)?],
    };
    Some(Located {
        value: texts,
        span: value.span(),
    })
}

fn article(kind: &str) -> String {
    let vowel = kind.starts_with(['a', 'e', 'i', 'o', 'u']);
    format!("{} {kind}", if vowel { "an" } else { "a" })
}
