//! Since which run every golden value stands.
//!
//! In: the golden records of this run and the lineage of the last one, both sorted by ID and field, so that each is walked
//! once. Out: per value, the number of the run that published it first without a break. A value that went and came back
//! stands since it came back.

use crate::model::UnifiedId;
use crate::publish::error::PublishError;
use crate::publish::run::Run;
use crate::table::GoldenRecords;
use frame::FrameError;
use frame::Table;
use frame::TextColumn;
use std::ops::ControlFlow;

/// The table's file.
const NAME: &str = "lineage.parquet";
/// The column of run numbers; lineage of older programs lacks it.
const COLUMN: &str = "since_run";

/// Per golden value, the run since which it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Since {
    /// Number of this run.
    now: u32,
    /// Per field of the golden records, a run per row; empty when every value is of this run.
    fields: Vec<Vec<u32>>,
}

impl Since {
    /// Every value stands since run `now`: there is no run before it.
    pub fn first(now: u32) -> Self {
        Self {
            now,
            fields: Vec::new(),
        }
    }

    /// Values that run `last` had too stand since the run its lineage names; where that has no such column, since `last`.
    ///
    /// # Errors
    /// [`PublishError::Damaged`] when the lineage was changed or is not what its name says.
    pub fn read(last: &Run, golden: &GoldenRecords, now: u32) -> Result<Self, PublishError> {
        if last.manifest().file(NAME).is_none() {
            return Ok(Self::first(now));
        }
        last.verify_file(NAME)?;
        let path = last.path(NAME);
        let fault = |error: FrameError| match error {
            FrameError::Io { path, source } => PublishError::Io { path, source },
            other => PublishError::damaged(&path, other.to_string()),
        };
        let shape = frame::parquet_shape(&path).map_err(fault)?;
        let mut columns = vec!["unified_id", "field", "value"];
        columns.extend(
            shape
                .columns
                .iter()
                .any(|column| column.name == COLUMN)
                .then_some(COLUMN),
        );
        let mut walk = Walk::new(golden, now, last.manifest().facts.run);
        let mut is_sound = true;
        frame::read_parquet_batches(&path, Some(&columns), &mut |table| {
            is_sound = walk.add(&table).is_some();
            match is_sound {
                true => ControlFlow::Continue(()),
                false => ControlFlow::Break(()),
            }
        })
        .map_err(fault)?;
        match is_sound {
            true => Ok(walk.since),
            false => Err(PublishError::damaged(
                &path,
                "a column holds what its name forbids",
            )),
        }
    }

    /// The run since which the value of `field` at `row` stands.
    #[inline]
    pub fn of(&self, field: usize, row: usize) -> u32 {
        self.fields.get(field).map_or(self.now, |rows| rows[row])
    }
}

/// Walks the last lineage beside the golden records.
struct Walk<'a> {
    golden: &'a GoldenRecords,
    /// Number of the last run.
    last: u32,
    since: Since,
    /// The ID of the lineage's row, as it is written.
    id: String,
    /// Its row among the golden records; the next greater ID's when it is not there.
    row: usize,
    is_there: bool,
    /// The field of the row before; the next one's is near.
    field: usize,
}

impl<'a> Walk<'a> {
    fn new(golden: &'a GoldenRecords, now: u32, last: u32) -> Self {
        Self {
            golden,
            last,
            since: Since {
                now,
                fields: vec![vec![now; golden.ids.len()]; golden.fields.len()],
            },
            id: String::new(),
            row: 0,
            is_there: false,
            field: 0,
        }
    }

    /// Takes the rows of a part; `None` when a column is not what it should be.
    fn add(&mut self, table: &Table) -> Option<()> {
        let text = |name: &str| table.column(name).ok()?.as_text();
        let [ids, fields, values] = [text("unified_id")?, text("field")?, text("value")?];
        let runs = match table.column(COLUMN) {
            Ok(frame::ColumnData::I64(runs)) => Some(runs),
            Ok(_) => return None,
            Err(_) => None,
        };
        for row in 0..table.rows() {
            self.stand_at(ids.get(row)?)?;
            if !self.is_there {
                continue;
            }
            let run = match runs {
                Some(runs) => u32::try_from(runs[row]?).ok()?,
                None => self.last,
            };
            self.compare(fields.get(row)?, values, row, run);
        }
        Some(())
    }

