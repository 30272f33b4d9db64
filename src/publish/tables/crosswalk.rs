//! `crosswalk`: which record is which customer.

use crate::model::RecordIndex;
use crate::model::UnifiedId;
use crate::publish::error::PublishError;
use crate::publish::view::RecordKeys;
use crate::publish::view::View;
use crate::publish::view::ViewColumn;
use crate::publish::view::coded;
use crate::publish::view::hashes;
use crate::publish::view::ids;
use crate::publish::view::numbers as numbers_of;
use crate::publish::view::pool_of;
use crate::publish::view::texts;
use crate::publish::view::words;
use crate::table::Clusters;
use crate::table::IdAssignments;
use crate::table::Layers;
use crate::table::Mark;
use crate::table::RecordStatus;
use frame::ColumnData;
use frame::Table;
use frame::TextColumn;

/// The words of every standing, in the order of [`RecordStatus`].
const STATUS: [&str; 3] = [
    RecordStatus::Active.as_str(),
    RecordStatus::Stale.as_str(),
    RecordStatus::Withdrawn.as_str(),
];

/// Columns of the crosswalk that people see; `content` is for the next run.
pub(in crate::publish) const SHOWN_COLUMNS: usize = 4;

/// Source, key, ID, standing, content, and the record where it is there.
type Row<'r> = (
    &'r str,
    &'r str,
    UnifiedId,
    RecordStatus,
    u64,
    Option<RecordIndex>,
);

/// One row a record, sorted by (source, record_key): source, record_key, unified_id, status (`active`, `stale` or `withdrawn`), content
/// (hash of what the source says, 64 bits as a signed number; null when unknown), model_cluster, rule_cluster, steward_cluster (equal
/// numbers: one cluster by the weights alone, with the conflicts that keep records apart, with the word of stewards).
///
/// # Errors
/// [`PublishError::Table`] when `assignments` has another number of records than `records`.
pub fn crosswalk_table<'a>(
    records: &RecordKeys<'a>,
    assignments: &IdAssignments,
    layers: &Layers,
) -> Result<View<'a>, PublishError> {
    let layers = LAYERS.map(|(name, of)| (name, of(layers)));
    if assignments.stale.is_empty() {
        let mut columns = record_columns(records, assignments);
        let layer = |(name, clusters): &(&'static str, &Clusters)| {
            let numbers = records.all().map(|record| number(clusters, record));
            numbers_of(name, numbers.collect())
        };
        columns.extend(layers.iter().map(layer));
        return View::try_new("crosswalk", columns);
    }
    let content = |contents: &[u64], at: usize| contents.get(at).copied().unwrap_or(0);
    let mut rows: Vec<Row> = records
        .all()
        .map(|record| {
            let (source, key) = records.names(record);
            let content = content(&assignments.contents, record.at());
            (
                source,
                key,
                assignments.id_of[record.at()],
                records.status(record),
                content,
                Some(record),
            )
        })
        .collect();
    rows.extend(
        assignments
            .stale
            .iter()
            .enumerate()
            .map(|(at, (source, key, id))| {
                let content = content(&assignments.stale_contents, at);
                (
                    source.as_str(),
                    key.as_str(),
                    *id,
                    RecordStatus::Stale,
                    content,
                    None,
                )
            }),
    );
    rows.sort();
    let mut columns = vec![
        texts("source", rows.iter().map(|row| row.0)),
        texts("record_key", rows.iter().map(|row| row.1)),
        ids("unified_id", rows.iter().map(|row| Some(row.2))),
        words("status", &STATUS, rows.iter().map(|row| row.3.as_str())),
        hashes("content", rows.iter().map(|row| row.4)),
    ];
    columns.extend(layers.iter().map(|(name, clusters)| {
        let numbers = rows
            .iter()
            .map(|row| row.5.and_then(|record| number(clusters, record)));
        numbers_of(name, numbers.collect())
    }));
    View::try_new("crosswalk", columns)
}

/// Columns of the layers.
type Layer = (&'static str, fn(&Layers) -> &Clusters);
const LAYERS: [Layer; 3] = [
    ("model_cluster", |layers| &layers.model),
    ("rule_cluster", |layers| &layers.rules),
    ("steward_cluster", |layers| &layers.stewards),
];

/// Number of the record's cluster in a layer, from 1.
fn number(clusters: &Clusters, record: RecordIndex) -> Option<i64> {
    let is_known = record.at() < clusters.len();
    is_known.then(|| i64::from(clusters.label(record).0) + 1)
}

fn record_columns<'a>(records: &RecordKeys<'a>, assignments: &IdAssignments) -> Vec<ViewColumn<'a>> {
    let [source, key] = records.columns("", records.all());
    let status = records.all().map(|record| records.status(record) as u32 + 1);
    let content = match assignments.contents.is_empty() {
        true => hashes("content", std::iter::repeat_n(0, records.len())),
        false => hashes("content", assignments.contents.iter().copied()),
    };
    vec![
        source,
        key,
        ids("unified_id", assignments.id_of.iter().copied().map(Some)),
        coded(
            "status",
            status.collect::<Vec<u32>>(),
            &pool_of(STATUS.into_iter()),
        ),
        content,
    ]
}

/// The text column `name` of a table that was read back.
pub(in crate::publish) fn text_column<'a>(table: &'a Table, name: &str) -> Option<&'a TextColumn> {
    table.column(name).ok()?.as_text()
}

/// Members (source, record key, ID) with what else is known of each.
pub(in crate::publish) type Members = (Vec<(String, String, UnifiedId)>, Vec<Mark>);

/// Members of a crosswalk read back, sorted; `None` when it is not one. Older crosswalks have no `content`.
pub(in crate::publish) fn read_members(crosswalk: &Table) -> Option<Members> {
    let source = text_column(crosswalk, "source")?;
    let key = text_column(crosswalk, "record_key")?;
    let id = text_column(crosswalk, "unified_id")?;
    let status = text_column(crosswalk, "status")?;
    let content = match crosswalk.column("content") {
        Ok(ColumnData::I64(content)) => Some(content),
        Ok(_) => return None,
        Err(_) => None,
    };
    let member = |row: usize| {
        let mark = Mark {
            content: content.and_then(|content| content[row]).unwrap_or(0) as u64,
            status: RecordStatus::from_word(status.get(row)?)?,
        };
        let id = id.get(row)?.parse().ok()?;
        Some(((source.get(row)?.to_owned(), key.get(row)?.to_owned(), id), mark))
    };
    let mut members = (0..crosswalk.rows()).map(member).collect::<Option<Vec<_>>>()?;
    // They were written in this order; a sort of sorted rows is one look at each.
    members.sort_by(|a, b| a.0.cmp(&b.0));
    Some(members.into_iter().unzip())
}
