//! What the audit commands share: the job, its hub, its store, and what was said in them.

use crate::audit::AuditError;
use crate::audit::Judged;
use crate::audit::RecordName;
use crate::audit::Sample;
use crate::audit::Unit;
use crate::audit::first_auditor;
use crate::audit::sampling::Mode;
use crate::audit::sampling::State;
use crate::audit::states;
use crate::cli::Failure;
use crate::cli::hub;
use crate::cli::profile::write_private;
use crate::model::Language;
use crate::pipeline::RunError;
use crate::plan::Plan;
use crate::publish::Hub;
use crate::publish::Run;
use crate::quality::Quality;
use crate::steward;
use crate::steward::Store;
use std::collections::BTreeMap;
use std::error::Error;
use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::path::PathBuf;

/// Folder of the hub that holds what audits write.
const AUDITS: &str = "audits";

/// The job, its hub and its store.
pub(super) struct Desk {
    pub(super) plan: Plan,
    pub(super) hub: Hub,
    pub(super) store: Store,
}

impl Desk {
    pub(super) fn open(job: &Path) -> Result<Self, Failure> {
        let (plan, hub) = hub::open(job)?;
        let store = Store::open(&hub.path().join(steward::FILE)).map_err(RunError::from)?;
        Ok(Self { plan, hub, store })
    }

    pub(super) fn language(&self) -> Language {
        self.plan.language
    }

    /// The published run, or the one asked for.
    pub(super) fn run(&self, asked: Option<&str>) -> Result<Run, Failure> {
        if let Some(asked) = asked {
            return hub::find_run(&self.hub, asked);
        }
        let run = self.hub.current().map_err(RunError::from)?;
        run.ok_or_else(|| Failure::usage("no run has been published yet; start `guiyi run` first"))
    }

    /// What someone has decided: the store's decisions and the job's labels.
    pub(super) fn judged(&self) -> Result<Judged, Failure> {
        let known = self.store.known().map_err(RunError::from)?;
        let name = |source: &str, key: &str| RecordName {
            source: source.to_owned(),
            key: key.to_owned(),
        };
        let labels = self.plan.matching.labels.rows.iter();
        let labels = labels.map(|label| {
            [
                name(&label.source_a, &label.key_a),
                name(&label.source_b, &label.key_b),
            ]
        });
        Ok(Judged::new(&known, labels))
    }

    /// A kept sample.
    pub(super) fn sample(&self, number: i64) -> Result<Sample, Failure> {
        let stored = self.store.audit(number).map_err(RunError::from)?;
        let stored = stored.ok_or_else(|| {
            Failure::usage(format!(
                "the hub has no audit {number}; `guiyi audit report` lists them"
            ))
        })?;
        Sample::from_stored(&stored).map_err(|error| failure(&error))
    }

    /// Who answers for each subsidiary: as the job says now, also where a column of an export tells the subsidiaries; for those that left
    /// the job, as the audited run says.
    pub(super) fn owners(&self, sample: &Sample) -> BTreeMap<String, String> {
        let exports = || self.plan.ingest.sources.iter();
        let names = exports().flat_map(|export| {
            export
                .owners
                .keys()
                .chain([&export.name])
                .map(move |name| (export, name))
        });
        let mut owners: BTreeMap<String, String> = names
            .map(|(export, name)| (name.clone(), export.owner_of(name).to_owned()))
            .collect();
        // A run that was removed since leaves what the job says.
        let run = self.hub.run(&sample.run_id).ok();
        let bytes = run.and_then(|run| std::fs::read(run.path("quality.json")).ok());
        let quality = bytes.and_then(|bytes| serde_json::from_slice::<Quality>(&bytes).ok());
        for source in quality.map(|quality| quality.sources).unwrap_or_default() {
            let export = exports().find(|export| export.name == source.export);
            let owner = match export {
                Some(export) => export.owner_of(&source.name).to_owned(),
                None => source.owner,
            };
            owners.entry(source.name).or_insert(owner);
        }
        owners
    }

    /// Where each subsidiary's series of lots stands.
    pub(super) fn states(&self, unit: Unit) -> Result<BTreeMap<String, State>, Failure> {
        let mut audits = Vec::new();
        for kept in self.store.audits().map_err(RunError::from)? {
            // Other plans have no series.
            if kept.unit == unit.as_str() && kept.spec.contains(Mode::Tables.as_str()) {
                let imports = self.store.audit_imports(kept.audit).map_err(RunError::from)?;
                let answers = first_auditor(&imports).map(|import| import.answers.clone());
                audits.push((self.sample(kept.audit)?, answers.unwrap_or_default()));
            }
        }
        let steering = self.store.audit_steering().map_err(RunError::from)?;
        Ok(states(&audits, &steering, unit))
    }

    /// The folder of an audit, made if it is not there.
    pub(super) fn folder(&self, audit: i64) -> Result<PathBuf, Failure> {
        let folder = self.hub.path().join(AUDITS).join(format!("{audit:06}"));
        make(&folder)?;
        Ok(folder)
    }
}

/// Makes a folder for its owner alone where there is none.
pub(super) fn make(folder: &Path) -> Result<(), Failure> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|error| unwritable(folder, &error))
}

pub(super) fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure::usage(format!("cannot write `{}`: {error}", path.display()))
}

/// Writes a file for its owner alone.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    write_private(path, bytes).map_err(|error| unwritable(path, &error))
}

/// An audit's error as the command's, with its causes.
pub(super) fn failure(error: &AuditError) -> Failure {
    let (code, name) = match error {
        AuditError::Table { .. } | AuditError::Column { .. } | AuditError::Damaged { .. } => {
            (10, "state_damaged")
        }
        AuditError::Workbook(_) | AuditError::Csv(_) | AuditError::Page(_) => (1, "internal"),
        _ => (2, "usage"),
    };
    let mut message = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        message.push_str("\n  because: ");
        message.push_str(&inner.to_string());
        cause = inner.source();
    }
    Failure {
        code,
        name,
        message,
        is_shown: false,
    }
}
