//! The rows of a role.
//!
//! In: the tables of a published run. Out: a header and one text column a field. Own records carry their own standard values; of
//! the customer they get the unified ID and the shared fields of its golden record, named `group_<field>`.

use crate::export::ExportError;
use crate::export::Key;
use crate::export::Role;
use crate::export::Rows;
use crate::export::Show;
use crate::field::FieldSpec;
use crate::field::mask::MaskingClass;
use crate::field::mask::mask;
use crate::field::mask::masking_class;
use crate::publish::PublishError;
use crate::publish::Run;
use frame::TextColumn;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// Customers below which a group is left out; five is the usual threshold of statistical offices.
const CELL_MIN: u64 = 5;

/// Who asks for what.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The role.
    pub role: &'a Role,
    /// The source whose rows are asked for.
    pub source: Option<&'a str>,
    /// The schema.
    pub fields: &'a [FieldSpec],
    /// Fields of the golden record that subsidiaries see of each other.
    pub shared: &'a [String],
    /// Key of pseudonyms, which then stand in place of every value that would be masked elsewhere.
    pub key: Option<&'a Key>,
}

/// Rows of texts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// Names of the columns.
    pub header: Vec<String>,
    /// Per column, its cells.
    pub columns: Vec<Vec<String>>,
    /// Groups left out because they are small; 0 for rows of records and customers.
    pub cells_left_out: u64,
}

impl Table {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, Vec::len)
    }

    fn push(&mut self, name: impl Into<String>, cells: Vec<String>) {
        self.header.push(name.into());
        self.columns.push(cells);
    }
}

/// The view of `request` on a run.
///
/// # Errors
/// [`ExportError::SourceMissing`], [`ExportError::UnknownSource`], [`ExportError::Publish`] when the run cannot be read.
pub fn export(run: &Run, request: &Request) -> Result<Table, ExportError> {
    match (request.role.rows, request.source) {
        (Rows::OwnRecords, None) => Err(ExportError::SourceMissing {
            role: request.role.name.clone(),
        }),
        (Rows::OwnRecords, Some(source)) => own_records(run, request, source),
        (Rows::Customers, source) => customers(run, request, source),
        (Rows::Cells, source) => cells(run, request, source),
    }
}

/// One published table with the columns asked for that it has.
struct Published(frame::Table);

impl Published {
    fn read(run: &Run, name: &str, wanted: &[&str]) -> Result<Self, ExportError> {
        run.verify_file(name)?;
        let path = run.path(name);
        let damaged = |detail: String| PublishError::Damaged {
            path: path.clone(),
            detail,
        };
        let shape = frame::parquet_shape(&path).map_err(|error| damaged(error.to_string()))?;
        let has = |name: &&&str| shape.columns.iter().any(|column| column.name == **name);
        let columns: Vec<&str> = wanted.iter().filter(has).copied().collect();
        let table = frame::read_parquet(&path, Some(&columns)).map_err(|error| damaged(error.to_string()))?;
        Ok(Self(table))
    }

    fn texts(&self, name: &str) -> Option<&TextColumn> {
        self.0.column(name).ok()?.as_text()
    }

    fn cells(&self, name: &str, rows: &[usize]) -> Option<Vec<String>> {
        let texts = self.texts(name)?;
        Some(
            rows.iter()
                .map(|&row| texts.get(row).unwrap_or_default().to_owned())
                .collect(),
        )
    }
}

