//! `guiyi backup --to FILE`: the whole state of a hub in one file.
//!
//! Everything is taken that the next run goes by: `CURRENT`, every sealed run (the registry, the model, the figures that guards
//! compare with, the numbers of runs), tombstones, acceptances, the adopted model, the stewards' decisions, and the job file for
//! those who restore. Runs are never changed and the hub's lock is held meanwhile; decisions that are confirmed meanwhile are in
//! the backup whole or not at all, because their image is read within one transaction.

use crate::cli::Failure;
use crate::cli::archive;
use crate::cli::archive::Content;
use crate::cli::console;
use crate::cli::hub;
use crate::disk;
use crate::model::Language;
use crate::pipeline::RunError;
use crate::publish::Hub;
use crate::publish::Scope;
use crate::steward;
use crate::steward::Store;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::io::BufWriter;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

/// Folder of the hub in a backup.
pub(super) const HUB: &str = "hub";

/// The job file in a backup.
pub(super) const JOB: &str = "guiyi.toml";

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The job file.
    #[arg(default_value = "guiyi.toml", value_name = "JOB")]
    job: PathBuf,
    /// The backup; it must not be there yet.
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
}

/// Writes the backup; 0 written, 10 when the hub is damaged, so that no backup of a damaged hub takes the place of a good one.
pub(super) fn execute(arguments: &Arguments) -> Result<u8, Failure> {
    let (plan, hub) = hub::open(&arguments.job)?;
    if arguments.to.exists() {
        let place = arguments.to.display();
        return Err(Failure::usage(format!(
            "`{place}` is there already; name a new file"
        )));
    }
    let lock = hub.lock().map_err(RunError::from)?;
    hub.tidy(&lock).map_err(RunError::from)?;
    let found = crate::cli::verify::inspect(&hub, &Scope::All)?;
    if let Some(first) = found.first() {
        return Err(Failure {
            code: 10,
            name: "state_damaged",
            message: format!(
                "`{}` is damaged, no backup was made; see `guiyi verify --all`",
                first.path.display()
            ),
            is_shown: false,
        });
    }
    let mut members = members(&hub)?;
    members.insert(JOB.to_owned(), Content::File(arguments.job.clone()));
    write(&arguments.to, &members).map_err(|error| failure(&arguments.to, &error))?;
    let (count, place) = (members.len(), arguments.to.display());
    console::print(&match plan.language {
        Language::En => format!("{count} files of the hub are in {place}"),
        Language::Zh => format!("中心目录的 {count} 个文件已存入 {place}"),
    });
    Ok(0)
}

/// A full disk has its own exit code.
pub(super) fn failure(path: &Path, error: &io::Error) -> Failure {
    let (code, name) = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => (12, "budget"),
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => (10, "state_damaged"),
        _ => (1, "internal"),
    };
    Failure {
        code,
        name,
        message: format!("cannot write or read `{}`\n  because: {error}", path.display()),
        is_shown: false,
    }
}

/// Every file of the hub, by its name in the backup.
fn members(hub: &Hub) -> Result<BTreeMap<String, Content>, Failure> {
    let mut members = BTreeMap::new();
    collect(hub.path(), hub.path(), &mut members).map_err(|error| failure(hub.path(), &error))?;
    let name = |file: &str| format!("{HUB}/{file}");
    members.remove(&name("lock"));
    // The store may be written meanwhile; its journal belongs to whoever writes it.
    members.remove(&name("steward.db-journal"));
    let store = Store::open_existing(&hub.path().join(steward::FILE)).map_err(RunError::from)?;
    if let Some(mut store) = store {
        let (image, seal) = store.image().map_err(RunError::from)?;
        members.insert(name(steward::FILE), Content::Bytes(image));
        members.insert(name("steward.db.seal"), Content::Bytes(seal));
    }
    Ok(members)
}

fn collect(root: &Path, directory: &Path, members: &mut BTreeMap<String, Content>) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        if kind.is_dir() {
            collect(root, &path, members)?;
        } else if kind.is_file() {
            let name = archive::member_name(HUB, root, &path);
            let name =
                name.ok_or_else(|| io::Error::other("it holds a file whose name no backup can have"))?;
            members.insert(name, Content::File(path));
        }
    }
    Ok(())
}

fn write(to: &Path, members: &BTreeMap<String, Content>) -> io::Result<()> {
    let directory = match to.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let name = to.file_name().and_then(|name| name.to_str());
    let name = name.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "its name is no text"))?;
    let written = disk::create_file(&disk::aside_path(directory, name)).and_then(|file| {
        let mut writer = BufWriter::with_capacity(1 << 20, file);
        archive::write(members, &mut writer)?;
        writer.flush()?;
        writer.get_ref().sync_all()
    });
    if let Err(error) = written {
        disk::drop_aside(directory, name);
        return Err(error);
    }
    disk::name_aside(directory, name)?;
    disk::sync_directory(directory)
}
