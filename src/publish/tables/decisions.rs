//! `decisions`: what stewards said, and how it stands tonight.

use crate::publish::error::PublishError;
use crate::publish::run::Run;
use crate::publish::view::View;
use crate::publish::view::counts;
use crate::publish::view::texts;
use crate::publish::view::words;
use frame::ColumnData;
use frame::FrameError;

/// Name of the published table without its ending.
pub(in crate::publish) const NAME: &str = "decisions";

/// One decision that was not undone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DecisionRow {
    /// Its number.
    pub decision: u64,
    /// What is decided, such as `link`.
    pub kind: &'static str,
    /// Source and key of its first record.
    pub a: [String; 2],
    /// Source and key of another record, of the other side where there are two; empty for one record.
    pub b: [String; 2],
    /// Number of its records.
    pub records: u64,
    /// Pinned field.
    pub field: String,
    /// Pinned value or unified ID.
    pub value: String,
    /// Who decided.
    pub author: String,
    /// Why.
    pub reason: String,
    /// How long it holds.
    pub expiry: String,
    /// When it was made, UTC, RFC 3339.
    pub made_at: String,
    /// How it stands tonight, such as `in_force`.
    pub state: &'static str,
    /// What stands against it, joined by `; `: numbers of decisions, `identifiers`, `label`, `members`.
    pub against: String,
    /// Number of the run since which it stands so.
    pub since_run: u64,
}

/// One row a decision, by number: decision, kind, source_a, record_key_a, source_b, record_key_b, records, field, value,
/// author, reason, expiry, made_at, state, against, since_run.
///
/// # Errors
/// None in practice; [`PublishError::Table`] would be a defect.
pub fn decisions_table(rows: &[DecisionRow]) -> Result<View<'static>, PublishError> {
    let text = |name: &'static str, of: fn(&DecisionRow) -> &str| texts(name, rows.iter().map(of));
    let columns = vec![
        counts("decision", rows.iter().map(|row| row.decision)),
        words("kind", &[], rows.iter().map(|row| row.kind)),
        text("source_a", |row| &row.a[0]),
        text("record_key_a", |row| &row.a[1]),
        text("source_b", |row| &row.b[0]),
        text("record_key_b", |row| &row.b[1]),
        counts("records", rows.iter().map(|row| row.records)),
        text("field", |row| &row.field),
        text("value", |row| &row.value),
        text("author", |row| &row.author),
        text("reason", |row| &row.reason),
        text("expiry", |row| &row.expiry),
        text("made_at", |row| &row.made_at),
        words("state", &[], rows.iter().map(|row| row.state)),
        text("against", |row| &row.against),
        counts("since_run", rows.iter().map(|row| row.since_run)),
    ];
    View::try_new(NAME, columns)
}

/// Number, state and `since_run` of the decisions of a published run, by number; none for runs that had no such table.
///
/// # Errors
/// [`PublishError::Damaged`] when the table is not as published.
pub fn read_decision_states(run: &Run) -> Result<Vec<(i64, String, u64)>, PublishError> {
    let name = format!("{NAME}.parquet");
    if run.manifest().file(&name).is_none() {
        return Ok(Vec::new());
    }
    run.verify_file(&name)?;
    let path = run.path(&name);
    let damaged = || PublishError::damaged(&path, "a column holds what its name forbids");
    let table = match frame::read_parquet(&path, Some(&["decision", "state", "since_run"])) {
        Err(FrameError::Io { path, source }) => return Err(PublishError::Io { path, source }),
        Err(error) => return Err(PublishError::damaged(&path, error.to_string())),
        Ok(table) => table,
    };
    let numbers = |name| match table.column(name) {
        Ok(ColumnData::I64(values)) => Ok(values),
        _ => Err(damaged()),
    };
    let (ids, since) = (numbers("decision")?, numbers("since_run")?);
    let states = table.column("state").ok().and_then(|column| column.as_text());
    let states = states.ok_or_else(damaged)?;
    let row = |at: usize| {
        let since = u64::try_from(since[at]?).ok()?;
        Some((ids[at]?, states.get(at)?.to_owned(), since))
    };
    (0..table.rows()).map(|at| row(at).ok_or_else(damaged)).collect()
}
