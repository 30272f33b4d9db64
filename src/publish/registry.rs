//! The registry of a published run, read back for the next one.

use crate::publish::error::PublishError;
use crate::publish::run::Run;
use crate::publish::tables::Members;
use crate::publish::tables::read_entries;
use crate::publish::tables::read_former;
use crate::publish::tables::read_members;
use crate::table::Registry;
use frame::FrameError;
use frame::Table;

/// Every ID ever issued, the members of the last run and what retired IDs held, exactly as they were published.
///
/// Size and SHA-256 of `registry.parquet`, `crosswalk.parquet` and `former.parquet` are checked against the manifest first.
/// Runs of older programs have no `former.parquet` and no contents: then no ID goes back to its records.
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
    let (members, marks) = read_crosswalk(run)?;
    let former = match run.manifest().file("former.parquet") {
        None => Vec::new(),
        Some(_) => read_table(
            run,
            "former.parquet",
            &["source", "record_key", "unified_id", "run"],
            read_former,
        )?,
    };
    Ok(Registry {
        run: run.manifest().facts.run,
        entries,
        members,
        marks,
        former,
    })
}

fn read_crosswalk(run: &Run) -> Result<Members, PublishError> {
    const NAME: &str = "crosswalk.parquet";
    const COLUMNS: [&str; 5] = ["source", "record_key", "unified_id", "status", "content"];
    let shape = match frame::parquet_shape(&run.path(NAME)) {
        Err(FrameError::Io { path, source }) => return Err(PublishError::Io { path, source }),
        Err(error) => return Err(PublishError::damaged(&run.path(NAME), error.to_string())),
        Ok(shape) => shape,
    };
    let has_content = shape.columns.iter().any(|column| column.name == "content");
    let columns = if has_content { &COLUMNS[..] } else { &COLUMNS[..4] };
    read_table(run, NAME, columns, read_members)
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
