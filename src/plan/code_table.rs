//! Code tables (编码映射表): files that translate a subsidiary's codes.
//!
//! In: a CSV file in UTF-8 with the columns `code,value`; its first line may be `# version: …`. Out: the table, or one
//! sentence on what is wrong with it. Looking codes up, and reporting those that the table lacks, is done by `ingest`.

use crate::ingest::CodeTable;
use std::collections::BTreeMap;
use std::path::Path;

/// Reads the code table at `path`, named `name` in messages and reports.
pub(super) fn read(path: &Path, name: &str) -> Result<CodeTable, String> {
    let bytes =
        std::fs::read(path).map_err(|error| format!("cannot read the code table `{name}`: {error}"))?;
    let text = String::from_utf8(bytes).map_err(|_| format!("the code table `{name}` is not UTF-8"))?;
    let text = text.trim_start_matches('\u{FEFF}');
    Ok(CodeTable {
        name: name.to_owned(),
        version: version_of(text),
        entries: entries_of(text, name)?,
    })
}

/// What the first comment line says after `version:`; empty when there is none.
fn version_of(text: &str) -> String {
    let first = text.lines().next().unwrap_or_default();
    let comment = first.strip_prefix('#').map(str::trim).unwrap_or_default();
    comment
        .strip_prefix("version:")
        .map(str::trim)
        .unwrap_or_default()
        .to_owned()
}

fn entries_of(text: &str, name: &str) -> Result<BTreeMap<String, String>, String> {
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let headers = reader
        .headers()
        .map_err(|error| format!("the code table `{name}` is not CSV: {error}"))?;
    let column = |wanted: &str| {
        let found = headers
            .iter()
            .position(|header| header.eq_ignore_ascii_case(wanted));
        found.ok_or_else(|| format!("the code table `{name}` has no column `{wanted}`"))
    };
    let (code_at, value_at) = (column("code")?, column("value")?);
    let mut entries = BTreeMap::new();
    for record in reader.records() {
        let record = record.map_err(|error| format!("the code table `{name}` is not CSV: {error}"))?;
        let cell = |at: usize| record.get(at).unwrap_or_default().to_owned();
        let line = record.position().map_or(0, csv::Position::line);
        let (code, value) = (cell(code_at), cell(value_at));
        let earlier = entries.insert(code.clone(), value.clone());
        if earlier.is_some_and(|earlier| earlier != value) {
            return Err(format!(
                "the code table `{name}` translates the code of line {line} in two ways"
            ));
        }
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<CodeTable, String> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("level.csv");
        std::fs::write(&path, text).unwrap();
        read(&path, "level.csv")
    }

    #[test]
    fn the_version_and_the_codes_are_read() {
        let table = read_text("# version: 2024-01\ncode,value\n01,重点客户\nB,\"key, large\"\n").unwrap();
        assert_eq!(table.version, "2024-01");
        assert_eq!(table.entries["01"], "重点客户");
        assert_eq!(table.entries["B"], "key, large");
    }

    #[test]
    fn a_table_without_its_columns_or_with_two_meanings_is_refused() {
        assert!(read_text("a,b\n1,2\n").unwrap_err().contains("`code`"));
        assert!(
            read_text("code,value\n1,x\n1,y\n")
                .unwrap_err()
                .contains("line 3")
        );
    }
}
