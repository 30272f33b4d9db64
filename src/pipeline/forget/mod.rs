//! Records erased from every retained byte of the hub (operations.md R22; PIPL article 47).
//!
//! In: names of records, who asks and why. Out: no retained run, decision, sample or page holds a value or a key of them; their IDs
//! are deleted where nobody else has them and never given again; the next export that still has them is skipped row by row; a
//! certificate says what was done to which file. The erasure is written down before the first file changes and struck off after the
//! last, so that one that was killed is finished by the next command. Copies outside the hub (exports, workbooks, backups) are
//! not reached; the certificate says so.

mod certificate;
mod figures;

pub use certificate::Certificate;

use crate::disk;
use crate::pipeline::RunError;
use crate::plan::Plan;
use crate::publish::ErasedRun;
use crate::publish::Erasure;
use crate::publish::Erasures;
use crate::publish::ForgottenRecord;
use crate::publish::Hub;
use crate::publish::Lock;
use crate::publish::PendingErasure;
use crate::publish::PublishError;
use crate::publish::RecordName;
use crate::publish::Run;
use crate::steward;
use crate::steward::ErasedRows;
use crate::steward::Store;
use crate::steward::Word;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// Folder of the hub that holds what audits wrote.
const AUDITS: &str = "audits";

/// What an erasure would touch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    /// Retained runs that hold one of the records, by id.
    pub runs: Vec<String>,
    /// Rows of the stewards' store.
    pub rows: ErasedRows,
    /// Files of audits that are removed, below the hub.
    pub worksheets: Vec<PathBuf>,
}

/// What an erasure of `names` would touch; nothing is changed.
///
/// # Errors
/// [`RunError::Publish`], [`RunError::Steward`] for a hub that cannot be read.
pub fn reach(hub: &Hub, names: &BTreeSet<RecordName>) -> Result<Reach, RunError> {
    let mut reach = Reach::default();
    for id in hub.run_ids()? {
        let run = hub.run(&id)?;
        if hub.holds(&run, names)? {
            reach.runs.push(id);
        }
    }
    let names: Vec<RecordName> = names.iter().cloned().collect();
    if let Some(mut store) = Store::open_existing(&hub.path().join(steward::FILE))? {
        reach.rows = store.held(&names)?;
    }
    reach.worksheets = worksheets(hub, &reach.rows.audits)?;
    Ok(reach)
}

/// Erases `names`; `key` becomes the hub's key of forgotten names when it has none.
///
/// # Errors
/// As [`reach`]; what was begun is finished by [`finish`].
pub fn forget(
    plan: &Plan,
    hub: &Hub,
    lock: &Lock,
    names: &BTreeSet<RecordName>,
    word: &Word,
    key: &[u8],
) -> Result<Certificate, RunError> {
    if let Some(left) = finish(plan, hub, lock)? {
        // Asked for again after a kill: it is done.
        if &left.names == names {
            return Ok(left.certificate);
        }
    }
    let mut erasures = hub.erasures()?.unwrap_or_else(|| Erasures::new(key));
    erasures.pending = Some(PendingErasure {
        at: word.made_at.clone(),
        author: word.author.clone(),
        reason: word.reason.clone(),
        names: names.iter().cloned().collect(),
        done: Vec::new(),
        decisions: Vec::new(),
        worksheets: Vec::new(),
    });
    hub.write_erasures(lock, &erasures)?;
    let finished = finish(plan, hub, lock)?.expect("an erasure was begun");
    Ok(finished.certificate)
}

/// An erasure that was finished.
#[derive(Debug)]
pub struct Finished {
    /// The records.
    pub names: BTreeSet<RecordName>,
    /// What was done.
    pub certificate: Certificate,
}

