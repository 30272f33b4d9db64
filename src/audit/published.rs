//! The published run as an audit sees it: records, customers, scores, values.
//!
//! In: the tables `crosswalk`, `pairs`, `standard`, `golden` and `lineage` of a run. Out: active records in the order of (source, key), the
//! customers in the order of their IDs, the weights of pairs, and the values of the few records that a sample shows. Records
//! whose source was missing that night are left out: nobody could look at them.

use crate::audit::error::AuditError;
use crate::audit::unit::RecordName;
use crate::publish::Run;
use frame::ColumnData;
use frame::Table;
use frame::TextColumn;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::collections::HashMap;
use std::ops::ControlFlow;

/// No customer.
pub(super) const NOBODY: u32 = u32::MAX;

/// Active records and customers of a run.
pub(super) struct Published<'r> {
    pub(super) run: &'r Run,
    crosswalk: Table,
    /// Rows of active records in the order of source and key.
    rows: Vec<u32>,
    /// Per active record, its customer.
    pub(super) customer_of: Vec<u32>,
    /// Unified IDs in order.
    pub(super) ids: Vec<String>,
    /// Per customer, its active records in order.
    pub(super) members: Vec<Vec<u32>>,
}

/// By record, by field, its text.
pub(super) type Values = BTreeMap<RecordName, BTreeMap<String, String>>;

pub(super) fn read(run: &Run, table: &'static str, columns: Option<&[&str]>) -> Result<Table, AuditError> {
    let path = run.path(&format!("{table}.parquet"));
    frame::read_parquet(&path, columns).map_err(fault(run, table))
}

fn fault(run: &Run, table: &'static str) -> impl Fn(frame::FrameError) -> AuditError + use<> {
    let run_id = run.id().to_owned();
    move |source| AuditError::Table {
        table,
        run_id: run_id.clone(),
        source,
    }
}

pub(super) fn text_column<'a>(
    run: &Run,
    name: &'static str,
    table: &'a Table,
    column: &'static str,
) -> Result<&'a TextColumn, AuditError> {
    let found = table.column(column).ok().and_then(ColumnData::as_text);
    found.ok_or_else(|| AuditError::Column {
        table: name,
        run_id: run.id().to_owned(),
        column,
    })
}

const CROSSWALK: &str = "crosswalk";

impl<'r> Published<'r> {
    /// Reads who is whose.
    pub(super) fn of(run: &'r Run) -> Result<Self, AuditError> {
        let columns = ["source", "record_key", "unified_id", "status"];
        let crosswalk = read(run, CROSSWALK, Some(&columns))?;
        let of = |name| text_column(run, CROSSWALK, &crosswalk, name);
        let (source, key, id, status) = (of("source")?, of("record_key")?, of("unified_id")?, of("status")?);
        let is_active = |row: &u32| status.get(*row as usize) == Some("active");
        let mut rows: Vec<u32> = (0..crosswalk.rows() as u32).filter(is_active).collect();
        let name = |row: u32| (source.get(row as usize), key.get(row as usize));
        rows.sort_by(|a, b| name(*a).cmp(&name(*b)));
        let id_of = |at: u32| id.get(rows[at as usize] as usize).unwrap_or_default();
        let mut by_id: Vec<u32> = (0..rows.len() as u32).collect();
        by_id.sort_by(|a, b| id_of(*a).cmp(id_of(*b)).then(a.cmp(b)));
        let (mut ids, mut members) = (Vec::<String>::new(), Vec::<Vec<u32>>::new());
        let mut customer_of = vec![NOBODY; rows.len()];
        for group in by_id.chunk_by(|a, b| id_of(*a) == id_of(*b)) {
            for record in group {
                customer_of[*record as usize] = ids.len() as u32;
            }
            ids.push(id_of(group[0]).to_owned());
            members.push(group.to_vec());
        }
        Ok(Self {
            run,
            rows,
            customer_of,
            ids,
            members,
            crosswalk,
        })
    }

