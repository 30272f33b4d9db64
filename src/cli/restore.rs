//! `guiyi restore FILE --to DIR`: a hub out of its backup, in a directory that is not there or empty.
//!
//! Everything is written and checked beside it, then `DIR` gets its name by one rename: a restore that fails leaves nothing that
//! looks like a hub.

use crate::cli::Failure;
use crate::cli::archive;
use crate::cli::backup;
use crate::cli::console;
use crate::cli::verify;
use crate::disk;
use crate::pipeline::RunError;
use crate::publish::Hub;
use crate::publish::Scope;
use std::fs;
use std::fs::File;
use std::io;
use std::path::Path;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The backup.
    file: PathBuf,
    /// Where the job file and `hub/` go; not there yet, or empty.
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
}

/// Restores and verifies; 0 sound, 10 when the backup is damaged or newer.
pub(super) fn execute(arguments: &Arguments) -> Result<u8, Failure> {
    let (file, to) = (&arguments.file, &arguments.to);
    if !is_free(to).map_err(|error| backup::failure(to, &error))? {
        let place = to.display();
        return Err(Failure::usage(format!(
            "`{place}` is not empty; nothing is overwritten"
        )));
    }
    let archive = File::open(file).map_err(|error| backup::failure(file, &error))?;
    let Some(name) = to.file_name().and_then(|name| name.to_str()) else {
        return Err(Failure::usage(format!(
            "`{}` cannot be made; name a directory",
            to.display()
        )));
    };
    let aside = to.with_file_name(format!("{name}.restoring"));
    if aside.exists() {
        let place = aside.display();
        return Err(Failure::usage(format!(
            "`{place}` is left of another restore; remove it"
        )));
    }
    let restored = restore(archive, &aside).map_err(|error| backup::failure(file, &error));
    let restored = restored.and_then(|()| check(&aside));
    let named = restored.and_then(|()| name_it(&aside, to).map_err(|error| backup::failure(to, &error)));
    if let Err(failure) = named {
        // What cannot be removed is told by the next restore.
        let _ = fs::remove_dir_all(&aside);
        return Err(failure);
    }
    console::print(&format!("restored: {}", to.display()));
    Ok(0)
}

fn is_free(to: &Path) -> io::Result<bool> {
    match fs::read_dir(to) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Ok(false),
        Err(error) => Err(error),
    }
}

fn restore(archive: File, to: &Path) -> io::Result<()> {
    disk::make_directory(to)?;
    archive::read(archive, |name, content| {
        // The names are safe: parts of letters and digits, none of them `..`.
        let path = to.join(name);
        disk::make_directory(path.parent().unwrap_or(to))?;
        let mut file = disk::create_file(&path)?;
        io::copy(content, &mut file)?;
        file.sync_all()
    })?;
    sync_below(to)
}

fn sync_below(directory: &Path) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_below(&entry.path())?;
        }
    }
    disk::sync_directory(directory)
}

fn check(restored: &Path) -> Result<(), Failure> {
    let hub = Hub::open(&restored.join(backup::HUB)).map_err(RunError::from)?;
    match verify::inspect(&hub, &Scope::All)?.first() {
        None => Ok(()),
        Some(found) => Err(Failure {
            code: 10,
            name: "state_damaged",
            message: format!("`{}` came back damaged: {}", found.path.display(), found.detail),
            is_shown: false,
        }),
    }
}

fn name_it(aside: &Path, to: &Path) -> io::Result<()> {
    // An empty directory gives way to a rename.
    fs::rename(aside, to)?;
    match to.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => disk::sync_directory(parent),
        _ => disk::sync_directory(Path::new(".")),
    }
}
