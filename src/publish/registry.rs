//! The registry of a published run, read back for the next one.

use crate::publish::error::PublishError;
use crate::publish::run::Run;
use crate::publish::tables::read_entries;
use crate::publish::tables::read_members;
use crate::table::Registry;
use frame::FrameError;
use frame::Table;

/// Every ID ever issued and the members of the last run, exactly as they were published.
///
/// Size and SHA-256 of `registry.parquet` and `crosswalk.parquet` are checked against the manifest first.
///
/// # Errors
/// [`PublishError::Damaged`] when a file is missing, changed, or not what its name says.
pub fn read_registry(run: &Run) -> Result<Registry, PublishError> {
    let entries = read_table(
        run,
        "registry.parquet",
        &["unified_id", "birth_run", "state", "into"],
        read_entries,
    )?;
    let members = read_table(
        run,
        "crosswalk.parquet",
        &["source", "record_key", "unified_id"],
        read_members,
    )?;
    Ok(Registry {
        run: run.manifest().facts.run,
        entries,
        members,
    })
}

fn read_table<T>(
    run: &Run,
    name: &str,
    columns: &[&str],
    read: impl FnOnce(&Table) -> Option<T>,
) -> Result<T, PublishError> {
    run.verify_file(name)?;
    let path = run.path(name);
    let table = match frame::read_parquet(&path, Some(columns)) {
        Err(FrameError::Io { path, source }) => return Err(PublishError::Io { path, source }),
        // The checksum fits, so the fault was published; still it is the state that cannot be used.
        Err(error) => return Err(PublishError::damaged(&path, error.to_string())),
        Ok(table) => table,
    };
    read(&table).ok_or_else(|| PublishError::damaged(&path, "a column holds what its name forbids"))
}
