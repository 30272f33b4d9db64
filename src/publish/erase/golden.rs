//! Golden records, their lineage and conflicts without the values of erased records.
//!
//! In: the tables of a run. Out: the same for every other customer; for a customer that lost a record, values that another of its
//! records says, under that record's name, and those that a steward pinned through another record.

use crate::model::UnifiedId;
use crate::publish::erase::RecordName;
use crate::publish::erase::Writer;
use crate::publish::erase::each_part;
use crate::publish::erase::is_named;
use crate::publish::erase::kept_rows;
use crate::publish::erase::whole;
use crate::publish::error::PublishError;
use crate::table::Registry;
use frame::Column;
use frame::ColumnData;
use frame::Table;
use frame::TextColumn;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

const GOLDEN: &str = "golden.parquet";
const STANDARD: &str = "standard.parquet";
const LINEAGE: &str = "lineage.parquet";

/// Customers that lost a record.
struct Touched<'a> {
    /// Per ID as it is written, the records that it has left, ascending.
    left: BTreeMap<String, Vec<(&'a str, &'a str)>>,
    names: &'a BTreeSet<RecordName>,
    /// Standard values of the records left, by (source, key, field).
    values: BTreeMap<(String, String, String), String>,
    /// Golden values that stand, by (ID, field).
    stands: BTreeSet<(String, String)>,
}

/// Rewrites `golden`, `lineage` and `conflicts`.
pub(super) fn rewrite(
    writer: &mut Writer<'_>,
    registry: &Registry,
    emptied: &[UnifiedId],
) -> Result<(), PublishError> {
    let names = writer.erasure.names;
    let mut left: BTreeMap<UnifiedId, Vec<(&str, &str)>> = registry
        .members
        .iter()
        .filter(|(source, key, _)| is_named(names, source, key))
        .map(|(.., id)| (*id, Vec::new()))
        .collect();
    if left.is_empty() {
        return writer.rows("conflicts", true);
    }
    for (source, key, id) in &registry.members {
        if let Some(records) = left.get_mut(id)
            && !is_named(names, source, key)
        {
            records.push((source, key));
        }
    }
    let mut touched = Touched {
        left: left
            .into_iter()
            .map(|(id, records)| (id.to_string(), records))
            .collect(),
        names,
        values: BTreeMap::new(),
        stands: BTreeSet::new(),
    };
    touched.read_values(writer)?;
    if writer.run.manifest().file(LINEAGE).is_some() {
        writer.parts(LINEAGE, &mut |part| touched.lineage(part))?;
    }
    if writer.run.manifest().file(GOLDEN).is_some() {
        let golden = touched.golden(whole(writer.run, GOLDEN)?, emptied)?;
        writer.table("golden", &golden)?;
    }
    if writer.run.manifest().file("conflicts.parquet").is_some() {
        let conflicts = whole(writer.run, "conflicts.parquet")?;
        let conflicts = touched.conflicts(conflicts.pick(&kept_rows(&conflicts, names)));
        writer.table("conflicts", &conflicts)?;
    }
    Ok(())
}

