//! The pages: the report of an audit and the notice (通报) to one subsidiary.
//!
//! In: an [`AuditReport`] and a language. Out: self-contained HTML that prints on A4, without script, outside address or inline style; texts
//! are escaped by the template, the policy in the head allows the one style sheet by its hash. And a summary for the terminal.

use super::figures::AuditReport;
use super::figures::Bounds;
use super::figures::Estimate;
use super::figures::StratumFigures;
use super::figures::VerdictFigures;
use super::texts::Texts;
use super::texts::band_name;
use super::texts::estimate_name;
use super::texts::note_text;
use super::texts::source_name;
use super::texts::texts;
use crate::audit::error::AuditError;
use crate::audit::outcome::Standing;
use crate::audit::unit::Band;
use crate::audit::unit::SizeBin;
use crate::field::FieldSpec;
use crate::model::Language;
use crate::report::STYLE;
use crate::report::grouped;
use crate::report::style_hash;
use askama::Template;

/// What these pages add to the style sheet of the nightly report.
const OWN_STYLE: &str = include_str!("../../../templates/audit/audit.css");

fn style() -> String {
    format!("{STYLE}{OWN_STYLE}")
}

/// Rows of evidence in a notice; more would not be read.
const EVIDENCE_MAX: usize = 500;

/// A share in per cent with two places; one below the whole never reads 100, one above nothing never 0.
fn per_cent(share: f64) -> String {
    match share {
        share if share > 0.0 && share < 0.000_05 => "<0.01\u{a0}%".to_owned(),
        share if share < 1.0 && share > 0.999_95 => ">99.99\u{a0}%".to_owned(),
        share => format!("{:.2}\u{a0}%", share * 100.0),
    }
}

fn range(bounds: &Bounds) -> String {
    format!("{} – {}", per_cent(bounds.lo), per_cent(bounds.hi))
}

fn method(bounds: &Bounds, language: Language) -> String {
    let [en, zh] = bounds.method.names();
    language.choose(en, zh).to_owned()
}

/// An estimate in one line: share, n, interval, method.
pub(super) fn interval_text(bounds: &Bounds, language: Language) -> String {
    let share = per_cent(bounds.estimate);
    let (n, range, method) = (bounds.n, range(bounds), method(bounds, language));
    match language {
        Language::En => format!("{share} (n = {n}, 95 % interval {range}, {method})"),
        Language::Zh => format!("{share}（n = {n}，95 % 区间 {range}，{method}）"),
    }
}

struct Fact {
    label: &'static str,
    text: String,
}

struct VerdictRow {
    source: String,
    owner: String,
    standing: String,
    class: &'static str,
    mark: &'static str,
    lot: String,
    n: String,
    accept: String,
    wrong: String,
    cannot_tell: String,
    /// Error rate and its interval.
    rate: [String; 2],
    /// Risk and the level that it speaks of.
    producers_risk: [String; 2],
    consumers_risk: [String; 2],
    holm: String,
    notice: String,
}

/// Estimates of one quantity and field.
struct EstimateGroup {
    title: String,
    rows: Vec<EstimateRow>,
}

struct EstimateRow {
    source: String,
    n: String,
    x: String,
    estimate: String,
    interval: String,
    method: String,
    /// The conservative figure and what stands behind it.
    conservative: [String; 2],
}

struct StratumRow {
    source: String,
    band: String,
    size: &'static str,
    field: String,
    numbers: [String; 6],
}

#[derive(Template)]
#[template(path = "audit/report.html")]
struct ReportPage<'a> {
    t: &'static Texts,
    style: String,
    style_hash: String,
    report: &'a AuditReport,
    facts: Vec<Fact>,
    verdicts: Vec<VerdictRow>,
    estimates: Vec<EstimateGroup>,
    strata: Vec<StratumRow>,
    notes: Vec<&'static str>,
}

struct EvidenceRow {
    records: String,
    field: String,
    masked: String,
}

#[derive(Template)]
#[template(path = "audit/notice.html")]
struct NoticePage<'a> {
    t: &'static Texts,
    style: String,
    style_hash: String,
    source: String,
    owner: &'a str,
    statement: String,
    facts: Vec<Fact>,
    evidence: Vec<EvidenceRow>,
    /// All wrong values or units, shown or not.
    total: usize,
    more: usize,
    date: &'a str,
}

fn field_label(field: &str, schema: &[FieldSpec], language: Language) -> String {
    let spec = schema.iter().find(|spec| spec.name == field);
    spec.map_or(field, |spec| language.choose(&spec.en, &spec.zh))
        .to_owned()
}

