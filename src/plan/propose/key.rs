//! Which column identifies a record, and which names the subsidiary.
//!
//! In: a profiled file. Out: positions of the key column and of the subsidiary column, with what the steward should
//! know. A key must be filled and unique and should be called one; a value of the customer (telephone, code, name) is
//! never taken, because it changes. Without a key, records are told apart by their rows.

use crate::ingest::ColumnProfile;
use crate::ingest::FileProfile;
use crate::plan::propose::content::Content;
use crate::plan::propose::content::Kind;
use crate::plan::propose::synonyms::fields_of;
use crate::plan::propose::synonyms::key_rank;
use crate::plan::propose::synonyms::subsidiary;

/// How sure the key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyNote {
    /// Filled, unique, and called a key.
    Sure,
    /// Filled and unique, but called something else.
    ByContents,
    /// Called a key, but some rows share a key or have none; they will be rejected.
    NotQuiteUnique,
    /// No column will do: the position of the row identifies the record.
    Rows,
}

/// The key of a file: the column, and how sure it is.
pub(super) fn choose_key(
    profile: &FileProfile,
    normals: &[String],
    source: Option<usize>,
) -> (Option<usize>, KeyNote) {
    let mut called: Vec<(usize, usize)> = normals
        .iter()
        .enumerate()
        .filter_map(|(at, normal)| key_rank(normal).map(|rank| (rank, at)))
        .collect();
    called.sort_unstable();
    let columns = &profile.columns;
    let is_sure = |at: usize| columns[at].is_unique || profile.rows == 0;
    if let Some((_, at)) = called.iter().find(|(_, at)| is_sure(*at)) {
        return (Some(*at), KeyNote::Sure);
    }
    if let Some(at) = source.and_then(|source| unique_by_source(profile, &called, source)) {
        return (Some(at), KeyNote::Sure);
    }
    let by_contents = (0..columns.len()).find(|&at| {
        columns[at].is_unique
            && profile.rows >= 2
            && fields_of(&normals[at]).is_empty()
            && is_code(&columns[at])
    });
    if let Some(at) = by_contents {
        return (Some(at), KeyNote::ByContents);
    }
    let nearly = |at: usize| {
        let column = &columns[at];
        at_least(column.filled, profile.rows, 0.99) && at_least(column.distinct, profile.rows, 0.98)
    };
    match called.iter().find(|(_, at)| nearly(*at)) {
        Some((_, at)) => (Some(*at), KeyNote::NotQuiteUnique),
        None => (None, KeyNote::Rows),
    }
}

/// A key column that may repeat from one subsidiary to the next, but hardly within one.
fn unique_by_source(profile: &FileProfile, called: &[(usize, usize)], source: usize) -> Option<usize> {
    let subsidiaries = profile.columns[source].distinct.max(1);
    let fits = |at: usize| {
        let column = &profile.columns[at];
        column.filled == profile.rows && column.distinct.saturating_mul(subsidiaries) >= profile.rows
    };
    called.iter().map(|(_, at)| *at).find(|&at| fits(at))
}

fn is_code(column: &ColumnProfile) -> bool {
    let content = Content::of(column);
    let is_value = [Kind::Phone, Kind::Uscc, Kind::IdCard, Kind::Email, Kind::Date]
        .iter()
        .any(|&kind| content.share(kind) > 0.2);
    content.share(Kind::Code) >= 0.9 && !is_value
}

fn at_least(part: u64, whole: u64, share: f64) -> bool {
    whole > 0 && part as f64 >= whole as f64 * share
}

/// What a column says about subsidiaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SourceColumn {
    /// This column names the subsidiary of each row.
    Found(usize),
    /// This column may.
    Perhaps(usize),
    /// None does.
    None,
}

/// Looks for the column that names the subsidiary of each row: filled, with few distinct values that come back.
pub(super) fn choose_source(profile: &FileProfile, normals: &[String]) -> SourceColumn {
    let mut perhaps = SourceColumn::None;
    for (at, normal) in normals.iter().enumerate() {
        let column = &profile.columns[at];
        let is_few = |most: u64, share: f64| {
            (2..=most).contains(&column.distinct) && !at_least(column.distinct, column.filled, share)
        };
        match subsidiary(normal) {
            Some(true) if at_least(column.filled, profile.rows, 0.95) && is_few(200, 0.34) => {
                return SourceColumn::Found(at);
            }
            Some(false) if at_least(column.filled, profile.rows, 0.95) && is_few(50, 0.05) => {
                if Content::of(column).share(Kind::Organisation) >= 0.5 {
                    return SourceColumn::Found(at);
                }
                perhaps = SourceColumn::Perhaps(at);
            }
            _ => {}
        }
    }
    perhaps
}
