//! What the columns of one file may be, column by column, for people who look at it before there is a job.
//!
//! In: a profiled file. Out: a [`Suggestion`]: the source that `propose` would make of it, and for each column its role,
//! every field that it may be, and what its cells look like. All judgements are those of `assign`, `key` and `content`;
//! nothing is judged here.

use super::Evidence;
use super::ProposedSource;
use super::assign;
use super::content::Content;
use super::content::KINDS;
use super::group::Group;
use super::header;
use super::presets;
use super::source;
use super::synonyms;
use crate::ingest::ColumnProfile;
use crate::ingest::FileProfile;
use std::path::PathBuf;

/// What one file may be.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// The source, without name and files.
    pub source: ProposedSource,
    /// The columns, in file order.
    pub columns: Vec<ColumnSuggestion>,
}

/// What one column may be.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnSuggestion {
    /// What a job would make of it.
    pub role: Role,
    /// Fields that it may be, with a confidence from 0 to 1, the most likely first; 0 = called so, but the contents
    /// contradict it.
    pub candidates: Vec<(&'static str, f64)>,
    /// Kinds of cells with their shares, the telling kinds first; a cell may be of several.
    pub kinds: Vec<SeenKind>,
}

/// What a job would make of a column.
#[derive(Debug, Clone, PartialEq)]
pub enum Role {
    /// The record key.
    Key,
    /// Names the subsidiary of each row.
    Source,
    /// A field of the schema.
    Field {
        /// The field.
        field: &'static str,
        /// From 0 to 1.
        confidence: f64,
        /// What it rests on.
        evidence: Evidence,
    },
    /// One of these fields, or the subsidiary's column when there are none; the steward decides.
    Question(Vec<&'static str>),
    /// No field; perhaps because a better column gives this one.
    NotCarried(Option<&'static str>),
}

/// A kind of cell and how often it is seen.
#[derive(Debug, Clone, PartialEq)]
pub struct SeenKind {
    /// English and Chinese.
    pub labels: [&'static str; 2],
    /// Name of the field type that reads such cells.
    pub field_type: &'static str,
    /// Share of the sampled cells, 0 to 1.
    pub share: f64,
}

/// Suggests what the columns of `profile` are.
///
/// The result is the same as in the job that `propose` writes for this file alone.
pub fn suggest(profile: &FileProfile) -> Suggestion {
    let group = Group {
        folder: PathBuf::new(),
        files: vec![(PathBuf::new(), profile.clone())],
        is_folder: false,
    };
    let source = source(&group, String::new(), Vec::new());
    let normals: Vec<String> = profile
        .columns
        .iter()
        .map(|column| header::normal(&column.header))
        .collect();
    let preset = presets::recognise(&normals);
    let candidates = assign::candidates(profile, &normals, preset);
    let columns = profile.columns.iter().zip(candidates);
    let columns = columns
        .map(|(column, candidates)| ColumnSuggestion {
            role: role(&source, &column.header),
            candidates,
            kinds: kinds(column),
        })
        .collect();
    Suggestion { source, columns }
}

/// Is the header one of record keys, such as `客户编码` or `id`?
pub fn is_record_number(header: &str) -> bool {
    synonyms::key_rank(&header::normal(header)).is_some()
}

fn role(source: &ProposedSource, header: &str) -> Role {
    if source.key.as_deref() == Some(header) {
        return Role::Key;
    }
    if source.source_column.as_deref() == Some(header) {
        return Role::Source;
    }
    let mapping = source
        .mappings
        .iter()
        .find(|mapping| mapping.columns.iter().any(|column| column == header));
    if let Some(mapping) = mapping {
        return Role::Field {
            field: mapping.field,
            confidence: mapping.confidence,
            evidence: mapping.evidence,
        };
    }
    let question = source.questions.iter().find(|question| question.column == header);
    if let Some(question) = question {
        return Role::Question(question.options.clone());
    }
    let left = source.not_carried.iter().find(|left| left.column == header);
    Role::NotCarried(left.and_then(|left| left.instead))
}

fn kinds(column: &ColumnProfile) -> Vec<SeenKind> {
    let content = Content::of(column);
    KINDS
        .iter()
        .map(|&kind| SeenKind {
            labels: kind.labels(),
            field_type: kind.field_type(),
            share: content.share(kind),
        })
        .filter(|seen| seen.share > 0.0)
        .collect()
}