/// The report as a page.
///
/// # Errors
/// [`AuditError::Page`].
pub fn render(report: &AuditReport, schema: &[FieldSpec], language: Language) -> Result<String, AuditError> {
    let t = texts(language);
    let verdict = |figures: &VerdictFigures| verdict_row(figures, language);
    let note = |note: &super::figures::Note| {
        let [en, zh] = note_text(*note);
        language.choose(en, zh)
    };
    let style = style();
    let page = ReportPage {
        t,
        style_hash: style_hash(&style),
        style,
        report,
        facts: facts(report, language),
        verdicts: report.verdicts.iter().map(verdict).collect(),
        estimates: estimate_groups(&report.estimates, schema, language),
        strata: report
            .strata
            .iter()
            .map(|stratum| stratum_row(stratum, schema, language))
            .collect(),
        notes: report.notes.iter().map(note).collect(),
    };
    Ok(page.render()?)
}

fn facts(report: &AuditReport, language: Language) -> Vec<Fact> {
    let t = texts(language);
    let [en, zh] = report.unit.names();
    let auditor = |auditor: &super::figures::Auditor| {
        let state = if auditor.is_complete {
            t.complete
        } else {
            t.unfinished
        };
        format!("{} ({state})", auditor.name)
    };
    let auditors: Vec<String> = report.auditors.iter().map(auditor).collect();
    let mut facts = vec![
        Fact {
            label: t.unit,
            text: language.choose(en, zh).to_owned(),
        },
        Fact {
            label: t.run,
            text: report.run_id.clone(),
        },
        Fact {
            label: t.population,
            text: grouped(report.population),
        },
        Fact {
            label: t.drawn,
            text: grouped(report.drawn),
        },
        Fact {
            label: t.drawn_at,
            text: report.drawn_at.clone(),
        },
        Fact {
            label: t.seed,
            text: report.seed.to_string(),
        },
        Fact {
            label: t.frame_hash,
            text: report.frame_sha256.clone(),
        },
    ];
    if !auditors.is_empty() {
        facts.push(Fact {
            label: t.auditors,
            text: auditors.join(language.choose(", ", "、")),
        });
    }
    if let Some(kappa) = report.kappa {
        facts.push(Fact {
            label: t.kappa,
            text: format!("{kappa:.3}"),
        });
    }
    facts
}

fn verdict_row(figures: &VerdictFigures, language: Language) -> VerdictRow {
    let t = texts(language);
    let (verdict, plan) = (&figures.verdict, &figures.verdict.plan);
    let [en, zh] = verdict.standing.names();
    let (class, mark) = match verdict.standing {
        Standing::Passed => ("good", "✓"),
        Standing::Failed => ("poor", "✗"),
        Standing::Undecided | Standing::Open => ("fair", "?"),
    };
    let is_failed = verdict.standing == Standing::Failed;
    let holds = if figures.holds_by_holm { t.yes } else { t.no };
    VerdictRow {
        source: source_name(&verdict.source, language),
        owner: figures.owner.clone(),
        standing: language.choose(en, zh).to_owned(),
        class,
        mark,
        lot: grouped(plan.lot),
        n: grouped(plan.n),
        accept: plan.accept.to_string(),
        wrong: verdict.wrong.to_string(),
        cannot_tell: verdict.cannot_tell.to_string(),
        rate: [per_cent(figures.error_rate.estimate), range(&figures.error_rate)],
        producers_risk: [plan.producers_risk, figures.p0].map(per_cent),
        consumers_risk: [plan.consumers_risk, figures.p1].map(per_cent),
        holm: if is_failed {
            holds.to_owned()
        } else {
            "–".to_owned()
        },
        notice: figures.notice.clone().unwrap_or_default(),
    }
}

/// Estimates that stand together: those of one quantity and field.
fn estimate_groups(estimates: &[Estimate], schema: &[FieldSpec], language: Language) -> Vec<EstimateGroup> {
    let groups = estimates.chunk_by(|a, b| (a.name, &a.field) == (b.name, &b.field));
    let group = |group: &[Estimate]| {
        let [en, zh] = estimate_name(group[0].name);
        let name = language.choose(en, zh);
        EstimateGroup {
            title: match &group[0].field {
                Some(field) => format!("{name} · {}", field_label(field, schema, language)),
                None => name.to_owned(),
            },
            rows: group
                .iter()
                .map(|estimate| estimate_row(estimate, language))
                .collect(),
        }
    };
    groups.map(group).collect()
}

fn estimate_row(estimate: &Estimate, language: Language) -> EstimateRow {
    let figure = &estimate.figure;
    let conservative = &estimate.conservative;
    EstimateRow {
        source: source_name(estimate.source.as_deref().unwrap_or(""), language),
        n: grouped(figure.n),
        x: figure.x.map_or_else(|| "–".to_owned(), grouped),
        estimate: per_cent(figure.estimate),
        interval: range(figure),
        method: method(figure, language),
        conservative: [
            per_cent(conservative.estimate),
            format!(
                "{}, n = {}, {}",
                range(conservative),
                grouped(conservative.n),
                method(conservative, language)
            ),
        ],
    }
}