impl Touched<'_> {
    /// Reads the standard values of the records that are left.
    fn read_values(&mut self, writer: &Writer<'_>) -> Result<(), PublishError> {
        let wanted: BTreeSet<(&str, &str)> = self.left.values().flatten().copied().collect();
        let values = &mut self.values;
        each_part(writer.run, STANDARD, None, &mut |part| {
            let text = |name: &str| part.column(name).ok()?.as_text();
            let (Some(sources), Some(keys)) = (text("source"), text("record_key")) else {
                return Ok(());
            };
            for row in 0..part.rows() {
                let name = (sources.get(row).unwrap_or(""), keys.get(row).unwrap_or(""));
                if !wanted.contains(&name) {
                    continue;
                }
                for column in part.columns() {
                    if let Some(value) = column.data.as_text().and_then(|texts| texts.get(row)) {
                        let key = (name.0.to_owned(), name.1.to_owned(), column.name.clone());
                        values.insert(key, value.to_owned());
                    }
                }
            }
            Ok(())
        })
    }

    /// The first record of a customer that is left and says `value`.
    fn who_says(&self, id: &str, field: &str, value: &str) -> Option<(&str, &str)> {
        let says = |(source, key): &&(&str, &str)| {
            let name = ((*source).to_owned(), (*key).to_owned(), field.to_owned());
            self.values.get(&name).is_some_and(|said| said == value)
        };
        self.left.get(id)?.iter().find(says).copied()
    }

    fn lineage(&mut self, part: Table) -> Table {
        let texts = [
            "unified_id",
            "field",
            "value",
            "source",
            "record_key",
            "runner_up",
        ]
        .map(|name| {
            part.column(name)
                .ok()
                .and_then(|column| column.as_text().cloned())
        });
        let [
            Some(ids),
            Some(fields),
            Some(values),
            Some(sources),
            Some(keys),
            Some(runners_up),
        ] = texts
        else {
            return part;
        };
        let pinned = match part.column("decision") {
            Ok(ColumnData::I64(decisions)) => decisions.clone(),
            _ => vec![None; part.rows()],
        };
        let mut kept = Vec::with_capacity(part.rows());
        let mut changed: BTreeMap<usize, (String, String, Option<String>)> = BTreeMap::new();
        for (row, decision) in pinned.iter().enumerate() {
            let cell = |column: &TextColumn| column.get(row).unwrap_or("").to_owned();
            let [id, field, value] = [cell(&ids), cell(&fields), cell(&values)];
            if !self.left.contains_key(&id) {
                kept.push(row);
                continue;
            }
            let (source, key) = (cell(&sources), cell(&keys));
            let is_gone = is_named(self.names, &source, &key);
            let own = match (decision.is_some(), is_gone) {
                // The steward's word, given for a record that is left.
                (true, false) => Some((source, key)),
                (true, true) => None,
                (false, _) => self
                    .who_says(&id, &field, &value)
                    .map(|(first, name)| match is_gone {
                        true => (first.to_owned(), name.to_owned()),
                        false => (source, key),
                    }),
            };
            let Some((source, key)) = own else { continue };
            let runner_up = runners_up
                .get(row)
                .filter(|second| self.who_says(&id, &field, second).is_some())
                .map(str::to_owned);
            kept.push(row);
            changed.insert(row, (source, key, runner_up));
            self.stands.insert((id, field));
        }
        let swapped = |name: &str, row: usize, text: Option<&str>| -> Option<String> {
            match (changed.get(&row), name) {
                (Some((source, ..)), "source") => Some(source.clone()),
                (Some((_, key, _)), "record_key") => Some(key.clone()),
                (Some((.., runner_up)), "runner_up") => runner_up.clone(),
                _ => text.map(str::to_owned),
            }
        };
        with_texts(part, &swapped).pick(&kept)
    }

    fn golden(&self, golden: Table, emptied: &[UnifiedId]) -> Result<Table, PublishError> {
        let gone: BTreeSet<String> = emptied.iter().map(ToString::to_string).collect();
        let ids: Vec<String> = match golden.column("unified_id") {
            Ok(ColumnData::Text(ids)) => ids.iter().map(|id| id.unwrap_or("").to_owned()).collect(),
            _ => return Ok(golden),
        };
        let kept: Vec<usize> = (0..golden.rows())
            .filter(|row| !gone.contains(&ids[*row]))
            .collect();
        let swapped = |name: &str, row: usize, text: Option<&str>| -> Option<String> {
            let is_touched = name != "unified_id" && self.left.contains_key(&ids[row]);
            let stands = !is_touched || self.stands.contains(&(ids[row].clone(), name.to_owned()));
            text.filter(|_| stands).map(str::to_owned)
        };
        let mut columns = with_texts(golden, &swapped).into_columns();
        for column in &mut columns {
            if let ("records", ColumnData::I64(records)) = (column.name.as_str(), &mut column.data) {
                for (row, records) in records.iter_mut().enumerate() {
                    if let Some(left) = self.left.get(&ids[row]) {
                        *records = Some(left.len() as i64);
                    }
                }
            }
        }
        let table = Table::try_new(columns).map_err(PublishError::table("golden"))?;
        Ok(table.pick(&kept))
    }

    /// The published value beside each contradiction, where it still stands.
    fn conflicts(&self, conflicts: Table) -> Table {
        let texts = ["unified_id", "field"].map(|name| {
            let column = conflicts.column(name).ok().and_then(|column| column.as_text());
            let texts = column.map(|texts| texts.iter().map(|text| text.unwrap_or("").to_owned()));
            texts.map(Iterator::collect::<Vec<_>>).unwrap_or_default()
        });
        let [ids, fields] = texts;
        let swapped = |name: &str, row: usize, text: Option<&str>| -> Option<String> {
            let stands = name != "golden"
                || !self.left.contains_key(&ids[row])
                || self.stands.contains(&(ids[row].clone(), fields[row].clone()));
            text.filter(|_| stands).map(str::to_owned)
        };
        with_texts(conflicts, &swapped)
    }
}

/// The text that stands at a column and row in place of another.
type Swapped<'a> = &'a dyn Fn(&str, usize, Option<&str>) -> Option<String>;

/// The table with other texts.
fn with_texts(table: Table, swapped: Swapped<'_>) -> Table {
    let columns = table.into_columns().into_iter().map(|column| match &column.data {
        ColumnData::Text(texts) => {
            let mut changed = TextColumn::with_capacity(texts.len(), 0);
            for (row, text) in texts.iter().enumerate() {
                changed.push_option(swapped(&column.name, row, text).as_deref());
            }
            Column::text(column.name.clone(), changed)
        }
        _ => column,
    });
    Table::try_new(columns.collect()).expect("columns keep their names and lengths")
}
