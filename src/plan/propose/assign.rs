//! Which column becomes which field.
//!
//! In: a profiled file and the columns already taken as key or subsidiary. Out: mappings with their confidence,
//! questions, and the columns that are not carried. Evidence is the header (preset, synonym, ending) times the contents
//! (share of samples that the field takes); contents alone count for what nothing else looks like. The best column
//! of a field wins, fields of several values take all. Contents that contradict the header make a question.

use crate::ingest::ColumnProfile;
use crate::ingest::FileProfile;
use crate::plan::propose::content::Content;
use crate::plan::propose::content::Kind;
use crate::plan::propose::evidence::expected;
use crate::plan::propose::evidence::suits;
use crate::plan::propose::presets::Preset;
use crate::plan::propose::responsible::Responsible;
use crate::plan::propose::responsible::judge;
use crate::plan::propose::synonyms::fields_of;
use crate::plan::propose::synonyms::is_never;
use crate::plan::propose::synonyms::is_responsible;

/// Fields that hold several values and take every column that fits.
const SEVERAL: [&str; 3] = ["phones", "emails", "former_names"];

/// What a mapping rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// The header of a known product.
    Preset,
    /// The header.
    Header,
    /// The contents alone.
    Contents,
}

/// A field and the columns it is made from.
#[derive(Debug, Clone, PartialEq)]
pub struct ProposedMapping {
    /// Field of the schema.
    pub field: &'static str,
    /// Headers, in the order of the file.
    pub columns: Vec<String>,
    /// From 0 to 1; the least of its columns.
    pub confidence: f64,
    /// What it rests on.
    pub evidence: Evidence,
    /// What most cells look like, English and Chinese, and their share.
    pub seen: Option<([&'static str; 2], f64)>,
}

/// A column that may be several things; the steward decides.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Header.
    pub column: String,
    /// Fields it may be; empty when it may be the subsidiary's column.
    pub options: Vec<&'static str>,
    /// What most cells look like, English and Chinese, and their share.
    pub seen: Option<([&'static str; 2], f64)>,
}

/// A column that no field takes.
#[derive(Debug, Clone, PartialEq)]
pub struct NotCarried {
    /// Header.
    pub column: String,
    /// Field that another column gives.
    pub instead: Option<&'static str>,
    /// Filled cells.
    pub filled: u64,
    /// What most cells look like, English and Chinese, and their share.
    pub seen: Option<([&'static str; 2], f64)>,
}

/// What was made of the columns.
#[derive(Debug, Default)]
pub(super) struct Assigned {
    pub(super) mappings: Vec<ProposedMapping>,
    pub(super) questions: Vec<Question>,
    pub(super) not_carried: Vec<NotCarried>,
}

/// One field that one column may be.
#[derive(Debug, Clone)]
struct Candidate {
    column: usize,
    field: &'static str,
    confidence: f64,
    evidence: Evidence,
}

/// One column with what is known about it.
struct Column<'p> {
    profile: &'p ColumnProfile,
    normal: &'p str,
    content: Content,
    /// Field it was given.
    field: Option<&'static str>,
    /// Field that it would have been but for a better column.
    instead: Option<&'static str>,
}

impl Column<'_> {
    fn seen(&self) -> Option<([&'static str; 2], f64)> {
        self.content.main().map(|(kind, share)| (kind.labels(), share))
    }

    /// What the field expects to see, with its share.
    fn seen_as(&self, field: &str) -> Option<([&'static str; 2], f64)> {
        match expected(field) {
            Some(kind) if self.content.judged > 0 => Some((kind.labels(), self.content.share(kind))),
            _ => self.seen(),
        }
    }
}

/// Assigns every column that is not in `taken`.
pub(super) fn assign(
    profile: &FileProfile,
    normals: &[String],
    taken: &[usize],
    preset: Option<&Preset>,
) -> Assigned {
    let mut columns: Vec<Column<'_>> = profile
        .columns
        .iter()
        .zip(normals)
        .map(|(profile, normal)| Column {
            profile,
            normal,
            content: Content::of(profile),
            field: None,
            instead: None,
        })
        .collect();
    let mut assigned = Assigned::default();
    let mut candidates = Vec::new();
    for (at, column) in columns.iter().enumerate().filter(|(at, _)| !taken.contains(at)) {
        if is_responsible(column.normal) && preset.and_then(|preset| preset.field(column.normal)).is_none() {
            continue;
        }
        match candidates_of(at, column, preset) {
            Ok(found) => candidates.extend(found),
            Err(options) => assigned.questions.push(question(column, options)),
        }
    }
    choose(candidates, &mut columns, &mut assigned.mappings);
    settle_responsible(&mut columns, taken, &mut assigned, profile.rows);
    contacts_of_organisations(&columns, &mut assigned.mappings, profile.rows);
    let asked: Vec<String> = assigned
        .questions
        .iter()
        .map(|question| question.column.clone())
        .collect();
    for (_, column) in columns.iter().enumerate().filter(|(at, _)| !taken.contains(at)) {
        let is_mapped = assigned
            .mappings
            .iter()
            .any(|mapping| mapping.columns.contains(&column.profile.header));
        if !is_mapped && !asked.contains(&column.profile.header) {
            assigned.not_carried.push(not_carried(column));
        }
    }
    assigned
        .mappings
        .sort_by_key(|mapping| place_in_schema(mapping.field));
    assigned
}

/// Every field that each column may be, with its confidence, the most likely first; 0 where the contents contradict the
/// header.
pub(super) fn candidates(
    profile: &FileProfile,
    normals: &[String],
    preset: Option<&Preset>,
) -> Vec<Vec<(&'static str, f64)>> {
    let columns = profile.columns.iter().zip(normals).enumerate();
    columns
        .map(|(at, (profile, normal))| {
            let column = Column {
                profile,
                normal,
                content: Content::of(profile),
                field: None,
                instead: None,
            };
            let mut found: Vec<(&'static str, f64)> = match candidates_of(at, &column, preset) {
                Ok(found) => found
                    .iter()
                    .map(|found| (found.field, found.confidence))
                    .collect(),
                Err(options) => options.into_iter().map(|field| (field, 0.0)).collect(),
            };
            if let Some(other) = by_contents(at, &column)
                && found.iter().all(|(field, _)| *field != other.field)
            {
                found.push((other.field, other.confidence));
            }
            found.sort_by(|a, b| {
                b.1.total_cmp(&a.1)
                    .then_with(|| place_in_schema(a.0).cmp(&place_in_schema(b.0)))
            });
            found
        })
        .collect()
}

fn place_in_schema(field: &str) -> usize {
    let schema = crate::field::customer_schema();
    schema
        .iter()
        .position(|known| known.name == field)
        .unwrap_or(schema.len())
}

fn question(column: &Column<'_>, options: Vec<&'static str>) -> Question {
    Question {
        column: column.profile.header.clone(),
        options,
        seen: column.seen(),
    }
}

fn not_carried(column: &Column<'_>) -> NotCarried {
    NotCarried {
        column: column.profile.header.clone(),
        instead: column.instead,
        filled: column.profile.filled,
        seen: column.seen(),
    }
}

/// What a column may be; `Err` with the fields of its header when its contents contradict all of them.
fn candidates_of(
    at: usize,
    column: &Column<'_>,
    preset: Option<&Preset>,
) -> Result<Vec<Candidate>, Vec<&'static str>> {
    let by_header: Vec<(&'static str, f64, Evidence)> =
        match preset.and_then(|preset| preset.field(column.normal)) {
            Some("") => return Ok(Vec::new()),
            Some(field) => vec![(field, 0.97, Evidence::Preset)],
            None => fields_of(column.normal)
                .into_iter()
                .map(|(field, rank, is_whole)| (field, header_score(rank, is_whole), Evidence::Header))
                .collect(),
        };
    if by_header.is_empty() {
        return Ok(by_contents(at, column).into_iter().collect());
    }
    let options: Vec<&'static str> = by_header.iter().map(|(field, ..)| *field).collect();
    let fitting: Vec<Candidate> = by_header
        .into_iter()
        .filter_map(|(field, score, evidence)| {
            let factor = suits(field, column.profile, &column.content, &options)?;
            Some(Candidate {
                column: at,
                field,
                confidence: score * factor,
                evidence,
            })
        })
        .collect();
    if !fitting.is_empty() {
        return Ok(fitting);
    }
    // Identifiers and addresses of machines are unmistakable whatever the header says; names and streets are not.
    let is_strict =
        |candidate: &Candidate| matches!(candidate.field, "emails" | "uscc" | "id_card" | "phones");
    match by_contents(at, column).filter(is_strict) {
        Some(candidate) => Ok(vec![candidate]),
        None => Err(options),
    }
}

/// Earlier words of a field are better, by little: 0.95 … 0.85 for whole headers, 0.75 … 0.70 for endings.
fn header_score(rank: usize, is_whole: bool) -> f64 {
    let rank = rank.min(50) as f64;
    if is_whole {
        0.95 - 0.002 * rank
    } else {
        0.75 - 0.001 * rank
    }
}

/// What the contents alone say, where hardly anything else looks like it.
fn by_contents(at: usize, column: &Column<'_>) -> Option<Candidate> {
    let content = &column.content;
    if is_never(column.normal) || content.judged < 10 {
        return None;
    }
    let varies = column.profile.distinct as f64 >= 0.3 * column.profile.filled as f64;
    let found = [
        ("emails", Kind::Email, 0.8, true),
        ("uscc", Kind::Uscc, 0.8, true),
        ("id_card", Kind::IdCard, 0.8, true),
        ("phones", Kind::Phone, 0.9, varies),
        ("customer_name", Kind::Organisation, 0.7, varies),
        ("address", Kind::Address, 0.8, varies),
    ];
    let (field, kind, ..) = found
        .into_iter()
        .find(|(_, kind, least, is_possible)| *is_possible && content.share(*kind) >= *least)?;
    let confidence = 0.6 * content.share(kind);
    Some(Candidate {
        column: at,
        field,
        confidence,
        evidence: Evidence::Contents,
    })
}

/// Gives columns to fields, the most certain first; ties go to the earlier column, then to the earlier field.
fn choose(mut candidates: Vec<Candidate>, columns: &mut [Column<'_>], mappings: &mut Vec<ProposedMapping>) {
    candidates.sort_by(|a, b| {
        let place = |candidate: &Candidate| (candidate.column, place_in_schema(candidate.field));
        b.confidence
            .total_cmp(&a.confidence)
            .then_with(|| place(a).cmp(&place(b)))
    });
    for candidate in candidates {
        if columns[candidate.column].field.is_some() {
            continue;
        }
        let is_given = columns.iter().any(|column| column.field == Some(candidate.field));
        if is_given && (!SEVERAL.contains(&candidate.field) || candidate.evidence == Evidence::Contents) {
            columns[candidate.column].instead.get_or_insert(candidate.field);
            continue;
        }
        columns[candidate.column].field = Some(candidate.field);
        let column = &columns[candidate.column];
        match mappings
            .iter_mut()
            .find(|mapping| mapping.field == candidate.field)
        {
            Some(mapping) => mapping.confidence = mapping.confidence.min(candidate.confidence),
            None => mappings.push(ProposedMapping {
                field: candidate.field,
                columns: Vec::new(),
                confidence: candidate.confidence,
                evidence: candidate.evidence,
                seen: column.seen_as(candidate.field),
            }),
        }
    }
    for mapping in mappings {
        let given = columns
            .iter()
            .filter(|column| column.field == Some(mapping.field));
        mapping.columns = given.map(|column| column.profile.header.clone()).collect();
    }
}

/// Settles 负责人 by its values, after everything else.
fn settle_responsible(columns: &mut [Column<'_>], taken: &[usize], assigned: &mut Assigned, rows: u64) {
    for at in 0..columns.len() {
        let is_open =
            is_responsible(columns[at].normal) && columns[at].field.is_none() && !taken.contains(&at);
        if !is_open || (columns[at].profile.filled == 0 && rows > 0) {
            continue;
        }
        let with_field = |field: &str| columns.iter().find(|column| column.field == Some(field));
        let legal = with_field("legal_representative").map(|column| column.profile);
        let verdict = judge(columns[at].profile, legal, with_field("contact_name").is_some());
        let field = match verdict {
            Responsible::Contact => "contact_name",
            Responsible::Owner => "owner",
            Responsible::LegalRepresentative => "legal_representative",
            Responsible::Undecided => {
                let all = ["contact_name", "owner", "legal_representative"];
                let free = all
                    .into_iter()
                    .filter(|field| with_field(field).is_none())
                    .collect();
                assigned.questions.push(question(&columns[at], free));
                continue;
            }
        };
        if with_field(field).is_some() {
            columns[at].instead = Some(field);
            continue;
        }
        columns[at].field = Some(field);
        assigned.mappings.push(ProposedMapping {
            field,
            columns: vec![columns[at].profile.header.clone()],
            confidence: 0.8,
            evidence: Evidence::Contents,
            seen: columns[at].seen_as(field),
        });
    }
}

/// Where an organisation and a person's given and family name stand in the same rows, the person is the contact.
///
/// With a date of birth the record is about the person; where either the one or the other is filled, each row is about
/// whom it names.
fn contacts_of_organisations(columns: &[Column<'_>], mappings: &mut Vec<ProposedMapping>, rows: u64) {
    let with_field = |field: &str| columns.iter().find(|column| column.field == Some(field));
    let (Some(name), Some(given), Some(family)) = (
        with_field("customer_name"),
        with_field("given_name"),
        with_field("family_name"),
    ) else {
        return;
    };
    let is_organisation = ["company", "organi", "employer", "公司", "单位", "企业", "account"]
        .iter()
        .any(|word| name.normal.contains(word));
    let both = name.profile.filled + given.profile.filled;
    let is_free = with_field("contact_name").is_none() && with_field("birth_date").is_none();
    if !is_organisation || !is_free || both as f64 <= 1.2 * rows as f64 {
        return;
    }
    let is_han = family.profile.header.chars().any(crate::text::script::is_han);
    let pair = if is_han { [family, given] } else { [given, family] };
    mappings.retain(|mapping| !matches!(mapping.field, "given_name" | "family_name"));
    mappings.push(ProposedMapping {
        field: "contact_name",
        columns: pair.map(|column| column.profile.header.clone()).to_vec(),
        confidence: 0.7,
        evidence: Evidence::Header,
        seen: given.seen_as("contact_name"),
    });
}
