//! `guiyi forget RECORD…`: records erased from every retained byte of the hub, for good.
//!
//! In: records, or unified IDs whose records are meant, with author and reason. Out: the hub without them and a certificate of destruction.
//! A record under a legal hold is refused with all others of the command. `--lift` lets a record come back with the next export.

use crate::cli::Failure;
use crate::cli::audit_log;
use crate::cli::console;
use crate::cli::decide::Key;
use crate::cli::hub;
use crate::model::Language;
use crate::model::UnifiedId;
use crate::pipeline::RunError;
use crate::pipeline::forget;
use crate::pipeline::forget::Certificate;
use crate::pipeline::forget::Reach;
use crate::plan::Plan;
use crate::publish::Hub;
use crate::publish::Lock;
use crate::publish::PublishError;
use crate::publish::read_registry;
use crate::steward;
use crate::steward::Hold;
use crate::steward::Store;
use crate::steward::Word;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::path::PathBuf;

/// Bytes of the key under which forgotten names are kept.
const KEY_BYTES: usize = 32;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Records, each `source:key`; also one that no run holds any more.
    #[arg(value_name = "RECORD", required_unless_present = "id")]
    records: Vec<String>,
    /// A unified ID, all of whose records are meant.
    #[arg(long, value_name = "ID")]
    id: Vec<UnifiedId>,
    /// Show what would be touched, and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Let records that were forgotten come back with the next export.
    #[arg(long, conflicts_with_all = ["id", "dry_run"])]
    lift: bool,
    #[command(flatten)]
    asked: Asked,
}

/// Who asks for something to be erased or kept, and why.
#[derive(Debug, clap::Args)]
pub(super) struct Asked {
    /// Who asks.
    #[arg(long, value_name = "NAME")]
    author: String,
    /// Why: the request, the ground, the file number; no names of customers, it is kept.
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// The job file.
    #[arg(long, default_value = "guiyi.toml", value_name = "JOB")]
    job: PathBuf,
}

impl Asked {
    /// The word, the job and its hub, locked.
    pub(super) fn open(&self) -> Result<(Word, Plan, Hub, Lock), Failure> {
        let said = hub::word(console::now(), &self.author, &self.reason)?;
        let word = Word {
            author: said.author,
            reason: said.reason,
            made_at: said.at,
        };
        let (plan, hub) = hub::open(&self.job)?;
        let lock = hub.lock().map_err(RunError::from)?;
        Ok((word, plan, hub, lock))
    }
}

pub(super) fn execute(arguments: &Arguments) -> Result<u8, Failure> {
    let (word, plan, hub, lock) = arguments.asked.open()?;
    let names = names(arguments, &plan, &hub)?;
    if arguments.lift {
        return lift(&plan, &hub, &lock, &names, &word);
    }
    check_holds(&plan, &hub, &names)?;
    if arguments.dry_run {
        let reach = forget::reach(&hub, &names)?;
        console::print(&told_reach(plan.language, names.len(), &reach));
        return Ok(0);
    }
    erase(&plan, &hub, &lock, &names, &word)?;
    Ok(0)
}

/// Erases and leaves a line in the log.
pub(super) fn erase(
    plan: &Plan,
    hub: &Hub,
    lock: &Lock,
    names: &BTreeSet<Key>,
    word: &Word,
) -> Result<Certificate, Failure> {
    let certificate = forget::forget(plan, hub, lock, names, word, &random_key()?)?;
    log(plan, &certificate)?;
    console::print(&told(
        plan.language,
        &hub.path().join("certificates"),
        &certificate,
    ));
    Ok(certificate)
}

/// Finishes an erasure that was killed, in a hub that is open already.
pub(super) fn finish_pending_of(plan: &Plan, hub: &Hub, lock: &Lock) -> Result<(), Failure> {
    match forget::finish(plan, hub, lock)? {
        Some(finished) => log(plan, &finished.certificate),
        None => Ok(()),
    }
}

/// Finishes an erasure that was killed, before anything else is done with the hub.
pub(super) fn finish_pending(plan: &Plan) -> Result<(), Failure> {
    let erasures = crate::publish::read_erasures(&plan.hub).map_err(RunError::from)?;
    if erasures.is_none_or(|erasures| erasures.pending.is_none()) {
        return Ok(());
    }
    let hub = Hub::open(&plan.hub).map_err(RunError::from)?;
    let lock = hub.lock().map_err(RunError::from)?;
    finish_pending_of(plan, &hub, &lock)
}

fn log(plan: &Plan, certificate: &Certificate) -> Result<(), Failure> {
    let (number, records) = (certificate.stem(), certificate.records.len().to_string());
    let facts = [
        ("certificate", number.as_str()),
        ("sha256", &certificate.sha256()),
        ("records", &records),
    ];
    audit_log::leave(plan, "forget", &certificate.author, &facts)
}

