//! A job file for exports never seen before.
//!
//! In: files or folders, and where the job file will stand. Out: a [`Proposal`]: sources with key, subsidiary column
//! and mapping, each with its evidence, and questions where the evidence is not enough; [`Proposal::to_toml`] writes
//! it as a commented job file that `load` accepts as it is. Evidence is the header times the contents (`assign`).
//! Comments hold kinds and shares of cells, never a cell.

mod assign;
mod content;
mod evidence;
mod group;
mod header;
mod key;
mod presets;
mod responsible;
mod suggest;
mod synonyms;
mod write;

pub use assign::Evidence;
pub use assign::NotCarried;
pub use assign::ProposedMapping;
pub use assign::Question;
pub use key::KeyNote;
pub use suggest::ColumnSuggestion;
pub use suggest::Role;
pub use suggest::SeenKind;
pub use suggest::Suggestion;
pub use suggest::is_record_number;
pub use suggest::suggest;

use crate::ingest;
use crate::ingest::FileProfile;
use crate::ingest::Format;
use crate::ingest::IngestError;
use crate::ingest::ProfileOptions;
use crate::plan::Language;
use crate::text::script::has_han;
use group::Group;
use key::SourceColumn;
use std::path::Path;
use std::path::PathBuf;
use thiserror::Error;

/// A proposed job.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// Chinese when any header has Han characters.
    pub language: Language,
    /// The sources, by path of their first file.
    pub sources: Vec<ProposedSource>,
    /// Files that are no source, as paths relative to the job file, and why.
    pub skipped: Vec<(String, String)>,
}

/// A proposed source.
#[derive(Debug, Clone, PartialEq)]
pub struct ProposedSource {
    /// Name of the source.
    pub name: String,
    /// Files or globs, relative to the job file.
    pub files: Vec<String>,
    /// Format of the files.
    pub format: Format,
    /// Encoding of all files, when it is one; empty for binary formats.
    pub encoding: Option<String>,
    /// Delimiter, for text with delimiters.
    pub delimiter: Option<u8>,
    /// Row of the header; 0 when the format has none.
    pub header_row: u64,
    /// Sheets that belong together.
    pub sheets: Vec<String>,
    /// Rows of all files.
    pub rows: u64,
    /// Key column; `None` = the position of the row.
    pub key: Option<String>,
    /// How sure the key is.
    pub key_note: KeyNote,
    /// Column that names the subsidiary of each row.
    pub source_column: Option<String>,
    /// Product whose export this is.
    pub preset: Option<&'static str>,
    /// Mappings, in the order of the schema.
    pub mappings: Vec<ProposedMapping>,
    /// Columns that may be several things.
    pub questions: Vec<Question>,
    /// Columns that no field takes.
    pub not_carried: Vec<NotCarried>,
    /// Is there an amount whose header does not say whether tax is included?
    pub is_tax_open: bool,
}

/// Why nothing can be proposed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ProposeError {
    /// No path was given.
    #[error("no file to propose a job for; name exports or folders")]
    NoFiles,
    /// None of the files is an export of customers.
    #[error("none of the files is an export of customers: {reasons}")]
    NothingUsable {
        /// Files with the reason for each.
        reasons: String,
    },
}

/// Proposes a job for `files` (files or folders) that will be written to `out`; `options` say how they are read.
///
/// The result depends on the files alone, not on their order.
///
/// # Errors
/// [`ProposeError::NoFiles`] without files, [`ProposeError::NothingUsable`] when no file can be read or none has a
/// column that tells who the customer is.
pub fn propose(files: &[PathBuf], out: &Path, options: &ProfileOptions) -> Result<Proposal, ProposeError> {
    propose_with(files, out, &|path| ingest::profile(path, options))
}

/// Looks at one file.
type Profiler<'p> = &'p dyn Fn(&Path) -> Result<FileProfile, IngestError>;

