//! `guiyi audit draw`: a seeded sample of the published run, kept, and its worksheets.

use super::desk::Desk;
use super::desk::failure;
use super::desk::make;
use super::desk::write;
use super::plan::PlanArguments;
use crate::audit::Dimension;
use crate::audit::DrawRequest;
use crate::audit::DrawSpec;
use crate::audit::Sample;
use crate::audit::Unit;
use crate::audit::draw;
use crate::audit::worksheet;
use crate::cli::Failure;
use crate::cli::console;
use crate::field::FieldSpec;
use crate::field::Necessity;
use crate::model::Language;
use crate::pipeline::RunError;
use crate::publish::Run;
use std::path::Path;
use std::path::PathBuf;

/// Fields that are asked about beside the necessary ones: who the customer is by law, and the name where it comes in parts.
const IDENTIFIERS: [&str; 4] = ["uscc", "id_card", "given_name", "family_name"];

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// What one question is about.
    #[arg(long, value_parser = unit_named, value_name = "record-fields|golden-fields|links|ids|records")]
    unit: Unit,
    /// Units to draw over all subsidiaries.
    #[arg(
        long,
        value_parser = clap::value_parser!(u64).range(1..),
        value_name = "N",
        required_unless_present = "by_plan",
        conflicts_with = "by_plan"
    )]
    size: Option<u64>,
    /// Draw for each subsidiary what the plan of `--mode`, `--p0`, `--p1` asks, and give verdicts by it.
    #[arg(long = "plan")]
    by_plan: bool,
    #[command(flatten)]
    plan: PlanArguments,
    /// Seed of the draw; the same seed and run give the same sample.
    #[arg(long, value_name = "S")]
    seed: u64,
    /// Subsidiaries to audit, `*` for what belongs to several; all unless given.
    #[arg(long, value_name = "SOURCE")]
    lot: Vec<String>,
    /// Layers: some of subsidiary, band, size, field, separated by commas; what the unit has unless given.
    #[arg(long, value_delimiter = ',', value_parser = dimension_named, value_name = "LAYERS")]
    strata: Vec<Dimension>,
    /// Fields to ask about; the necessary ones, identifiers and parts of names unless given.
    #[arg(long, value_delimiter = ',', value_name = "FIELDS")]
    fields: Vec<String>,
    /// A run by id or number; the published one unless given.
    #[arg(long, value_name = "RUN")]
    run: Option<String>,
    /// Folder for the worksheets; `audits/<number>` of the hub unless given.
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// The job file.
    #[arg(long, default_value = "guiyi.toml", value_name = "JOB")]
    job: PathBuf,
}

fn unit_named(word: &str) -> Result<Unit, String> {
    let words: Vec<&str> = Unit::ALL.iter().map(|unit| unit.as_str()).collect();
    Unit::named(word).ok_or_else(|| format!("must be one of {}", words.join(", ")))
}

fn dimension_named(word: &str) -> Result<Dimension, String> {
    let found = Dimension::ALL
        .into_iter()
        .find(|dimension| dimension.as_str() == word);
    found.ok_or_else(|| "must be some of subsidiary, band, size, field".to_owned())
}

pub(super) fn execute(arguments: &Arguments) -> Result<u8, Failure> {
    let mut desk = Desk::open(&arguments.job)?;
    let run = desk.run(arguments.run.as_deref())?;
    let request = request(arguments, &desk, &run)?;
    let (sample, is_new) = kept_or_drawn(&mut desk, &run, &request)?;
    let sheet =
        worksheet(&run, &sample, &desk.plan.fields, desk.language()).map_err(|error| failure(&error))?;
    let folder = match &arguments.out {
        Some(folder) => {
            make(folder)?;
            folder.clone()
        }
        None => desk.folder(sample.audit)?,
    };
    let language = desk.language();
    let book = sheet.to_workbook().map_err(|error| failure(&error))?;
    let csv = sheet.to_csv().map_err(|error| failure(&error))?;
    let path = |ending: &str| folder.join(format!("audit-{:06}.{ending}", sample.audit));
    write_new(&path("xlsx"), &book)?;
    write_new(&path("csv"), &csv)?;
    console::print(&told(&sample, sheet.questions(), is_new, &path("xlsx"), language));
    Ok(0)
}

