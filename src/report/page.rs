//! Fills the template.
//!
//! In: figures and a language. Out: the page. The policy in the page's head allows nothing but the one style sheet, by
//! its hash, so neither a name in the data nor an edit can bring script, style or an address into it.

use super::ReportError;
use super::chart;
use super::messages::Messages;
use super::messages::messages;
use super::sections::COLUMNS_MAX;
use super::sections::ChangesSection;
use super::sections::CodeTable;
use super::sections::ConflictSection;
use super::sections::Context;
use super::sections::DuplicatesSection;
use super::sections::FieldTable;
use super::sections::MeaningRow;
use super::sections::ModelSection;
use super::sections::OverlapSection;
use super::sections::Overview;
use super::sections::RelationSection;
use super::sections::ScoreTable;
use super::sections::SizesSection;
use super::sections::SourceFindings;
use super::sections::SourceTable;
use super::sections::Subsidiary;
use super::sections::SuspicionSection;
use super::sections::TrendTable;
use super::sections::WeakestSection;
use super::sections::WeightsSection;
use super::sections::findings_of_group;
use super::sections::meanings;
use crate::model::Language;
use crate::quality::Quality;
use crate::quality::RunInfo;
use askama::Template;
use sha2::Digest;
use sha2::Sha256;

pub(crate) const STYLE: &str = include_str!("../../templates/report.css");

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    m: &'static Messages,
    style: &'static str,
    style_hash: String,
    plot_height: u32,
    run: &'a RunInfo,
    overview: Overview,
    sources: SourceTable,
    fields: FieldTable,
    rejects: CodeTable,
    issues: CodeTable,
    duplicates: DuplicatesSection,
    overlap: OverlapSection,
    sizes: SizesSection,
    weights: WeightsSection,
    model: ModelSection,
    weakest: WeakestSection,
    relations: RelationSection,
    conflicts: ConflictSection,
    changes: ChangesSection,
    scorecard: ScoreTable,
    owners: ScoreTable,
    meanings: Vec<MeaningRow>,
    findings: Vec<SourceFindings>,
    suspicions: SuspicionSection,
    trend: TrendTable,
    /// Is there a column for each source? Beyond a dozen nobody reads them, and each source has its own page.
    has_columns: bool,
}

#[derive(Template)]
#[template(path = "subsidiary.html")]
struct SubsidiaryPage {
    m: &'static Messages,
    style: &'static str,
    style_hash: String,
    own: Subsidiary,
    findings: Vec<SourceFindings>,
    suspicions: SuspicionSection,
    trend: TrendTable,
}

/// The page of one source of `quality`.
pub(super) fn fill_source(
    quality: &Quality,
    source: usize,
    language: Language,
) -> Result<String, ReportError> {
    let m = messages(language);
    let context = Context { quality, m, language };
    let page = SubsidiaryPage {
        m,
        style: STYLE,
        style_hash: style_hash(STYLE),
        own: Subsidiary::new(context, source),
        findings: vec![SourceFindings::of_source(context, source)],
        suspicions: SuspicionSection::of_source(context, source),
        trend: TrendTable::of_source(context, source),
    };
    Ok(page.render()?)
}

/// The page of `quality`.
pub(super) fn fill(quality: &Quality, language: Language) -> Result<String, ReportError> {
    let m = messages(language);
    let context = Context { quality, m, language };
    let page = Page {
        m,
        style: STYLE,
        style_hash: style_hash(STYLE),
        plot_height: chart::PLOT_HEIGHT,
        run: &quality.run,
        overview: Overview::new(context),
        sources: SourceTable::new(context),
        fields: FieldTable::new(context),
        rejects: CodeTable::new(context, "rejects", &quality.rejects),
        issues: CodeTable::new(context, "issues", &quality.issues),
        duplicates: DuplicatesSection::new(context),
        overlap: OverlapSection::new(context),
        sizes: SizesSection::new(context),
        weights: WeightsSection::new(context),
        model: ModelSection::new(context),
        weakest: WeakestSection::new(context),
        relations: RelationSection::new(context),
        conflicts: ConflictSection::new(context),
        changes: ChangesSection::new(context),
        scorecard: ScoreTable::of_sources(context),
        owners: ScoreTable::of_owners(context),
        meanings: meanings(context),
        findings: findings_of_group(context),
        suspicions: SuspicionSection::of_group(context),
        trend: TrendTable::of_run(context),
        has_columns: quality.sources.len() <= COLUMNS_MAX,
    };
    Ok(page.render()?)
}

/// The hash by which the policy of a page allows its style sheet.
pub(crate) fn style_hash(style: &str) -> String {
    base64(&Sha256::digest(style.as_bytes()))
}

/// Base64 with padding (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            if at > chunk.len() {
                text.push('=');
            } else {
                let digit = (bits >> (18 - 6 * at)) & 63;
                text.push(char::from(ALPHABET[digit as usize]));
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_follows_the_vectors_of_rfc_4648() {
        let cases = ["", "f", "fo", "foo", "foob", "fooba", "foobar"].map(|t| base64(t.as_bytes()));
        assert_eq!(
            cases,
            ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"]
        );
    }
}