fn stratum_row(stratum: &StratumFigures, schema: &[FieldSpec], language: Language) -> StratumRow {
    let [en, zh] = band_name(stratum.key.band);
    let size = match stratum.key.size {
        SizeBin::One => "1",
        SizeBin::Two => "2",
        SizeBin::Few => "3–5",
        SizeBin::Many => "6+",
        SizeBin::Any => "–",
    };
    let numbers = [
        stratum.population,
        stratum.sampled,
        stratum.correct,
        stratum.wrong,
        stratum.cannot_tell,
        stratum.open,
    ];
    StratumRow {
        source: source_name(&stratum.key.source, language),
        band: match stratum.key.band {
            Band::Unscored => "–".to_owned(),
            _ => language.choose(en, zh).to_owned(),
        },
        size,
        field: match stratum.key.field.as_str() {
            "" => "–".to_owned(),
            field => field_label(field, schema, language),
        },
        numbers: numbers.map(grouped),
    }
}

/// The notice to the subsidiary of one verdict; for failed ones alone. `date` is the day of issue.
///
/// # Errors
/// [`AuditError::Page`].
pub fn notice(
    report: &AuditReport,
    figures: &VerdictFigures,
    schema: &[FieldSpec],
    date: &str,
    language: Language,
) -> Result<String, AuditError> {
    let t = texts(language);
    let row = verdict_row(figures, language);
    let evidence = figures
        .evidence
        .iter()
        .take(EVIDENCE_MAX)
        .map(|evidence| EvidenceRow {
            records: evidence.records.join(" / "),
            field: match evidence.field.as_str() {
                "" => "–".to_owned(),
                field => field_label(field, schema, language),
            },
            masked: evidence.masked.clone(),
        });
    let style = style();
    let page = NoticePage {
        t,
        style_hash: style_hash(&style),
        style,
        source: row.source.clone(),
        owner: &figures.owner,
        statement: format!(
            "{} {} {} > Ac {}",
            t.notice_statement, t.wrong, figures.verdict.wrong, figures.verdict.plan.accept
        ),
        facts: notice_facts(report, row, language),
        evidence: evidence.collect(),
        total: figures.evidence.len(),
        more: figures.evidence.len().saturating_sub(EVIDENCE_MAX),
        date,
    };
    Ok(page.render()?)
}

fn notice_facts(report: &AuditReport, row: VerdictRow, language: Language) -> Vec<Fact> {
    let t = texts(language);
    let [en, zh] = report.unit.names();
    vec![
        Fact {
            label: t.audit,
            text: report.audit.to_string(),
        },
        Fact {
            label: t.run,
            text: report.run_id.clone(),
        },
        Fact {
            label: t.unit,
            text: language.choose(en, zh).to_owned(),
        },
        Fact {
            label: t.lot,
            text: row.lot,
        },
        Fact {
            label: t.drawn,
            text: row.n,
        },
        Fact {
            label: t.accept,
            text: row.accept,
        },
        Fact {
            label: t.wrong,
            text: row.wrong,
        },
        Fact {
            label: t.cannot_tell,
            text: row.cannot_tell,
        },
        Fact {
            label: t.error_rate,
            text: format!("{} ({})", row.rate[0], row.rate[1]),
        },
        Fact {
            label: t.producers_risk,
            text: row.producers_risk.join(" @ "),
        },
        Fact {
            label: t.consumers_risk,
            text: row.consumers_risk.join(" @ "),
        },
    ]
}

/// The report in a few lines for the terminal.
pub fn summary(report: &AuditReport, language: Language) -> String {
    let t = texts(language);
    let mut lines = Vec::new();
    if report.estimates.is_empty() {
        lines.push(t.none.to_owned());
    }
    for figures in &report.verdicts {
        let row = verdict_row(figures, language);
        lines.push(format!(
            "{}: {} (n = {}, Ac = {}, {} {}, {} {}; {} {})",
            row.source,
            row.standing,
            row.n,
            row.accept,
            t.wrong,
            row.wrong,
            t.cannot_tell,
            row.cannot_tell,
            t.consumers_risk,
            row.consumers_risk.join(" @ ")
        ));
    }
    let is_short = |estimate: &&Estimate| estimate.source.is_none();
    for estimate in report.estimates.iter().filter(is_short) {
        let [en, zh] = estimate_name(estimate.name);
        let field = estimate
            .field
            .as_deref()
            .map(|field| format!(" [{field}]"))
            .unwrap_or_default();
        let figure = interval_text(&estimate.figure, language);
        lines.push(format!("{}{field}: {figure}", language.choose(en, zh)));
    }
    for note in &report.notes {
        let [en, zh] = note_text(*note);
        lines.push(format!("* {}", language.choose(en, zh)));
    }
    lines.join("\n")
}
