//! `guiyi decide rekey`: a source has renumbered its records.

use super::act::Desk;
use super::act::WordArguments;
use crate::cli::Failure;
use crate::cli::console;
use std::path::Path;

pub(super) fn execute(source: &str, file: &Path, word: &WordArguments) -> Result<u8, Failure> {
    let keys = read(file)?;
    let mut desk = Desk::open(word)?;
    desk.rekey(source, &keys, word)?;
    let what = desk.plan.language.choose(
        "new keys kept; decisions made before follow them",
        "已登记新主键；此前的裁决随之沿用",
    );
    console::print(&format!("{what}: {}", keys.len()));
    Ok(0)
}

/// Old and new keys, in the order of the file.
fn read(file: &Path) -> Result<Vec<(String, String)>, Failure> {
    let name = file.display();
    let fault = |what: String| Failure::usage(format!("`{name}`: {what}"));
    let bytes = std::fs::read(file).map_err(|error| fault(error.to_string()))?;
    let text = std::str::from_utf8(&bytes).map_err(|_| fault("it is not UTF-8".to_owned()))?;
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{FEFF}').as_bytes());
    let headers = reader.headers().map_err(|error| fault(error.to_string()))?;
    let column = |wanted: &str| {
        let at = headers.iter().position(|header| header.trim() == wanted);
        at.ok_or_else(|| {
            fault(format!(
                "there is no column `{wanted}`; its header is `old_key,new_key`"
            ))
        })
    };
    let (old, new) = (column("old_key")?, column("new_key")?);
    let pair = |row: Result<csv::StringRecord, csv::Error>| {
        let row = row.map_err(|error| fault(error.to_string()))?;
        let cell = |at: usize| row.get(at).unwrap_or_default().to_owned();
        Ok((cell(old), cell(new)))
    };
    reader.records().map(pair).collect()
}
