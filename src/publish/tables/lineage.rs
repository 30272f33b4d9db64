//! `lineage`: where every golden value came from.

use crate::model::RecordIndex;
use crate::publish::error::PublishError;
use crate::publish::since::Since;
use crate::publish::view::Pool;
use crate::publish::view::RecordKeys;
use crate::publish::view::View;
use crate::publish::view::chained;
use crate::publish::view::coded;
use crate::publish::view::numbers;
use crate::publish::view::pool_of;
use crate::table::GoldenRecords;
use crate::table::Lineage;
use frame::ROWS_PER_GROUP;

/// One row a golden value, sorted by (unified_id, field), row group by row group, at least one table: unified_id, field,
/// value, source, record_key, rule, runner_up (the value that came second; null where no member had another), decision (the
/// number of the steward's, for a pinned value), since_run (the run since which the value stands). `ids` are the texts of the IDs.
///
/// # Errors
/// [`PublishError::Table`] when a record of `lineage` is not among `records`.
pub fn lineage_tables<'a>(
    golden: &'a GoldenRecords,
    lineage: &'a Lineage,
    since: &'a Since,
    records: &'a RecordKeys<'a>,
    ids: &'a Pool<'a>,
) -> impl Iterator<Item = Result<View<'a>, PublishError>> + 'a {
    let mut writer = Writer::new(golden, lineage, since, records, ids);
    let mut is_first = true;
    std::iter::from_fn(move || {
        let rows = writer.next_rows();
        if rows.ids.is_empty() && !is_first {
            return None;
        }
        is_first = false;
        Some(writer.table(rows))
    })
}

/// What all row groups share, and the place of the next.
struct Writer<'a> {
    golden: &'a GoldenRecords,
    lineage: &'a Lineage,
    since: &'a Since,
    records: &'a RecordKeys<'a>,
    ids: &'a Pool<'a>,
    fields: Pool<'a>,
    values: Pool<'a>,
    /// Per field, what is added to the codes of its values.
    starts: Vec<u32>,
    rules: Pool<'a>,
    /// Per field, the codes of its rules' names.
    rule_codes: Vec<Vec<u32>>,
    /// Per field, the first of its values that came second which is not behind `row`.
    next_runners_up: Vec<usize>,
    row: usize,
    field: usize,
}

/// The columns of one row group as codes.
struct Rows {
    ids: Vec<u32>,
    fields: Vec<u32>,
    values: Vec<u32>,
    records: Vec<RecordIndex>,
    rules: Vec<u32>,
    runners_up: Vec<u32>,
    decisions: Vec<Option<i64>>,
    since: Vec<Option<i64>>,
}

impl Rows {
    fn with_capacity(rows: usize) -> Self {
        Self {
            ids: Vec::with_capacity(rows),
            fields: Vec::with_capacity(rows),
            values: Vec::with_capacity(rows),
            records: Vec::with_capacity(rows),
            rules: Vec::with_capacity(rows),
            runners_up: Vec::with_capacity(rows),
            decisions: Vec::with_capacity(rows),
            since: Vec::with_capacity(rows),
        }
    }
}

impl<'a> Writer<'a> {
    fn new(
        golden: &'a GoldenRecords,
        lineage: &'a Lineage,
        since: &'a Since,
        records: &'a RecordKeys<'a>,
        ids: &'a Pool<'a>,
    ) -> Self {
        let mut names: Vec<&'static str> = Vec::new();
        let mut code_of = |name: &'static str| {
            let at = names
                .iter()
                .position(|known| *known == name)
                .unwrap_or(names.len());
            if at == names.len() {
                names.push(name);
            }
            at as u32 + 1
        };
        let rule_codes = lineage
            .fields
            .iter()
            .map(|field| field.rule_names.iter().map(|name| code_of(name)).collect())
            .collect();
        let (values, starts) = chained(&golden.values);
        Self {
            golden,
            lineage,
            since,
            records,
            ids,
            fields: pool_of(golden.fields.iter().map(|field| field.as_str())),
            values,
            starts,
            rules: pool_of(names.into_iter()),
            rule_codes,
            next_runners_up: vec![0; lineage.fields.len()],
            row: 0,
            field: 0,
        }
    }

    /// The rows of the next row group; none at the end.
    fn next_rows(&mut self) -> Rows {
        let mut rows = Rows::with_capacity(ROWS_PER_GROUP);
        while self.row < self.golden.ids.len() {
            while self.field < self.golden.fields.len() {
                if rows.ids.len() == ROWS_PER_GROUP {
                    return rows;
                }
                self.push(&mut rows);
                self.field += 1;
            }
            self.field = 0;
            self.row += 1;
        }
        rows
    }

    #[inline]
    fn push(&mut self, rows: &mut Rows) {
        let code = self.golden.codes[self.field][self.row];
        if code == 0 {
            return;
        }
        let lineage = &self.lineage.fields[self.field];
        rows.ids.push(self.row as u32 + 1);
        rows.fields.push(self.field as u32 + 1);
        rows.values.push(self.starts[self.field] + code);
        rows.records.push(lineage.records[self.row]);
        let rule = usize::from(lineage.decided_by[self.row]);
        rows.rules.push(self.rule_codes[self.field][rule]);
        rows.runners_up.push(match self.runner_up() {
            0 => 0,
            code => self.starts[self.field] + code,
        });
        let pinned = match self.lineage.decisions.is_empty() {
            true => None,
            false => self.lineage.decisions.get(&(self.row as u32, self.field as u32)),
        };
        rows.decisions.push(pinned.copied());
        rows.since
            .push(Some(i64::from(self.since.of(self.field, self.row))));
    }

    /// As [`FieldLineage::runner_up`](crate::table::FieldLineage::runner_up), for rows that come in ascending order.
    #[inline]
    fn runner_up(&mut self) -> u32 {
        let runners_up = &self.lineage.fields[self.field].runners_up;
        let next = &mut self.next_runners_up[self.field];
        while let Some(&(row, code)) = runners_up.get(*next) {
            if row as usize >= self.row {
                return if row as usize == self.row { code } else { 0 };
            }
            *next += 1;
        }
        0
    }

    fn table(&self, rows: Rows) -> Result<View<'a>, PublishError> {
        let [source, key] = self.records.columns("", rows.records.iter().copied());
        let columns = vec![
            coded("unified_id", rows.ids, self.ids),
            coded("field", rows.fields, &self.fields),
            coded("value", rows.values, &self.values),
            source,
            key,
            coded("rule", rows.rules, &self.rules),
            coded("runner_up", rows.runners_up, &self.values),
            numbers("decision", rows.decisions),
            numbers("since_run", rows.since),
        ];
        View::try_new("lineage", columns)
    }
}
