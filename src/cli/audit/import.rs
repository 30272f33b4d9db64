//! `guiyi audit import`: an auditor's answers, all or nothing; complete answers stand.

use super::desk::Desk;
use super::desk::failure;
use crate::audit::AuditError;
use crate::audit::Filled;
use crate::audit::fill;
use crate::audit::read_sheet;
use crate::cli::Failure;
use crate::cli::console;
use crate::model::Language;
use crate::pipeline::RunError;
use crate::steward::StoredImport;
use std::path::PathBuf;

/// Wrong rows that are shown; a worksheet of another kind would have nothing else.
const FAULTS_SHOWN_MAX: usize = 50;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The worksheet, XLSX or CSV in UTF-8 or GB 18030.
    file: PathBuf,
    /// Who answered.
    #[arg(long, value_name = "NAME")]
    auditor: String,
    /// Replace this auditor's complete answers; needs `--reason`.
    #[arg(long, requires = "reason")]
    replace: bool,
    /// Why they are replaced.
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// The job file.
    #[arg(long, default_value = "guiyi.toml", value_name = "JOB")]
    job: PathBuf,
}

pub(super) fn execute(arguments: &Arguments) -> Result<u8, Failure> {
    let auditor = arguments.auditor.trim();
    if auditor.is_empty() {
        return Err(Failure::usage("`--auditor` is blank; say who answered"));
    }
    let reason = arguments.reason.as_deref().map_or("", str::trim);
    if arguments.replace && reason.is_empty() {
        return Err(Failure::usage(
            "`--reason` is blank; say why the answers are replaced",
        ));
    }
    let mut desk = Desk::open(&arguments.job)?;
    let sheet = read_sheet(&arguments.file).map_err(|error| failure(&error))?;
    let number = sheet.audit().ok_or_else(|| {
        failure(&AuditError::NotAWorksheet {
            path: arguments.file.clone(),
        })
    })?;
    let sample = desk.sample(number)?;
    let run = desk.run(Some(&sample.run_id))?;
    let filled = fill(&sheet, &sample, &run).map_err(|error| shown(&error, arguments, desk.language()))?;
    let imports = desk.store.audit_imports(number).map_err(RunError::from)?;
    let last = imports.iter().rfind(|import| import.auditor == auditor);
    if last.is_some_and(|import| import.is_complete) && !arguments.replace {
        return Err(Failure::usage(format!(
            "audit {number} has the complete answers of `{auditor}`; they stand unless `--replace --reason …` is given"
        )));
    }
    let import = StoredImport {
        revision: 0,
        auditor: auditor.to_owned(),
        reason: if arguments.replace {
            reason.to_owned()
        } else {
            String::new()
        },
        is_complete: filled.open == 0,
        made_at: console::now(),
        answers: filled.answers.clone(),
    };
    desk.store
        .add_audit_answers(number, &import)
        .map_err(RunError::from)?;
    console::print(&told(number, &filled, desk.language()));
    Ok(0)
}

fn shown(error: &AuditError, arguments: &Arguments, language: Language) -> Failure {
    if let AuditError::Rows(faults) = error {
        for fault in faults.iter().take(FAULTS_SHOWN_MAX) {
            let [en, zh] = &fault.message;
            eprintln!(
                "{}:{}: {}",
                arguments.file.display(),
                fault.row,
                language.choose(en, zh)
            );
        }
    }
    failure(error)
}

fn told(number: i64, filled: &Filled, language: Language) -> String {
    let count = |verdict: &str| {
        filled
            .answers
            .iter()
            .filter(|answer| answer.verdict == verdict)
            .count()
    };
    let [correct, wrong, cannot_tell] = ["correct", "wrong", "cannot_tell"].map(count);
    let open = filled.open;
    match language {
        Language::En => format!(
            "audit {number}: {correct} correct, {wrong} wrong, {cannot_tell} cannot tell, {open} left open"
        ),
        Language::Zh => {
            format!("抽查 {number}：正确 {correct}，错误 {wrong}，无法判断 {cannot_tell}，未答 {open}")
        }
    }
}
