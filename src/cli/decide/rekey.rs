//! `guiyi decide rekey`: a source has renumbered its records.
//!
//! The map is a CSV with the columns `old_key,new_key`; with a column `source` the rows of other sources are left out, so that
//! one file serves several. Cells are read as the hub writes them for people.

use super::act::Desk;
use super::act::WordArguments;
use crate::cli::Failure;
use crate::cli::console;
use crate::model::Language;
use crate::publish::unguard_cell;
use std::path::Path;

pub(super) fn execute(source: &str, file: &Path, word: &WordArguments) -> Result<u8, Failure> {
    let keys = read(source, file)?;
    let mut desk = Desk::open(word)?;
    // Nothing that was kept is deleted, so a map of another file is stopped here.
    let is_known = |old: &&(String, String)| {
        desk.published
            .id_of(&(source.to_owned(), old.0.clone()))
            .is_some()
    };
    let known = keys.iter().filter(is_known).count();
    if known == 0 {
        return Err(Failure::usage(format!(
            "no old key of the map is a record of source `{source}` in the published run"
        )));
    }
    desk.rekey(source, &keys, word)?;
    let count = keys.len();
    console::print(&match desk.plan.language {
        Language::En => {
            format!(
                "{count} new keys kept, {known} of them of the published run; decisions made before follow them"
            )
        }
        Language::Zh => {
            format!("已登记 {count} 个新主键，其中 {known} 个在已发布的运行中；此前的裁决随之沿用")
        }
    });
    Ok(0)
}

/// Old and new keys, in the order of the file.
fn read(source: &str, file: &Path) -> Result<Vec<(String, String)>, Failure> {
    let name = file.display();
    let fault = |what: String| Failure::usage(format!("`{name}`: {what}"));
    let bytes = std::fs::read(file).map_err(|error| fault(error.to_string()))?;
    let text = std::str::from_utf8(&bytes).map_err(|_| fault("it is not UTF-8".to_owned()))?;
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{FEFF}').as_bytes());
    let headers = reader.headers().map_err(|error| fault(error.to_string()))?;
    let find = |wanted: &str| headers.iter().position(|header| header.trim() == wanted);
    let column = |wanted: &str| {
        let what = || {
            fault(format!(
                "there is no column `{wanted}`; its header is `old_key,new_key`"
            ))
        };
        find(wanted).ok_or_else(what)
    };
    let (old, new, of) = (column("old_key")?, column("new_key")?, find("source"));
    let mut pairs = Vec::new();
    for row in reader.records() {
        let row = row.map_err(|error| fault(error.to_string()))?;
        let cell = |at: usize| unguard_cell(row.get(at).unwrap_or_default()).to_owned();
        if of.is_none_or(|of| cell(of) == source) {
            pairs.push((cell(old), cell(new)));
        }
    }
    Ok(pairs)
}
