//! What every fuzz target asks of the program; also run over `regressions/` by the ordinary tests.
//!
//! In: bytes. A target panics when the program does, or when a promise of the called function is broken.

use guiyi::field::FieldType;
use guiyi::field::field_type;
use guiyi::ingest::ProfileOptions;
use guiyi::ingest::profile;
use guiyi::text::fold::fold;
use std::fs;

/// Longest input of a field target: field types refuse longer texts unread.
const TEXT_BYTES_MAX: usize = 4_096;

/// One cell of a field type: parts and standing fit, and standard text standardises to itself.
pub fn field(name: &str, data: &[u8]) {
    let field_type = field_type(name).expect("the target is named after a field type");
    let text = String::from_utf8_lossy(&data[..data.len().min(TEXT_BYTES_MAX)]);
    let value = field_type.standardise(&text);
    assert_eq!(value.status.is_usable(), !value.items.is_empty());
    for item in &value.items {
        assert!(!item.value.is_empty());
        assert_eq!(item.parts.len(), field_type.parts().len());
    }
    if let ([item], false) = (value.items.as_slice(), text.contains('\u{1F}')) {
        assert_eq!(values(field_type, &item.value), std::slice::from_ref(&item.value));
    }
}

fn values(field_type: &dyn FieldType, text: &str) -> Vec<String> {
    let value = field_type.standardise(text);
    value.items.into_iter().map(|item| item.value).collect()
}

/// Folding twice is folding once.
pub fn folding(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let once = fold(&text).into_owned();
    assert_eq!(fold(&once), once);
}

/// A file of the given kind is read or refused, and rows add up.
pub fn file(extension: &str, data: &[u8]) {
    let folder = tempfile::tempdir().expect("there is room for one file");
    let path = folder.path().join(format!("input.{extension}"));
    fs::write(&path, data).expect("there is room for one file");
    if let Ok(found) = profile(&path, &ProfileOptions::default()) {
        let most = found.columns.iter().map(|column| column.filled).max();
        assert!(most.unwrap_or(0) <= found.rows);
    }
}

/// A job file is read or refused with its faults.
pub fn job(data: &[u8]) {
    let folder = tempfile::tempdir().expect("there is room for one file");
    let path = folder.path().join("guiyi.toml");
    fs::write(&path, data).expect("there is room for one file");
    let _ = guiyi::plan::load(&path);
}