fn propose_with(files: &[PathBuf], out: &Path, profiler: Profiler<'_>) -> Result<Proposal, ProposeError> {
    if files.is_empty() {
        return Err(ProposeError::NoFiles);
    }
    let out = std::path::absolute(out).unwrap_or_else(|_| out.to_path_buf());
    let base = out.parent().unwrap_or(Path::new("/"));
    let (groups, unread) = group::group(files, profiler);
    let mut skipped: Vec<(String, String)> = unread
        .into_iter()
        .map(|(path, reason)| (group::relative(&path, base), reason))
        .collect();
    let has_customers = |group: &Group| names_customers(&source(group, String::new(), Vec::new()));
    let (usable, useless): (Vec<Group>, Vec<Group>) = groups.into_iter().partition(has_customers);
    // Patterns are made with the useless groups in view, so that no glob takes their files.
    let all: Vec<Group> = usable.into_iter().chain(useless).collect();
    let is_usable: Vec<bool> = all.iter().map(has_customers).collect();
    let count = is_usable.iter().filter(|&&is_usable| is_usable).count();
    let names = group::names(&all[..count], base);
    let sources: Vec<ProposedSource> = all
        .iter()
        .zip(names)
        .map(|(group, name)| source(group, name, group::patterns(group, &all, base)))
        .collect();
    for (path, _) in all[count..].iter().flat_map(|group| &group.files) {
        let reason = "no column tells who the customer is".to_owned();
        skipped.push((group::relative(path, base), reason));
    }
    skipped.sort();
    if sources.is_empty() {
        let reasons: Vec<String> = skipped
            .iter()
            .map(|(file, reason)| format!("`{file}`: {reason}"))
            .collect();
        return Err(ProposeError::NothingUsable {
            reasons: reasons.join("; "),
        });
    }
    let profiles = all[..count]
        .iter()
        .flat_map(|group| &group.files)
        .map(|(_, profile)| profile);
    Ok(Proposal {
        language: language(profiles),
        sources,
        skipped,
    })
}

impl Proposal {
    /// The text of the job file.
    pub fn to_toml(&self) -> String {
        write::write(self)
    }
}

fn language<'p>(mut profiles: impl Iterator<Item = &'p FileProfile>) -> Language {
    if profiles.any(|profile| profile.columns.iter().any(|column| has_han(&column.header))) {
        Language::Zh
    } else {
        Language::En
    }
}

/// Does any column tell who the customer is? Tables of regions or of clusters have some of the schema's fields, too.
fn names_customers(source: &ProposedSource) -> bool {
    const TELLING: [&str; 9] = [
        "customer_name",
        "short_name",
        "given_name",
        "family_name",
        "uscc",
        "tax_number",
        "id_card",
        "phones",
        "emails",
    ];
    source
        .mappings
        .iter()
        .any(|mapping| TELLING.contains(&mapping.field))
}

fn source(group: &Group, name: String, files: Vec<String>) -> ProposedSource {
    let profile = group.widest();
    let normals: Vec<String> = profile
        .columns
        .iter()
        .map(|column| header::normal(&column.header))
        .collect();
    let preset = presets::recognise(&normals);
    let perhaps = key::choose_source(profile, &normals);
    let source_at = match perhaps {
        SourceColumn::Found(at) => Some(at),
        _ => None,
    };
    let (key, key_note) = key::choose_key(profile, &normals, source_at);
    let taken: Vec<usize> = key.into_iter().chain(source_at).collect();
    let mut assigned = assign::assign(profile, &normals, &taken, preset);
    if let SourceColumn::Perhaps(at) = perhaps {
        ask_for_subsidiary(&mut assigned, profile, at);
    }
    let header = |at: usize| profile.columns[at].header.clone();
    let encodings: Vec<&str> = group
        .files
        .iter()
        .map(|(_, profile)| profile.encoding.as_str())
        .collect();
    let is_one_encoding = encodings.windows(2).all(|pair| pair[0] == pair[1]);
    ProposedSource {
        name,
        files,
        format: profile.format,
        encoding: is_one_encoding.then(|| profile.encoding.clone()),
        delimiter: profile.delimiter,
        header_row: profile.header_row,
        sheets: profile.sheets.clone(),
        rows: group.files.iter().map(|(_, profile)| profile.rows).sum(),
        key: key.map(header),
        key_note,
        source_column: source_at.map(header),
        preset: preset.map(|preset| preset.name),
        is_tax_open: is_tax_open(profile, &assigned.mappings),
        mappings: assigned.mappings,
        questions: assigned.questions,
        not_carried: assigned.not_carried,
    }
}

/// Turns a column that may name the subsidiary from "not carried" into a question.
fn ask_for_subsidiary(assigned: &mut assign::Assigned, profile: &FileProfile, at: usize) {
    let header = &profile.columns[at].header;
    let found = assigned
        .not_carried
        .iter()
        .position(|column| column.column == *header);
    if let Some(found) = found {
        let column = assigned.not_carried.remove(found);
        assigned.questions.push(Question {
            column: column.column,
            options: Vec::new(),
            seen: column.seen,
        });
    }
}

fn is_tax_open(profile: &FileProfile, mappings: &[ProposedMapping]) -> bool {
    let has = |field: &str| mappings.iter().find(|mapping| mapping.field == field);
    let states_tax = |header: &String| {
        profile
            .columns
            .iter()
            .any(|column| column.header == *header && column.tax.is_some())
    };
    let amount = has("amount").is_some_and(|mapping| !mapping.columns.iter().any(states_tax));
    amount && has("amount_tax").is_none()
}

#[cfg(test)]
mod tests;