    /// Number of active records.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    fn cell(&self, record: u32, column: usize) -> &str {
        let texts = self.crosswalk.columns()[column].data.as_text();
        let text = texts.and_then(|texts| texts.get(self.rows[record as usize] as usize));
        text.unwrap_or_default()
    }

    /// Source of a record.
    pub(super) fn source(&self, record: u32) -> &str {
        self.cell(record, 0)
    }

    /// Key of a record.
    pub(super) fn key(&self, record: u32) -> &str {
        self.cell(record, 1)
    }

    /// Source and key of a record.
    pub(super) fn name(&self, record: u32) -> RecordName {
        RecordName {
            source: self.source(record).to_owned(),
            key: self.key(record).to_owned(),
        }
    }

    /// The sources in order.
    pub(super) fn sources(&self) -> Vec<String> {
        let mut sources: Vec<String> = Vec::new();
        for record in 0..self.len() as u32 {
            if sources.last().is_none_or(|last| last != self.source(record)) {
                sources.push(self.source(record).to_owned());
            }
        }
        sources
    }

    /// The record of a source and key.
    pub(super) fn find(&self, source: &str, key: &str) -> Option<u32> {
        let order = |row: &u32| {
            let text = |column: usize| {
                let texts = self.crosswalk.columns()[column].data.as_text();
                texts
                    .and_then(|texts| texts.get(*row as usize))
                    .unwrap_or_default()
            };
            (text(0), text(1)).cmp(&(source, key))
        };
        self.rows.binary_search_by(order).ok().map(|at| at as u32)
    }

    /// Every scored pair of active records with its weight in thousandths of a bit, to `each`.
    pub(super) fn scored(&self, each: &mut dyn FnMut(u32, u32, i64)) -> Result<(), AuditError> {
        let mut index: HashMap<(&str, &str), u32> = HashMap::with_capacity(self.len());
        for record in 0..self.len() as u32 {
            index.insert((self.source(record), self.key(record)), record);
        }
        let columns = [
            "source_a",
            "record_key_a",
            "source_b",
            "record_key_b",
            "weight_bits",
        ];
        let path = self.run.path("pairs.parquet");
        let mut is_sound = true;
        let read = frame::read_parquet_batches(&path, Some(&columns), &mut |part| {
            let texts: Vec<Option<&TextColumn>> = part
                .columns()
                .iter()
                .map(|column| column.data.as_text())
                .collect();
            let ColumnData::F64(weights) = &part.columns()[4].data else {
                is_sound = false;
                return ControlFlow::Break(());
            };
            let text = |column: usize, row: usize| {
                texts[column].and_then(|texts| texts.get(row)).unwrap_or_default()
            };
            for (row, weight) in weights.iter().enumerate() {
                let a = index.get(&(text(0, row), text(1, row)));
                let b = index.get(&(text(2, row), text(3, row)));
                if let (Some(a), Some(b), Some(bits)) = (a, b, weight) {
                    each(*a.min(b), *a.max(b), (bits * 1_000.0).round() as i64);
                }
            }
            ControlFlow::Continue(())
        });
        read.map_err(fault(self.run, "pairs"))?;
        match is_sound {
            true => Ok(()),
            false => Err(AuditError::Column {
                table: "pairs",
                run_id: self.run.id().to_owned(),
                column: "weight_bits",
            }),
        }
    }

    /// Which of `fields` the run's records have.
    pub(super) fn fields<'a>(&self, fields: &[&'a str]) -> Result<Vec<&'a str>, AuditError> {
        let path = self.run.path("standard.parquet");
        let shape = frame::parquet_shape(&path).map_err(fault(self.run, "standard"))?;
        let has = |field: &&&str| shape.columns.iter().any(|column| column.name == **field);
        Ok(fields.iter().filter(has).copied().collect())
    }

    /// Goes through the standard values of every active record: record, then one text a field.
    pub(super) fn standard(
        &self,
        fields: &[&str],
        each: &mut dyn FnMut(u32, &[&str]),
    ) -> Result<(), AuditError> {
        let names: Vec<&str> = ["source", "record_key"]
            .into_iter()
            .chain(fields.iter().copied())
            .collect();
        let path = self.run.path("standard.parquet");
        frame::read_parquet_batches(&path, Some(&names), &mut |part| {
            let texts: Vec<Option<&TextColumn>> = part
                .columns()
                .iter()
                .map(|column| column.data.as_text())
                .collect();
            let text = |column: usize, row: usize| {
                texts[column].and_then(|texts| texts.get(row)).unwrap_or_default()
            };
            for row in 0..part.rows() {
                if let Some(record) = self.find(text(0, row), text(1, row)) {
                    let values: Vec<&str> = (2..texts.len()).map(|column| text(column, row)).collect();
                    each(record, &values);
                }
            }
            ControlFlow::Continue(())
        })
        .map_err(fault(self.run, "standard"))
    }

    /// The values of some records.
    pub(super) fn values(
        &self,
        fields: &[&str],
        wanted: &BTreeSet<RecordName>,
    ) -> Result<Values, AuditError> {
        let records: BTreeSet<u32> = wanted
            .iter()
            .filter_map(|name| self.find(&name.source, &name.key))
            .collect();
        let mut values = Values::new();
        self.standard(fields, &mut |record, texts| {
            if records.contains(&record) {
                let of = fields.iter().zip(texts).filter(|(_, text)| !text.is_empty());
                let of = of
                    .map(|(field, text)| ((*field).to_owned(), (*text).to_owned()))
                    .collect();
                values.insert(self.name(record), of);
            }
        })?;
        Ok(values)
    }

    /// Goes through the golden values in order: unified ID, field, value, source, record key, is it a steward's.
    pub(super) fn lineage(
        &self,
        each: &mut dyn FnMut(&str, &str, &str, RecordName, bool),
    ) -> Result<(), AuditError> {
        let columns = ["unified_id", "field", "value", "source", "record_key", "decision"];
        let path = self.run.path("lineage.parquet");
        frame::read_parquet_batches(&path, Some(&columns), &mut |part| {
            let texts: Vec<Option<&TextColumn>> = part
                .columns()
                .iter()
                .map(|column| column.data.as_text())
                .collect();
            let text = |column: usize, row: usize| {
                texts[column].and_then(|texts| texts.get(row)).unwrap_or_default()
            };
            for row in 0..part.rows() {
                let is_decided = match &part.columns()[5].data {
                    ColumnData::I64(numbers) => numbers[row].is_some(),
                    _ => false,
                };
                let record = RecordName {
                    source: text(3, row).to_owned(),
                    key: text(4, row).to_owned(),
                };
                each(text(0, row), text(1, row), text(2, row), record, is_decided);
            }
            ControlFlow::Continue(())
        })
        .map_err(fault(self.run, "lineage"))
    }
}

/// The subsidiaries of a run with their numbers of records.
///
/// # Errors
/// [`AuditError`] when the run's tables are not as published.
pub fn lots(run: &Run) -> Result<Vec<(String, u64)>, AuditError> {
    let published = Published::of(run)?;
    let mut lots: Vec<(String, u64)> = Vec::new();
    for record in 0..published.len() as u32 {
        let source = published.source(record);
        match lots.last_mut() {
            Some((last, count)) if last == source => *count += 1,
            _ => lots.push((source.to_owned(), 1)),
        }
    }
    Ok(lots)
}
