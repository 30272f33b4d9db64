//! Golden cells that differ between two runs, each with its cause.

use super::causes::Cause;
use super::causes::CauseCount;
use super::causes::Cell;
use super::causes::Circumstances;
use super::causes::Tally;
use super::ids::EXAMPLES_MAX;
use super::snapshot::Key;
use super::snapshot::Snapshot;
use super::snapshot::shown;
use super::snapshot::table;
use super::snapshot::text;
use crate::model::UnifiedId;
use crate::publish::PublishError;
use crate::publish::Run;
use frame::Table;
use serde::Serialize;
use std::collections::BTreeMap;

/// One changed cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CellExample {
    /// The customer.
    pub unified_id: String,
    /// The field.
    pub field: String,
    /// Why.
    pub cause: Cause,
    /// Record that gave the value before, as `source:key`; empty when there was no value.
    pub record_before: String,
    /// Record that gives it now.
    pub record_now: String,
}

/// Changes of one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldDiff {
    /// The field.
    pub field: String,
    /// Cells that changed.
    pub changed: u64,
    /// The same by cause.
    pub causes: Vec<CauseCount>,
}

/// Golden cells of customers that both runs have.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct GoldenDiff {
    /// Customers that both runs have.
    pub customers: u64,
    /// Cells that changed.
    pub changed: u64,
    /// The same by cause; they add up to `changed`.
    pub causes: Vec<CauseCount>,
    /// Fields with changes, most first, then by name.
    pub fields: Vec<FieldDiff>,
    /// The first changed cells by ID and field.
    pub examples: Vec<CellExample>,
}

/// The tables of one run that tell where a golden value came from.
struct Sources {
    standard: Option<Table>,
    /// Records that gave the values asked for, by (ID, field).
    winners: BTreeMap<(UnifiedId, String), Key>,
}

/// Changed cells as (ID, field), sorted.
type Cells = Vec<(UnifiedId, String)>;

/// Compares the golden records of two runs.
pub(super) fn compare(
    runs: [&Run; 2],
    snapshots: [&Snapshot; 2],
    circumstances: Circumstances,
) -> Result<GoldenDiff, PublishError> {
    let (customers, cells) = changed_cells(runs)?;
    let before = Sources::read(runs[0], &cells)?;
    let now = Sources::read(runs[1], &cells)?;
    let mut all = Tally::default();
    let mut by_field: BTreeMap<&str, Tally> = BTreeMap::new();
    let mut examples = Vec::new();
    for cell in &cells {
        let winners = [before.winners.get(cell), now.winners.get(cell)];
        let cause = cause(cell, winners, [&before, &now], snapshots, circumstances);
        all.add(cause);
        by_field.entry(&cell.1).or_default().add(cause);
        if examples.len() < EXAMPLES_MAX {
            let [record_before, record_now] = winners.map(|key| key.map_or_else(String::new, shown));
            examples.push(CellExample {
                unified_id: cell.0.to_string(),
                field: cell.1.clone(),
                cause,
                record_before,
                record_now,
            });
        }
    }
    let field = |(field, tally): (&str, Tally)| {
        let causes = tally.counts();
        FieldDiff {
            field: field.to_owned(),
            changed: causes.iter().map(|count| count.cells).sum(),
            causes,
        }
    };
    let mut fields: Vec<FieldDiff> = by_field.into_iter().map(field).collect();
    fields.sort_by_key(|field| std::cmp::Reverse(field.changed));
    Ok(GoldenDiff {
        customers,
        changed: cells.len() as u64,
        causes: all.counts(),
        fields,
        examples,
    })
}

