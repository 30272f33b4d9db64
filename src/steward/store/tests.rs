//! The store as its callers see it, and as a damaged, foreign or newer file.

use super::*;
use std::fs;

fn word(made_at: &str) -> Word {
    Word {
        author: "王".to_owned(),
        reason: "同一公司 same firm".to_owned(),
        made_at: made_at.to_owned(),
    }
}

fn record(source: &str, key: &str, side: u8) -> DecidedRecord {
    DecidedRecord {
        source: source.to_owned(),
        key: key.to_owned(),
        seen: u64::MAX - 3,
        side,
    }
}

fn new(matter: Matter, records: &[(&str, &str, u8)]) -> NewDecision {
    NewDecision {
        matter,
        records: records
            .iter()
            .map(|&(source, key, side)| record(source, key, side))
            .collect(),
        expiry: Expiry::UntilSourceChanges,
        word: word("2026-11-23T06:00:00Z"),
    }
}

fn fresh() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE);
    (folder, path)
}

#[test]
fn decisions_come_back_as_they_were_made_in_a_private_file() {
    let (_folder, path) = fresh();
    assert!(Store::open_existing(&path).unwrap().is_none());
    let mut store = Store::open(&path).unwrap();
    let link = new(Matter::Link, &[("华东", "7", 0), ("north", "N-1", 0)]);
    let part = new(
        Matter::Part,
        &[("华东", "7", 0), ("north", "N-2", 1), ("north", "N-3", 1)],
    );
    let ids = store
        .write(&[], &word("t"), &[link.clone(), part.clone()])
        .unwrap();
    assert_eq!(ids, [1, 2]);
    store.write(&[1], &word("later"), &[]).unwrap();
    drop(store);
    let known = Store::open_existing(&path).unwrap().unwrap().known().unwrap();
    assert_eq!(known.decisions[1].records, part.records);
    assert_eq!(
        (&known.decisions[0].matter, known.decisions[0].expiry),
        (&link.matter, link.expiry)
    );
    assert_eq!(known.decisions[0].undone, Some(word("later")));
    assert_eq!(known.decisions[1].undone, None);
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    // One file is the whole state, its seal beside it.
    let names: Vec<_> = fs::read_dir(path.parent().unwrap()).unwrap().collect();
    assert_eq!(names.len(), 2);
}

#[test]
fn a_change_is_kept_whole_or_not_at_all() {
    let (_folder, path) = fresh();
    let mut store = Store::open(&path).unwrap();
    let link = || new(Matter::Link, &[("a", "1", 0), ("a", "2", 0)]);
    store.write(&[], &word("t"), &[link()]).unwrap();
    let unknown = store.write(&[1, 9], &word("t"), &[link()]);
    assert!(matches!(unknown, Err(StewardError::UnknownDecision { id: 9 })));
    let known = store.known().unwrap();
    assert_eq!(known.decisions.len(), 1);
    assert_eq!(known.decisions[0].undone, None);
    store.write(&[1], &word("t"), &[]).unwrap();
    let twice = store.write(&[1], &word("t"), &[]);
    assert!(matches!(twice, Err(StewardError::UndoneBefore { id: 1 })));
    for unsound in [
        new(Matter::Link, &[("a", "1", 0)]),
        new(Matter::Link, &[("a", "1", 0), ("a", "1", 0)]),
        new(Matter::Part, &[("a", "1", 0), ("a", "2", 0)]),
        new(Matter::Confirm, &[]),
        new(Matter::Link, &[("a", "", 0), ("a", "2", 0)]),
        NewDecision {
            word: Word {
                author: " ".to_owned(),
                ..word("t")
            },
            ..link()
        },
    ] {
        let refused = store.write(&[], &word("t"), &[unsound]);
        assert!(matches!(refused, Err(StewardError::Unsound { .. })));
    }
}