/// Rows of a crosswalk by source: positions with their IDs.
fn members(run: &Run, source: Option<&str>) -> Result<(Vec<usize>, Vec<String>), ExportError> {
    let crosswalk = Published::read(run, "crosswalk.parquet", &["source", "unified_id"])?;
    let (Some(sources), Some(ids)) = (crosswalk.texts("source"), crosswalk.texts("unified_id")) else {
        return Ok((Vec::new(), Vec::new()));
    };
    let mut known: BTreeSet<&str> = BTreeSet::new();
    let mut found = (Vec::new(), Vec::new());
    for row in 0..crosswalk.0.rows() {
        let of = sources.get(row).unwrap_or_default();
        known.insert(of);
        if source.is_none_or(|source| source == of) {
            found.0.push(row);
            found.1.push(ids.get(row).unwrap_or_default().to_owned());
        }
    }
    match source {
        Some(source) if !known.contains(source) => Err(ExportError::UnknownSource {
            source_name: source.to_owned(),
            known: known.into_iter().collect::<Vec<_>>().join(", "),
        }),
        _ => Ok(found),
    }
}

/// Fields that the role gets, in the order of the schema.
fn shown<'a>(request: &'a Request) -> impl Iterator<Item = (&'a FieldSpec, Show)> {
    let show = |field: &'a FieldSpec| (field, request.role.show(field));
    request
        .fields
        .iter()
        .map(show)
        .filter(|(_, show)| *show != Show::Hidden)
}

/// A column as the role may see it.
fn seen(request: &Request, field: &FieldSpec, show: Show, cells: Vec<String>) -> Vec<String> {
    let class = masking_class(field);
    let see = |cell: String| match (request.key, show) {
        (Some(key), _) if class != MaskingClass::None => key.pseudonym(&field.name, &cell),
        (_, Show::Masked) => mask(class, &cell),
        _ => cell,
    };
    cells.into_iter().map(see).collect()
}

fn own_records(run: &Run, request: &Request, source: &str) -> Result<Table, ExportError> {
    let wanted: Vec<&str> = shown(request).map(|(field, _)| &*field.name).collect();
    let fixed = ["source", "record_key"];
    let standard = Published::read(run, "standard.parquet", &[&fixed[..], &wanted].concat())?;
    let (_, ids) = members(run, Some(source))?;
    let by_key = id_by_key(run, source, &ids)?;
    let sources = standard.texts("source");
    let is_own = |row: &usize| sources.and_then(|sources| sources.get(*row)) == Some(source);
    let rows: Vec<usize> = (0..standard.0.rows()).filter(is_own).collect();
    let keys = standard.cells("record_key", &rows).unwrap_or_default();
    let ids: Vec<String> = keys
        .iter()
        .map(|key| by_key.get(key).cloned().unwrap_or_default())
        .collect();
    let mut table = Table::default();
    let shared = golden_of(run, request, &ids)?;
    table.push("unified_id", ids);
    table.push("record_key", keys);
    for (field, show) in shown(request) {
        if let Some(cells) = standard.cells(&field.name, &rows) {
            table.push(&*field.name, seen(request, field, show, cells));
        }
    }
    for (field, cells) in shared {
        let show = request.role.show_shared(field);
        table.push(format!("group_{}", field.name), seen(request, field, show, cells));
    }
    Ok(table)
}

fn id_by_key(run: &Run, source: &str, ids: &[String]) -> Result<BTreeMap<String, String>, ExportError> {
    let crosswalk = Published::read(run, "crosswalk.parquet", &["source", "record_key"])?;
    let sources = crosswalk.texts("source");
    let is_own = |row: &usize| sources.and_then(|sources| sources.get(*row)) == Some(source);
    let rows: Vec<usize> = (0..crosswalk.0.rows()).filter(is_own).collect();
    let keys = crosswalk.cells("record_key", &rows).unwrap_or_default();
    Ok(keys.into_iter().zip(ids.iter().cloned()).collect())
}