/// The records asked for; a source must be known, to the job or to a run.
fn names(arguments: &Arguments, plan: &Plan, hub: &Hub) -> Result<BTreeSet<Key>, Failure> {
    let mut names = BTreeSet::new();
    let registry = match hub.current().map_err(RunError::from)? {
        Some(run) => Some(read_registry(&run).map_err(RunError::from)?),
        None => None,
    };
    let members = registry.as_ref().map_or(&[][..], |registry| &registry.members);
    let is_source = |name: &str| {
        plan.ingest.sources.iter().any(|source| source.name == name)
            || members.iter().any(|(source, ..)| source == name)
    };
    for (at, record) in arguments.records.iter().enumerate() {
        // The record is not repeated: its key may be personal data.
        let name = record
            .split_once(':')
            .filter(|(source, key)| is_source(source) && !key.is_empty());
        let (source, key) = name.ok_or_else(|| {
            Failure::usage(format!(
                "record {} is not `source:key` with a known source",
                at + 1
            ))
        })?;
        names.insert((source.to_owned(), key.to_owned()));
    }
    for id in &arguments.id {
        let own = members.iter().filter(|(.., of)| of == id);
        let found: Vec<Key> = own
            .map(|(source, key, _)| (source.clone(), key.clone()))
            .collect();
        if found.is_empty() {
            let message =
                format!("`{id}` has no record in the published run; `guiyi show {id}` says where it leads");
            return Err(Failure::usage(message));
        }
        names.extend(found);
    }
    Ok(names)
}

/// Refuses the whole command when one of the records is under a hold.
pub(super) fn check_holds(plan: &Plan, hub: &Hub, names: &BTreeSet<Key>) -> Result<(), Failure> {
    let held = held(hub, names)?;
    if held.is_empty() {
        return Ok(());
    }
    let numbers = held
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ");
    let message = match plan.language {
        Language::En => {
            format!("legal hold {numbers} stands; nothing was erased. `guiyi hold list` shows it")
        }
        Language::Zh => format!("法律保留 {numbers} 仍然有效，未删除任何内容；`guiyi hold list` 可查看"),
    };
    Err(Failure::usage(message))
}

/// Numbers of the holds on `names`.
pub(super) fn held(hub: &Hub, names: &BTreeSet<Key>) -> Result<Vec<i64>, Failure> {
    let on = holds(hub)?
        .into_iter()
        .filter(|hold| names.contains(&(hold.source.clone(), hold.key.clone())));
    Ok(on.map(|hold| hold.hold).collect())
}

/// The records under a hold.
pub(super) fn names_held(hub: &Hub) -> Result<BTreeSet<Key>, Failure> {
    let holds = holds(hub)?.into_iter();
    Ok(holds.map(|hold| (hold.source, hold.key)).collect())
}

fn holds(hub: &Hub) -> Result<Vec<Hold>, Failure> {
    let store = Store::open_existing(&hub.path().join(steward::FILE)).map_err(RunError::from)?;
    match store {
        Some(store) => Ok(store.holds().map_err(RunError::from)?),
        None => Ok(Vec::new()),
    }
}

fn lift(plan: &Plan, hub: &Hub, lock: &Lock, names: &BTreeSet<Key>, word: &Word) -> Result<u8, Failure> {
    let Some(mut erasures) = hub.erasures().map_err(RunError::from)? else {
        return Err(Failure::usage("nothing was forgotten in this hub"));
    };
    let lifted: BTreeSet<String> = names
        .iter()
        .map(|(source, key)| erasures.name(source, key))
        .collect();
    let before = erasures.records.len();
    erasures.records.retain(|record| !lifted.contains(&record.name));
    let count = before - erasures.records.len();
    if count < names.len() {
        let missing = names.len() - count;
        return Err(Failure::usage(format!(
            "{missing} of the records were not forgotten; nothing was lifted"
        )));
    }
    hub.write_erasures(lock, &erasures).map_err(RunError::from)?;
    let count = count.to_string();
    audit_log::leave(plan, "forget_lifted", &word.author, &[("records", &count)])?;
    console::print(&match plan.language {
        Language::En => format!("{count} records may come back with the next export"),
        Language::Zh => format!("{count} 条记录可随下次导出重新进入"),
    });
    Ok(0)
}

fn told_reach(language: Language, records: usize, reach: &Reach) -> String {
    let (runs, decisions, files) = (
        reach.runs.len(),
        reach.rows.decisions.len(),
        reach.worksheets.len(),
    );
    match language {
        Language::En => format!(
            "{records} records: {runs} retained runs would be rewritten, {decisions} decisions emptied, \
             {files} files of audits removed; nothing was changed"
        ),
        Language::Zh => format!(
            "{records} 条记录：将改写 {runs} 个保留的运行、清空 {decisions} 项人工决定、移除 {files} 个抽查文件；未做任何更改"
        ),
    }
}

fn told(language: Language, folder: &Path, certificate: &Certificate) -> String {
    let (records, runs) = (certificate.records.len(), certificate.runs().len());
    let path = folder.join(format!("{}.html", certificate.stem()));
    let path = path.display();
    match language {
        Language::En => format!(
            "{records} records forgotten, {runs} runs rewritten\ncertificate    {path}\n\
             Backups and exports outside the hub still hold them: erase them there too."
        ),
        Language::Zh => format!(
            "已删除 {records} 条记录，改写 {runs} 个运行\n销毁证明       {path}\n备份以及导出到数据中心之外的文件仍含这些数据，须另行删除。"
        ),
    }
}

/// Random bytes of the system.
fn random_key() -> Result<[u8; KEY_BYTES], Failure> {
    let mut key = [0; KEY_BYTES];
    let path = Path::new("/dev/urandom");
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut key));
    read.map_err(|source| {
        RunError::from(PublishError::Io {
            path: path.to_path_buf(),
            source,
        })
    })?;
    Ok(key)
}