    /// Goes on to the golden record of `id`, which is not less than the one before.
    fn stand_at(&mut self, id: &str) -> Option<()> {
        if self.id == id {
            return Some(());
        }
        id.clone_into(&mut self.id);
        let id: UnifiedId = id.parse().ok()?;
        let ids = &self.golden.ids;
        while ids.get(self.row).is_some_and(|now| *now < id) {
            self.row += 1;
        }
        self.is_there = ids.get(self.row) == Some(&id);
        self.field = 0;
        Some(())
    }

    fn compare(&mut self, field: &str, values: &TextColumn, row: usize, run: u32) {
        let fields = &self.golden.fields;
        let is_named = |at: &usize| fields[*at].as_str() == field;
        let Some(at) = (self.field..fields.len())
            .find(is_named)
            .or_else(|| (0..self.field).find(is_named))
        else {
            return;
        };
        self.field = at;
        if self.golden.codes[at][self.row] != 0 && values.get(row) == Some(self.golden.value(self.row, at)) {
            self.since.fields[at][self.row] = run;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::customer_schema;
    use crate::model::Language;
    use crate::publish::Hub;
    use crate::publish::RunFacts;
    use crate::publish::Settings;
    use crate::publish::samples::Sample;
    use crate::publish::write_tables;
    use crate::table::Interner;

    fn publish(hub: &Hub, sample: &Sample, run: u32) -> Run {
        let lock = hub.lock().unwrap();
        let staging = hub.begin(&lock, &format!("{run:06}-a")).unwrap();
        let settings = Settings::new(Language::En, customer_schema(), &["exact_name", "phone"]);
        write_tables(&staging, &settings, &sample.tables()).unwrap();
        let facts = RunFacts {
            run,
            ..RunFacts::default()
        };
        staging.publish(facts).unwrap()
    }

    /// Gives the first customer another name.
    fn renamed(mut sample: Sample, name: &str) -> Sample {
        let mut interner = Interner::default();
        let second = sample.golden.value(1, 0).to_owned();
        sample.golden.codes[0] = vec![interner.intern(name), interner.intern(&second)];
        sample.golden.values[0] = interner.finish();
        sample
    }

    #[test]
    fn s15_a_value_stands_since_the_run_that_published_it_first_without_a_break() {
        let directory = tempfile::tempdir().unwrap();
        let hub = Hub::open(directory.path()).unwrap();
        let names = [
            "北京华夏科技有限公司",
            "华夏 Tech Ltd",
            "华夏 Tech Ltd",
            "北京华夏科技有限公司",
        ];
        let mut last: Option<Run> = None;
        let mut seen = Vec::new();
        for (run, name) in (1..).zip(names) {
            let mut sample = renamed(Sample::new(), name);
            sample.since = match &last {
                Some(last) => Since::read(last, &sample.golden, run).unwrap(),
                None => Since::first(run),
            };
            seen.push([(0, 0), (0, 1), (1, 1)].map(|(field, row)| sample.since.of(field, row)));
            last = Some(publish(&hub, &sample, run));
        }
        assert_eq!(seen, [[1, 1, 1], [2, 1, 1], [2, 1, 1], [4, 1, 1]]);
    }

    #[test]
    fn changed_lineage_is_noticed() {
        let directory = tempfile::tempdir().unwrap();
        let hub = Hub::open(directory.path()).unwrap();
        let sample = Sample::new();
        let run = publish(&hub, &sample, 1);
        let path = run.path(NAME);
        let mut bytes = std::fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(&path, bytes).unwrap();
        assert!(matches!(
            Since::read(&run, &sample.golden, 2),
            Err(PublishError::Damaged { .. })
        ));
    }
}