/// Writes a worksheet where there is none: an auditor may have begun to fill in the one that is there.
fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    match std::fs::read(path) {
        Ok(found) if found == bytes => Ok(()),
        Ok(_) => Err(Failure::usage(format!(
            "`{}` exists and may have been filled in; give another `--out`",
            path.display()
        ))),
        Err(_) => write(path, bytes),
    }
}

fn request(arguments: &Arguments, desk: &Desk, run: &Run) -> Result<DrawRequest, Failure> {
    let matching = &desk.plan.matching;
    let milli = |bits: f64| (bits * 1_000.0).round() as i64;
    let fields = match arguments.fields.is_empty() {
        false => arguments.fields.clone(),
        true => default_fields(&desk.plan.fields, run)?,
    };
    let asks_fields = matches!(arguments.unit, Unit::RecordFields | Unit::GoldenFields);
    let mut sources = arguments.lot.clone();
    sources.sort();
    sources.dedup();
    Ok(DrawRequest {
        unit: arguments.unit,
        seed: arguments.seed,
        spec: DrawSpec {
            size: arguments.size,
            plan: arguments.by_plan.then(|| arguments.plan.request()),
            sources,
            strata: arguments.strata.clone(),
            fields: if asks_fields { fields } else { Vec::new() },
            cut: matching.cut_bits.map_or(0, milli),
            band: milli(matching.review_band_bits),
        },
        states: desk.states(arguments.unit)?,
        made_at: console::now(),
    })
}

/// The necessary fields and identifiers that the run's records have.
fn default_fields(schema: &[FieldSpec], run: &Run) -> Result<Vec<String>, Failure> {
    let path = run.path("standard.parquet");
    let shape = frame::parquet_shape(&path).map_err(|error| Failure {
        code: 10,
        name: "state_damaged",
        message: format!("`standard.parquet` of run `{}` cannot be read: {error}", run.id()),
        is_shown: false,
    })?;
    let is_asked = |spec: &&FieldSpec| {
        (spec.necessity == Necessity::Necessary || IDENTIFIERS.contains(&&*spec.name))
            && shape.columns.iter().any(|column| column.name == spec.name)
    };
    Ok(schema
        .iter()
        .filter(is_asked)
        .map(|spec| spec.name.to_string())
        .collect())
}

/// The sample that was kept for this run, unit, seed and request, or a new one.
fn kept_or_drawn(desk: &mut Desk, run: &Run, request: &DrawRequest) -> Result<(Sample, bool), Failure> {
    let kept = desk.store.audits().map_err(RunError::from)?;
    let spec = request.spec_text();
    let is_same = |audit: &&crate::steward::StoredAudit| {
        audit.run_id == run.id()
            && audit.unit == request.unit.as_str()
            && audit.seed == request.seed
            && audit.spec == spec
    };
    if let Some(audit) = kept.iter().find(is_same) {
        return Ok((desk.sample(audit.audit)?, false));
    }
    let judged = desk.judged()?;
    let mut sample = draw(run, &judged, request, &desk.plan.fields).map_err(|error| failure(&error))?;
    sample.audit = desk
        .store
        .add_audit(&sample.to_stored())
        .map_err(RunError::from)?;
    Ok((sample, true))
}

fn told(sample: &Sample, questions: usize, is_new: bool, path: &Path, language: Language) -> String {
    let (audit, drawn, all) = (sample.audit, sample.items.len(), sample.population);
    let (excluded, strata) = (sample.excluded, sample.strata.len());
    let [en, zh] = sample.unit.names();
    let (hash, seed, run) = (&sample.frame_sha256[..16], sample.seed, &sample.run_id);
    let path = path.display();
    match language {
        Language::En => {
            let again = if is_new {
                ""
            } else {
                " (drawn before; the same sample)"
            };
            format!(
                "audit {audit}{again}: {drawn} of {all} {en}, {questions} questions, {strata} strata, {excluded} left out as decided\n\
                 run {run}, seed {seed}, frame sha256 {hash}…\n→ {path}"
            )
        }
        Language::Zh => {
            let again = if is_new {
                ""
            } else {
                "（先前已抽取，样本相同）"
            };
            format!(
                "抽查 {audit}{again}：{zh} {all} 个中抽取 {drawn} 个，问题 {questions} 个，分 {strata} 层，因已有裁决而排除 {excluded} 个\n\
                 运行 {run}，种子 {seed}，抽样框 sha256 {hash}…\n→ {path}"
            )
        }
    }
}
