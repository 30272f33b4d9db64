//! Records of a published run, read back for the next one.

use crate::publish::error::PublishError;
use crate::publish::run::Run;
use crate::publish::tables::RawReader;
use crate::table::RawRecords;
use frame::FrameError;
use std::ops::ControlFlow;

/// The table's file.
const NAME: &str = "raw.parquet";

/// The records named `(source, record key)`, sorted, as their sources gave them last; those that the run does not have are
/// left out, and runs of older programs have none.
///
/// # Errors
/// [`PublishError::Damaged`] when the file is changed or not what its name says.
pub fn read_records(run: &Run, named: &[(&str, &str)]) -> Result<RawRecords, PublishError> {
    if named.is_empty() || run.manifest().file(NAME).is_none() {
        return Ok(RawRecords::default());
    }
    run.verify_file(NAME)?;
    let path = run.path(NAME);
    let fault = |error: FrameError| match error {
        FrameError::Io { path, source } => PublishError::Io { path, source },
        other => PublishError::damaged(&path, other.to_string()),
    };
    let shape = frame::parquet_shape(&path).map_err(fault)?;
    let columns = RawReader::wanted(shape.columns.iter().map(|column| column.name.as_str()));
    let mut reader = RawReader::default();
    let mut next = 0;
    // Both are sorted, so each is walked once.
    let mut is_wanted = |source: &str, key: &str| {
        while named.get(next).is_some_and(|name| *name < (source, key)) {
            next += 1;
        }
        named.get(next) == Some(&(source, key))
    };
    let mut is_sound = true;
    frame::read_parquet_batches(&path, Some(&columns), &mut |table| {
        is_sound = reader.add(&table, &mut is_wanted).is_some();
        match is_sound {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        }
    })
    .map_err(fault)?;
    match is_sound {
        true => Ok(reader.finish()),
        false => Err(PublishError::damaged(
            &path,
            "a column holds what its name forbids",
        )),
    }
}
