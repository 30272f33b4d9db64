//! `guiyi review`: the questions of the published run to a workbook, and the answers back as decisions.

use crate::cli::Failure;
use crate::cli::console;
use crate::cli::decide::Desk;
use crate::cli::decide::Saying;
use crate::cli::decide::WordArguments;
use crate::cli::log;
use crate::model::Language;
use crate::pipeline::RunError;
use crate::plan;
use crate::publish::Hub;
use crate::review::Answer;
use crate::review::Question;
use crate::review::RecordKey;
use crate::review::ReviewError;
use crate::review::Verdict;
use crate::review::read_answers;
use crate::review::read_queue;
use crate::review::write_queue;
use crate::steward;
use crate::steward::Known;
use crate::steward::Matter;
use crate::steward::Store;
use clap::Subcommand;
use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::path::PathBuf;

/// Wrong rows that are shown; a workbook of another kind would have nothing else.
const FAULTS_SHOWN_MAX: usize = 50;

/// Reason of a question about a decision that was made before.
const STALE: &str = "stale";

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Write the first open questions to a workbook with drop-downs.
    Export {
        /// The workbook; a file that is there is not written over.
        #[arg(long, default_value = "review.xlsx", value_name = "FILE")]
        out: PathBuf,
        /// Questions at most; `review_per_day` of the job unless given.
        #[arg(long, value_name = "N")]
        limit: Option<usize>,
        /// The job file.
        #[arg(long, default_value = "guiyi.toml", value_name = "JOB")]
        job: PathBuf,
    },
    /// Read the answers of a workbook: all of them, or none when a row is wrong.
    Import {
        /// The workbook.
        file: PathBuf,
        #[command(flatten)]
        word: WordArguments,
    },
}

pub(super) fn execute(arguments: &Arguments) -> Result<u8, Failure> {
    match &arguments.action {
        Action::Export { out, limit, job } => export(out, *limit, job),
        Action::Import { file, word } => import(file, word),
    }
}

fn failure(error: &ReviewError) -> Failure {
    let (code, name) = match error {
        ReviewError::Table { .. } | ReviewError::Column { .. } => (10, "state_damaged"),
        ReviewError::Workbook(_) => (1, "internal"),
        _ => (2, "usage"),
    };
    Failure {
        code,
        name,
        message: error.to_string(),
        is_shown: false,
    }
}

fn export(out: &Path, limit: Option<usize>, job: &Path) -> Result<u8, Failure> {
    let plan = plan::load(job).map_err(RunError::from)?;
    let hub = Hub::open(&plan.hub).map_err(RunError::from)?;
    let run = hub.current().map_err(RunError::from)?;
    let run = run.ok_or_else(|| Failure::usage("no run has been published yet; start `guiyi run` first"))?;
    let store = Store::open_existing(&hub.path().join(steward::FILE)).map_err(RunError::from)?;
    let known = store
        .map(|store| store.known())
        .transpose()
        .map_err(RunError::from)?;
    let known = known.unwrap_or_default();
    let limit = limit.unwrap_or_else(|| usize::try_from(plan.review_per_day).unwrap_or(usize::MAX));
    let is_open = |question: &Question| is_open(&known, question);
    let queue = read_queue(&run, &plan.fields, limit, &is_open).map_err(|error| failure(&error))?;
    let bytes = write_queue(&queue, plan.language).map_err(|error| failure(&error))?;
    write_new(out, &bytes)?;
    let (questions, out) = (queue.questions.len(), out.display());
    console::print(&match plan.language {
        Language::En => format!("{questions} questions of run {}: {out}", run.id()),
        Language::Zh => format!("运行 {} 的 {questions} 个问题：{out}", run.id()),
    });
    Ok(0)
}

/// Is a question about one pair of records that no decision answers, or that one asks again?
fn is_open(known: &Known, question: &Question) -> bool {
    let [a, b] = &question.pair;
    if b.source.is_empty() {
        return false;
    }
    let standing = known
        .decisions
        .iter()
        .filter(|decision| decision.undone.is_none());
    let mut answers = standing.filter(|decision| {
        let side = |asked: &RecordKey| {
            let is_it = |record: &&steward::DecidedRecord| {
                record.source == asked.source
                    && known.rekeys.current(decision.id, &record.source, &record.key) == asked.key
            };
            decision.records.iter().find(is_it).map(|record| record.side)
        };
        match (side(a), side(b)) {
            (Some(one), Some(other)) => match decision.matter {
                Matter::Link | Matter::Confirm => true,
                Matter::Part => one != other,
                _ => false,
            },
            _ => false,
        }
    });
    question.reason == STALE || answers.next().is_none()
}

/// Writes a file for its owner alone, where there was none.
fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    let opened = options.write(true).create_new(true).mode(0o600).open(path);
    let written = opened.and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
    written.map_err(|error| Failure::usage(format!("cannot write `{}`: {error}", path.display())))
}

fn import(file: &Path, word: &WordArguments) -> Result<u8, Failure> {
    let mut desk = Desk::open(word)?;
    let language = desk.plan.language;
    let answers = match read_answers(file) {
        Ok(answers) => answers,
        Err(ReviewError::Rows(faults)) => {
            for fault in faults.iter().take(FAULTS_SHOWN_MAX) {
                let [en, zh] = &fault.message;
                let told = format!("{}:{}: {}", file.display(), fault.row, language.choose(en, zh));
                log::tell(log::Level::Error, "answer_fault", &told, &told);
            }
            return Err(failure(&ReviewError::Rows(faults)));
        }
        Err(error) => return Err(failure(&error)),
    };
    let sayings: Vec<Saying> = answers.decided.iter().map(saying).collect();
    let new = desk.new_decisions(word, &sayings)?;
    let ids = match new.is_empty() {
        true => Vec::new(),
        false => desk.keep(word, &[], &new)?,
    };
    let count = |verdict| answers.decided.iter().filter(|a| a.verdict == verdict).count();
    let (same, different) = (count(Verdict::Same), count(Verdict::Different));
    let (cannot_tell, open) = (answers.cannot_tell, answers.open);
    console::print(&match language {
        Language::En => format!(
            "{same} same, {different} different, {cannot_tell} cannot tell, {open} left open; decisions hold from the next run"
        ),
        Language::Zh => format!(
            "同一客户 {same}，不同客户 {different}，无法判断 {cannot_tell}，未答 {open}；下次运行生效"
        ),
    });
    desk.warn(&ids)
}

/// An answer as a decision.
fn saying(answer: &Answer) -> Saying {
    let (matter, side) = match answer.verdict {
        Verdict::Same => (Matter::Link, 0),
        Verdict::Different => (Matter::Part, 1),
    };
    let [a, b] = answer.pair.clone().map(|record| (record.source, record.key));
    Saying {
        matter,
        records: vec![(a, 0), (b, side)],
        reason: answer.comment.clone(),
    }
}