#[test]
fn nothing_that_was_said_is_changed_or_deleted() {
    let (_folder, path) = fresh();
    let mut store = Store::open(&path).unwrap();
    store
        .write(&[], &word("t"), &[new(Matter::Confirm, &[("a", "1", 0)])])
        .unwrap();
    store.write(&[1], &word("t"), &[]).unwrap();
    store
        .rekey("a", &[("1".to_owned(), "2".to_owned())], &word("t"))
        .unwrap();
    for table in [
        "decisions",
        "decision_records",
        "undone",
        "rekey_batches",
        "rekeys",
    ] {
        let deleted = store.connection.execute_batch(&format!("DELETE FROM {table}"));
        assert!(deleted.is_err(), "{table}");
    }
    assert!(
        store
            .connection
            .execute_batch("UPDATE decisions SET author = 'x'")
            .is_err()
    );
    assert_eq!(store.known().unwrap().rekeys.current(1, "a", "1"), "2");
    let empty = store.rekey(
        "a",
        &[("1".to_owned(), "1".to_owned()), ("2".to_owned(), "1".to_owned())],
        &word("t"),
    );
    assert!(matches!(empty, Err(StewardError::Unsound { .. })));
}

#[test]
fn a_foreign_a_newer_and_a_damaged_file_are_told_apart() {
    use crate::steward::StewardErrorKind::State;
    let (_folder, path) = fresh();
    fs::write(&path, "编号,客户名称\n".repeat(100)).unwrap();
    assert_eq!(Store::open(&path).unwrap_err().kind(), State);
    fs::remove_file(&path).unwrap();
    let other = Connection::open(&path).unwrap();
    other.execute_batch("CREATE TABLE notes (text)").unwrap();
    drop(other);
    assert!(matches!(Store::open(&path), Err(StewardError::Damaged { .. })));
    fs::remove_file(&path).unwrap();
    let store = Store::open(&path).unwrap();
    store.connection.pragma_update(None, "user_version", 99).unwrap();
    drop(store);
    let newer = Store::open(&path).unwrap_err();
    assert!(matches!(newer, StewardError::Newer { found: 99, .. }));
    assert_eq!(newer.kind(), State);
}

#[test]
fn b21_every_flipped_bit_of_store_and_seal_is_noticed() {
    let (_folder, path) = fresh();
    let mut store = Store::open(&path).unwrap();
    for key in ["1", "2", "客户三"] {
        let new = new(Matter::Confirm, &[("华东", key, 0)]);
        store.write(&[], &word("t"), &[new]).unwrap();
    }
    drop(store);
    let seal = path.with_file_name("steward.db.seal");
    for (file, stride) in [(&path, 487), (&seal, 1)] {
        let bytes = fs::read(file).unwrap();
        for position in (0..bytes.len() * 8).step_by(stride) {
            let mut flipped = bytes.clone();
            flipped[position / 8] ^= 1 << (position % 8);
            fs::write(file, &flipped).unwrap();
            assert!(Store::open(&path).is_err(), "bit {position} of {file:?}");
        }
        fs::write(file, &bytes).unwrap();
        Store::open(&path).unwrap();
    }
}

#[test]
fn a_store_written_after_its_seal_is_sound_and_sealed_again() {
    let (_folder, path) = fresh();
    let seal = path.with_file_name("steward.db.seal");
    drop(Store::open(&path).unwrap());
    let before = fs::read(&seal).unwrap();
    let mut store = Store::open(&path).unwrap();
    let new = new(Matter::Confirm, &[("a", "1", 0)]);
    store.write(&[], &word("t"), &[new]).unwrap();
    drop(store);
    assert_ne!(fs::read(&seal).unwrap(), before);
    fs::write(&seal, &before).unwrap();
    assert_eq!(Store::open(&path).unwrap().known().unwrap().decisions.len(), 1);
    assert_ne!(fs::read(&seal).unwrap(), before);
    fs::remove_file(&seal).unwrap();
    drop(Store::open(&path).unwrap());
    assert!(seal.exists());
}