/// Finishes an erasure that was begun and killed; `None` when there is none.
///
/// # Errors
/// As [`reach`]; it can be finished later.
pub fn finish(plan: &Plan, hub: &Hub, lock: &Lock) -> Result<Option<Finished>, RunError> {
    let Some(mut erasures) = hub.erasures()? else {
        return Ok(None);
    };
    let Some(mut pending) = erasures.pending.clone() else {
        return Ok(None);
    };
    let names: BTreeSet<RecordName> = pending.names.iter().cloned().collect();
    for id in hub.run_ids()? {
        let run = hub.run(&id)?;
        let replaced = figures::without(&run, &names)?;
        if replaced.is_empty() && !hub.holds(&run, &names)? {
            continue;
        }
        let erasure = Erasure {
            names: &names,
            language: plan.language,
            schema: &plan.fields,
        };
        let erased = hub.erase(lock, &run, &erasure, &replaced)?;
        pending.done.push(erased);
        erasures.pending = Some(pending.clone());
        hub.write_erasures(lock, &erasures)?;
    }
    erase_said(hub, lock, &mut erasures, &mut pending)?;
    let number = erasures.next_certificate();
    let records: Vec<ForgottenRecord> = names
        .iter()
        .map(|(source, key)| ForgottenRecord {
            source: source.clone(),
            name: erasures.name(source, key),
            at: pending.at.clone(),
            author: pending.author.clone(),
            reason: pending.reason.clone(),
            certificate: number,
        })
        .collect();
    let certificate = Certificate::new(number, &records, &pending);
    certificate.write(hub.path(), plan.language)?;
    erasures.records.extend(records);
    erasures.pending = None;
    hub.write_erasures(lock, &erasures)?;
    Ok(Some(Finished { names, certificate }))
}

/// What stewards and auditors said of the records goes; the certificate's list of it is written down before, so that a kill
/// leaves none of it unnamed.
fn erase_said(
    hub: &Hub,
    lock: &Lock,
    erasures: &mut Erasures,
    pending: &mut PendingErasure,
) -> Result<(), RunError> {
    let Some(mut store) = Store::open_existing(&hub.path().join(steward::FILE))? else {
        return Ok(());
    };
    let held = store.held(&pending.names)?;
    let files = worksheets(hub, &held.audits)?;
    pending.decisions.extend(&held.decisions);
    pending.decisions.sort_unstable();
    pending.decisions.dedup();
    let names = files.iter().map(|path| path.to_string_lossy().into_owned());
    pending.worksheets.extend(names);
    pending.worksheets.sort();
    pending.worksheets.dedup();
    erasures.pending = Some(pending.clone());
    hub.write_erasures(lock, erasures)?;
    // Before the store forgets which audits they are of.
    for path in files {
        let path = hub.path().join(path);
        fs::remove_file(&path).map_err(|source| PublishError::Io { path, source })?;
    }
    if !held.is_empty() {
        let word = Word {
            author: pending.author.clone(),
            reason: pending.reason.clone(),
            made_at: pending.at.clone(),
        };
        store.erase(&pending.names, &word)?;
    }
    Ok(())
}

/// Files that `audits` wrote into the hub: the next report writes its own again.
fn worksheets(hub: &Hub, audits: &[i64]) -> Result<Vec<PathBuf>, RunError> {
    let mut found = Vec::new();
    for audit in audits {
        let folder = Path::new(AUDITS).join(format!("{audit:06}"));
        let path = hub.path().join(&folder);
        if !path.is_dir() {
            continue;
        }
        let fault = |source| PublishError::Io {
            path: path.clone(),
            source,
        };
        for entry in fs::read_dir(&path).map_err(fault)? {
            let entry = entry.map_err(fault)?;
            if entry.path().is_file() {
                found.push(folder.join(entry.file_name()));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Writes a file below the hub, its folder made when it is not there.
fn write(hub: &Path, folder: &str, name: &str, bytes: &[u8]) -> Result<(), PublishError> {
    let folder = hub.join(folder);
    let fault = |source| PublishError::Io {
        path: folder.join(name),
        source,
    };
    disk::make_directory(&folder).map_err(fault)?;
    disk::replace_file(&folder, name, bytes).map_err(fault)
}

/// Files that a run had before and after, for certificates.
pub(super) fn changed_files(runs: &[ErasedRun]) -> usize {
    runs.iter().map(|run| run.files.len()).sum()
}

/// Does the run have figures at all?
fn has_figures(run: &Run) -> bool {
    run.manifest().file("quality.json").is_some()
}