/// Customers in common and their changed cells; both tables are sorted by ID.
fn changed_cells([a, b]: [&Run; 2]) -> Result<(u64, Cells), PublishError> {
    let (Some(before), Some(now)) = (
        table(a, "golden.parquet", None)?,
        table(b, "golden.parquet", None)?,
    ) else {
        return Ok((0, Vec::new()));
    };
    let mut fields: Vec<&str> = Vec::new();
    for column in before.columns().iter().chain(now.columns()) {
        let name = column.name.as_str();
        if column.data.as_text().is_some() && name != "unified_id" && !fields.contains(&name) {
            fields.push(name);
        }
    }
    let (mut customers, mut cells, mut row) = (0, Vec::new(), 0);
    for at in 0..before.rows() {
        let id = text(&before, "unified_id", at);
        while row < now.rows() && text(&now, "unified_id", row) < id {
            row += 1;
        }
        if row == now.rows() || text(&now, "unified_id", row) != id {
            continue;
        }
        customers += 1;
        let Ok(id) = id.parse::<UnifiedId>() else { continue };
        let differs = |field: &&&str| text(&before, field, at) != text(&now, field, row);
        cells.extend(
            fields
                .iter()
                .filter(differs)
                .map(|field| (id, (*field).to_owned())),
        );
    }
    cells.sort();
    Ok((customers, cells))
}

impl Sources {
    fn read(run: &Run, cells: &Cells) -> Result<Self, PublishError> {
        let mut winners = BTreeMap::new();
        // Nothing is asked when nothing changed.
        if cells.is_empty() {
            return Ok(Self {
                standard: None,
                winners,
            });
        }
        let columns = ["unified_id", "field", "source", "record_key"];
        if let Some(lineage) = table(run, "lineage.parquet", Some(&columns))? {
            for row in 0..lineage.rows() {
                let Ok(id) = text(&lineage, "unified_id", row).parse::<UnifiedId>() else {
                    continue;
                };
                let field = text(&lineage, "field", row);
                let at = cells.binary_search_by(|(of, name)| (*of, name.as_str()).cmp(&(id, field)));
                if let Ok(at) = at {
                    let record = (
                        text(&lineage, "source", row).to_owned(),
                        text(&lineage, "record_key", row).to_owned(),
                    );
                    winners.entry(cells[at].clone()).or_insert(record);
                }
            }
        }
        Ok(Self {
            standard: table(run, "standard.parquet", None)?,
            winners,
        })
    }

    /// Row of a record in the standard table, which is sorted by (source, key).
    fn row(&self, (source, key): &Key) -> Option<usize> {
        let standard = self.standard.as_ref()?;
        let at = |row| (text(standard, "source", row), text(standard, "record_key", row));
        let (mut low, mut high) = (0, standard.rows());
        while low < high {
            let middle = low + (high - low) / 2;
            if at(middle) < (source.as_str(), key.as_str()) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        (low < standard.rows() && at(low) == (source.as_str(), key.as_str())).then_some(low)
    }

    /// What the source says of a record's field; of all fields when the field is not among them.
    fn says(&self, record: &Key, field: &str) -> Option<Vec<&str>> {
        let row = self.row(record)?;
        let standard = self.standard.as_ref()?;
        if standard.column(field).is_ok() {
            let status = format!("{field}_status");
            return Some(vec![text(standard, field, row), text(standard, &status, row)]);
        }
        let columns = standard.columns().iter();
        Some(columns.map(|column| text(standard, &column.name, row)).collect())
    }
}

fn cause(
    cell: &(UnifiedId, String),
    winners: [Option<&Key>; 2],
    [before, now]: [&Sources; 2],
    [a, b]: [&Snapshot; 2],
    circumstances: Circumstances,
) -> Cause {
    let (id, field) = (cell.0, cell.1.as_str());
    let is_changed = |record: &Key| before.says(record, field) != now.says(record, field);
    let members = || a.members_of(id).chain(b.members_of(id));
    let is_shared = |record: &Key| a.is_member(record, id) && b.is_member(record, id);
    let cell = Cell {
        winners,
        has_other_members: members().any(|record| !is_shared(record)),
        is_shared: &is_shared,
        is_changed: &is_changed,
        has_changed_member: &|| members().any(is_changed),
    };
    cell.cause(circumstances)
}
