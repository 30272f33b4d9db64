//! Where in a row the fields, the key and the source name stand.
//!
//! In: the settings of a source and one header. Out: positions instead of names, and the text of each field of a row.
//! A column that the header lacks is an error that names the nearest header. What the texts mean, and whether a code is
//! known, is left to `standardise` and `collect`.

use super::IngestError;
use super::cell::is_rounded;
use super::cell::unguarded;
use super::header::Header;
use super::row::Row;
use super::settings::ColumnMapping;
use super::settings::ColumnSource;
use super::settings::RecordKey;
use super::settings::SourceSettings;
use crate::field::COMPONENT_SEPARATOR;

/// Where the text of one field comes from, by position.
#[derive(Debug, Clone)]
pub(super) struct ResolvedColumn {
    from: ResolvedSource,
    /// Unit and tax statement behind an amount: empty, or `U+001F unit U+001F tax`.
    suffix: String,
}

#[derive(Debug, Clone)]
enum ResolvedSource {
    One(usize),
    Joined {
        positions: Vec<usize>,
        join: String,
    },
    Split {
        position: usize,
        separator: String,
        part: usize,
    },
    Constant(String),
}

/// A source's settings applied to one header.
#[derive(Debug, Clone)]
pub(super) struct ResolvedMapping {
    pub(super) columns: Vec<ResolvedColumn>,
    /// Positions of the key; empty for row keys.
    pub(super) key: Vec<usize>,
    pub(super) source_column: Option<usize>,
}

/// Every column that the settings name, each once.
pub(super) fn wanted_columns(settings: &SourceSettings) -> Vec<String> {
    let mut names = std::collections::BTreeSet::new();
    if let RecordKey::Columns(columns) = &settings.key {
        names.extend(columns.iter().cloned());
    }
    names.extend(settings.source_column.clone());
    for column in &settings.columns {
        match &column.from {
            ColumnSource::Columns { columns, .. } => names.extend(columns.iter().cloned()),
            ColumnSource::Split { column, .. } => {
                names.insert(column.clone());
            }
            ColumnSource::Constant(_) => {}
        }
    }
    names.into_iter().collect()
}

/// Finds every column the settings name.
///
/// # Errors
/// [`IngestError::MissingColumn`] for the first that the header lacks; the key is looked for first.
pub(super) fn resolve(
    settings: &SourceSettings,
    header: &Header,
    place: &str,
) -> Result<ResolvedMapping, IngestError> {
    let find = |name: &str| {
        header.position(name).ok_or_else(|| IngestError::MissingColumn {
            source_name: settings.name.clone(),
            file: place.to_owned(),
            line: header.line,
            column: name.to_owned(),
            nearest: header.nearest(name),
        })
    };
    let key = match &settings.key {
        RecordKey::Columns(columns) => columns.iter().map(|name| find(name)).collect::<Result<_, _>>()?,
        RecordKey::Row => Vec::new(),
    };
    let source_column = settings.source_column.as_deref().map(find).transpose()?;
    let mut columns = Vec::with_capacity(settings.columns.len());
    for mapping in &settings.columns {
        let from = match &mapping.from {
            ColumnSource::Columns { columns, join } => {
                let positions = columns
                    .iter()
                    .map(|name| find(name))
                    .collect::<Result<Vec<_>, _>>()?;
                match positions.as_slice() {
                    [position] => ResolvedSource::One(*position),
                    _ => ResolvedSource::Joined {
                        positions,
                        join: join.clone(),
                    },
                }
            }
            ColumnSource::Split {
                column,
                separator,
                part,
            } => ResolvedSource::Split {
                position: find(column)?,
                separator: separator.clone(),
                part: *part,
            },
            ColumnSource::Constant(text) => ResolvedSource::Constant(text.clone()),
        };
        columns.push(ResolvedColumn {
            suffix: suffix(mapping, &from, header),
            from,
        });
    }
    Ok(ResolvedMapping {
        columns,
        key,
        source_column,
    })
}

/// What the header says on the unit and tax of an amount.
fn suffix(mapping: &ColumnMapping, from: &ResolvedSource, header: &Header) -> String {
    let position = match from {
        ResolvedSource::One(position) | ResolvedSource::Split { position, .. } => Some(*position),
        ResolvedSource::Joined { positions, .. } => positions.first().copied(),
        ResolvedSource::Constant(_) => None,
    };
    let column = position.and_then(|position| header.columns.get(position));
    let Some(column) = column.filter(|_| mapping.is_amount) else {
        return String::new();
    };
    if column.unit.is_none() && column.tax.is_none() {
        return String::new();
    }
    let unit = column.unit.as_deref().unwrap_or("");
    let tax = column.tax.map_or("", |tax| tax.as_str());
    format!("{COMPONENT_SEPARATOR}{unit}{COMPONENT_SEPARATOR}{tax}")
}