/// The shared fields of the golden records of `ids`.
fn golden_of<'a>(
    run: &Run,
    request: &'a Request,
    ids: &[String],
) -> Result<Vec<(&'a FieldSpec, Vec<String>)>, ExportError> {
    let is_shared = |field: &&FieldSpec| {
        let is_shared = request.shared.iter().any(|name| *name == field.name);
        is_shared && request.role.show_shared(field) != Show::Hidden
    };
    let fields: Vec<&FieldSpec> = request.fields.iter().filter(is_shared).collect();
    let names: Vec<&str> = fields.iter().map(|field| &*field.name).collect();
    let golden = Published::read(run, "golden.parquet", &[&["unified_id"][..], &names].concat())?;
    let row_of: BTreeMap<&str, usize> = match golden.texts("unified_id") {
        Some(texts) => (0..golden.0.rows())
            .filter_map(|row| Some((texts.get(row)?, row)))
            .collect(),
        None => BTreeMap::new(),
    };
    let column = |field: &'a FieldSpec| {
        let texts = golden.texts(&field.name)?;
        let cell = |id: &String| {
            let text = row_of.get(id.as_str()).and_then(|&row| texts.get(row));
            text.unwrap_or_default().to_owned()
        };
        Some((field, ids.iter().map(cell).collect()))
    };
    Ok(fields.into_iter().filter_map(column).collect())
}

fn customers(run: &Run, request: &Request, source: Option<&str>) -> Result<Table, ExportError> {
    let wanted: Vec<&str> = shown(request).map(|(field, _)| &*field.name).collect();
    if source.is_some() {
        // Of a shared customer the golden values may be others': one source gets its own records.
        let mut table = own_records(run, request, source.unwrap_or_default())?;
        drop_column(&mut table, "record_key");
        return Ok(table);
    }
    let golden = Published::read(run, "golden.parquet", &[&["unified_id"][..], &wanted].concat())?;
    let rows: Vec<usize> = (0..golden.0.rows()).collect();
    let mut table = Table::default();
    table.push(
        "unified_id",
        golden.cells("unified_id", &rows).unwrap_or_default(),
    );
    for (field, show) in shown(request) {
        if let Some(cells) = golden.cells(&field.name, &rows) {
            table.push(&*field.name, seen(request, field, show, cells));
        }
    }
    Ok(table)
}

fn drop_column(table: &mut Table, name: &str) {
    if let Some(at) = table.header.iter().position(|known| known == name) {
        table.header.remove(at);
        table.columns.remove(at);
    }
}

/// Customers by the role's traits. Small groups are left out and no totals are given, so that nothing can be taken from a
/// total to find them.
fn cells(run: &Run, request: &Request, source: Option<&str>) -> Result<Table, ExportError> {
    let traits = request.role.traits();
    let golden = Published::read(run, "golden.parquet", &[&["unified_id"][..], &traits].concat())?;
    let own: Option<BTreeSet<String>> = match source {
        Some(source) => Some(members(run, Some(source))?.1.into_iter().collect()),
        None => None,
    };
    let ids = golden.texts("unified_id");
    let is_counted = |row: &usize| {
        own.as_ref().is_none_or(|own| {
            ids.and_then(|ids| ids.get(*row))
                .is_some_and(|id| own.contains(id))
        })
    };
    let present: Vec<&str> = traits
        .iter()
        .filter(|name| golden.texts(name).is_some())
        .copied()
        .collect();
    let mut counts: BTreeMap<Vec<&str>, u64> = BTreeMap::new();
    for row in (0..golden.0.rows()).filter(is_counted) {
        let cell = |name: &&str| {
            golden
                .texts(name)
                .and_then(|texts| texts.get(row))
                .unwrap_or_default()
        };
        *counts.entry(present.iter().map(cell).collect()).or_default() += 1;
    }
    let all = counts.len();
    counts.retain(|_, customers| *customers >= CELL_MIN);
    let mut table = Table {
        cells_left_out: (all - counts.len()) as u64,
        ..Table::default()
    };
    for (at, name) in present.iter().enumerate() {
        table.push(*name, counts.keys().map(|cell| cell[at].to_owned()).collect());
    }
    table.push("customers", counts.values().map(u64::to_string).collect());
    Ok(table)
}
