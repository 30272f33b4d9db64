//! Reference lists that the job gives in place of the embedded ones.
//!
//! In: the `[reference]` table: list names and files. Out: the text and hash of each list, or a fault at the list's name or
//! the file's. The shape of every row is checked by `reference`; the lists are put in place by `pipeline`, before the first
//! value is read.

use crate::plan::ReferenceFile;
use crate::plan::faults::FaultList;
use crate::plan::faults::name_hint;
use crate::plan::toml_table::Located;
use crate::reference;
use crate::reference::ReplaceError;
use std::path::Path;

/// Reads and checks the files, in the order of list names.
pub(super) fn read(
    given: &[(Located<String>, Located<String>)],
    base: &Path,
    faults: &mut FaultList,
) -> Vec<ReferenceFile> {
    let mut files: Vec<_> = given
        .iter()
        .filter_map(|(list, file)| read_file(list, file, base, faults))
        .collect();
    files.sort_by(|a, b| a.list.cmp(&b.list));
    files
}

fn read_file(
    list: &Located<String>,
    file: &Located<String>,
    base: &Path,
    faults: &mut FaultList,
) -> Option<ReferenceFile> {
    let known: Vec<_> = reference::replaceable_lists().collect();
    if !known.contains(&list.value.as_str()) {
        let message = format!("unknown reference list `{}`", list.value);
        faults.add_hint(list.span.clone(), message, name_hint(&list.value, &known));
        return None;
    }
    let name = &file.value;
    let text = match std::fs::read(base.join(name)).map(String::from_utf8) {
        Ok(Ok(text)) => text.trim_start_matches('\u{FEFF}').to_owned(),
        Ok(Err(_)) => {
            faults.add_hint(
                file.span.clone(),
                format!("the reference file `{name}` is not UTF-8"),
                "save it as UTF-8",
            );
            return None;
        }
        Err(error) => {
            let message = format!("cannot read the reference file `{name}`: {error}");
            faults.add(file.span.clone(), message);
            return None;
        }
    };
    match reference::check_replacement(&list.value, &text) {
        Ok(hash) => Some(ReferenceFile {
            list: list.value.clone(),
            text,
            hash,
        }),
        Err(error) => {
            faults.add_hint(file.span.clone(), format!("`{name}`: {error}"), hint_of(&error));
            None
        }
    }
}

fn hint_of(error: &ReplaceError) -> &'static str {
    match error {
        ReplaceError::Empty { .. } => "leave the key out to use the embedded list",
        _ => "cells are parted by tabs, as in the list's file in `src/reference/data/`",
    }
}