impl ResolvedColumn {
    /// Text of the field in `row`; empty when nothing but white space is there. `scratch` holds made-up texts.
    pub(super) fn text<'a>(&'a self, row: &Row<'a>, scratch: &'a mut String) -> &'a str {
        let text = match &self.from {
            ResolvedSource::One(position) => unguarded(row.cell(*position)),
            ResolvedSource::Constant(text) => text,
            ResolvedSource::Split {
                position,
                separator,
                part,
            } => {
                let cell = unguarded(row.cell(*position));
                cell.split(separator.as_str()).nth(*part).unwrap_or("").trim()
            }
            ResolvedSource::Joined { positions, join } => {
                scratch.clear();
                for &position in positions {
                    let cell = unguarded(row.cell(position));
                    if cell.trim().is_empty() {
                        continue;
                    }
                    if !scratch.is_empty() {
                        scratch.push_str(join);
                    }
                    scratch.push_str(cell);
                }
                if !scratch.is_empty() {
                    scratch.push_str(&self.suffix);
                }
                return scratch;
            }
        };
        if is_blank(text) {
            return "";
        }
        if self.suffix.is_empty() {
            return text;
        }
        scratch.clear();
        scratch.push_str(text);
        scratch.push_str(&self.suffix);
        scratch
    }

    /// Does the field stand on a number that a spreadsheet rounded?
    pub(super) fn is_rounded(&self, row: &Row<'_>) -> bool {
        let is_rounded_at = |position: &usize| {
            row.rounded.binary_search(&(*position as u32)).is_ok() || is_rounded(row.cell(*position))
        };
        match &self.from {
            ResolvedSource::One(position) => is_rounded_at(position),
            ResolvedSource::Joined { positions, .. } => positions.iter().any(is_rounded_at),
            ResolvedSource::Split { .. } | ResolvedSource::Constant(_) => false,
        }
    }

    /// Has every record the same text?
    pub(super) fn is_constant(&self) -> bool {
        matches!(self.from, ResolvedSource::Constant(_))
    }
}

/// Nothing but white space? Fast for texts that begin with something else.
fn is_blank(text: &str) -> bool {
    match text.as_bytes().first() {
        None => true,
        Some(first) if first.is_ascii_graphic() => false,
        Some(_) => text.trim().is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::row::RowBuffer;
    use super::*;
    use crate::model::FieldName;

    fn mapping(field: &str, from: ColumnSource) -> ColumnMapping {
        ColumnMapping {
            field: FieldName::from(field),
            is_amount: field == "amount",
            from,
            codes: None,
        }
    }

    fn columns(names: &[&str]) -> ColumnSource {
        ColumnSource::Columns {
            columns: names.iter().map(|&n| n.to_owned()).collect(),
            join: "；".to_owned(),
        }
    }

    fn settings(mappings: Vec<ColumnMapping>) -> SourceSettings {
        let mut settings = SourceSettings::new("甲", &["a.csv"], RecordKey::Columns(vec!["编号".into()]));
        settings.columns = mappings;
        settings
    }

    fn texts(mappings: Vec<ColumnMapping>, header: &[&str], cells: &[&str]) -> Vec<String> {
        let header = Header::new(1, header.iter().copied());
        let resolved = resolve(&settings(mappings), &header, "a.csv").unwrap();
        let mut buffer = RowBuffer::default();
        for (at, cell) in cells.iter().enumerate() {
            buffer.set(at, |text| text.push_str(cell));
        }
        let row = buffer.as_row(2, 0);
        let text = |column: &ResolvedColumn| column.text(&row, &mut String::new()).to_owned();
        resolved.columns.iter().map(text).collect()
    }

    #[test]
    fn columns_are_joined_split_and_set() {
        let split = ColumnSource::Split {
            column: "Name".into(),
            separator: " ".into(),
            part: 1,
        };
        let got = texts(
            vec![
                mapping("phones", columns(&["手机", "电话"])),
                mapping("family_name", split),
                mapping("party_type", ColumnSource::Constant("个人".into())),
            ],
            &["编号", "手机", "电话", "Name"],
            &["1", "'138", "021-1", "Ann Lee"],
        );
        assert_eq!(got, ["138；021-1", "Lee", "个人"]);
    }

    #[test]
    fn amounts_carry_unit_and_tax_of_their_header() {
        let amount = || vec![mapping("amount", columns(&["合作金额"]))];
        let got = texts(amount(), &["编号", "合作金额(万元)"], &["1", "12.5"]);
        assert_eq!(got, ["12.5\u{1F}万元\u{1F}"]);
        let got = texts(amount(), &["编号", "合作金额"], &["1", "12.5"]);
        assert_eq!(got, ["12.5"]);
        let got = texts(amount(), &["编号", "合作金额（元，不含税）"], &["1", " "]);
        assert_eq!(got, [""]);
    }

    #[test]
    fn a_missing_column_is_named_with_the_nearest() {
        let header = Header::new(3, ["编号", "客户名称"].into_iter());
        let settings = settings(vec![mapping("customer_name", columns(&["客户名"]))]);
        let error = resolve(&settings, &header, "a.csv").unwrap_err();
        assert_eq!(
            error.to_string(),
            "source `甲`: file `a.csv` has no column `客户名` in its header (row 3); did you mean `客户名称`?"
        );
    }
}
