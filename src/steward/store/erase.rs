//! Records taken out of the store (operations.md R22): the one change to rows that the triggers refuse to everyone else.
//!
//! A decision about an erased record is undone and keeps its number, author and time; its record, value and reason go. Answers of audits
//! stay, so that a verdict stands; what they and their samples say of the record goes. Pages that were given up are overwritten
//! and the file is written anew, so that no byte of it is left behind.

use super::StewardError;
use super::Store;
use super::Word;
use rusqlite::Connection;
use rusqlite::Transaction;
use rusqlite::params;
use serde_json::Value;

/// What stands where a record or a text was.
const GONE: &str = "forgotten";

/// What an erasure changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ErasedRows {
    /// Numbers of decisions, ascending.
    pub decisions: Vec<i64>,
    /// Numbers of audits, ascending.
    pub audits: Vec<i64>,
    /// Entries of maps of renumbered keys.
    pub rekeys: u64,
}

impl ErasedRows {
    /// Was nothing of the records there?
    pub fn is_empty(&self) -> bool {
        self.decisions.is_empty() && self.audits.is_empty() && self.rekeys == 0
    }
}

impl Store {
    /// What of `names`, as (source, key), the store holds; nothing is changed.
    ///
    /// # Errors
    /// [`StewardError::Database`].
    pub fn held(&mut self, names: &[(String, String)]) -> Result<ErasedRows, StewardError> {
        let fault = self.database();
        let change = self.change()?;
        let held = erase(&change, names, &nobody()).map_err(&fault)?;
        change.rollback().map_err(&fault)?;
        Ok(held)
    }

    /// Takes `names`, as (source, key), out of everything that was said of them; `word` is whose doing it is.
    ///
    /// # Errors
    /// [`StewardError::Database`]; nothing is changed then.
    pub fn erase(&mut self, names: &[(String, String)], word: &Word) -> Result<ErasedRows, StewardError> {
        let fault = self.database();
        self.connection
            .pragma_update(None, "secure_delete", true)
            .map_err(&fault)?;
        let change = self.change()?;
        let erased = erase(&change, names, word).map_err(&fault)?;
        change.commit().map_err(&fault)?;
        self.pass("store.erased")?;
        self.connection.execute_batch("VACUUM").map_err(&fault)?;
        self.seal();
        Ok(erased)
    }
}

/// Stands for whoever asks, where nothing is kept.
fn nobody() -> Word {
    Word {
        author: GONE.to_owned(),
        reason: GONE.to_owned(),
        made_at: String::new(),
    }
}

fn erase(change: &Transaction<'_>, names: &[(String, String)], word: &Word) -> rusqlite::Result<ErasedRows> {
    let mut erased = ErasedRows::default();
    let triggers = triggers(change)?;
    for (name, _) in &triggers {
        change.execute_batch(&format!("DROP TRIGGER \"{name}\""))?;
    }
    for (source, key) in names {
        erased.decisions.extend(decisions_of(change, source, key)?);
        change.execute(
            "DELETE FROM holds_lifted WHERE hold IN (SELECT hold FROM holds WHERE source = ?1 AND record_key = ?2)",
            params![source, key],
        )?;
        change.execute(
            "DELETE FROM holds WHERE source = ?1 AND record_key = ?2",
            params![source, key],
        )?;
        erased.rekeys += change.execute(
            "DELETE FROM rekeys WHERE (old_key = ?2 OR new_key = ?2) \
             AND batch IN (SELECT batch FROM rekey_batches WHERE source = ?1)",
            params![source, key],
        )? as u64;
    }
    erased.decisions.sort_unstable();
    erased.decisions.dedup();
    for &decision in &erased.decisions {
        scrub_decision(change, decision, names, word)?;
    }
    erased.audits = scrub_audits(change, names)?;
    for (_, sql) in &triggers {
        change.execute_batch(sql)?;
    }
    Ok(erased)
}

/// The triggers that keep rows from being changed, as they were made.
fn triggers(connection: &Connection) -> rusqlite::Result<Vec<(String, String)>> {
    let mut query =
        connection.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY name")?;
    let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}

fn decisions_of(connection: &Connection, source: &str, key: &str) -> rusqlite::Result<Vec<i64>> {
    let mut query = connection
        .prepare("SELECT DISTINCT decision FROM decision_records WHERE source = ?1 AND record_key = ?2")?;
    let rows = query.query_map(params![source, key], |row| row.get(0))?;
    rows.collect()
}

fn scrub_decision(
    change: &Transaction<'_>,
    decision: i64,
    names: &[(String, String)],
    word: &Word,
) -> rusqlite::Result<()> {
    for (source, key) in names {
        change.execute(
            "UPDATE decision_records SET record_key = ?4 || '-' || decision || '-' || position, seen = 0 \
             WHERE decision = ?1 AND source = ?2 AND record_key = ?3",
            params![decision, source, key, GONE],
        )?;
    }
    change.execute(
        "UPDATE decisions SET reason = ?2, \
         value = CASE WHEN kind = 'pin_value' THEN ?2 ELSE value END WHERE id = ?1",
        params![decision, GONE],
    )?;
    change.execute(
        "UPDATE undone SET reason = ?2 WHERE decision = ?1",
        params![decision, GONE],
    )?;
    change.execute(
        "INSERT OR IGNORE INTO undone (decision, author, reason, made_at) VALUES (?1, ?2, ?3, ?4)",
        params![decision, &word.author, GONE, word.made_at],
    )?;
    Ok(())
}

/// Returns the audits whose samples show one of the records.
fn scrub_audits(change: &Transaction<'_>, names: &[(String, String)]) -> rusqlite::Result<Vec<i64>> {
    let mut query = change.prepare("SELECT audit, item, body FROM audit_items ORDER BY audit, item")?;
    let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let items: Vec<(i64, i64, String)> = rows.collect::<rusqlite::Result<_>>()?;
    let mut audits = Vec::new();
    for (audit, item, body) in items {
        let Ok(mut value) = serde_json::from_str::<Value>(&body) else {
            continue;
        };
        if !take_names(&mut value, names) {
            continue;
        }
        blank_texts(&mut value);
        change.execute(
            "UPDATE audit_items SET body = ?3 WHERE audit = ?1 AND item = ?2",
            params![audit, item, value.to_string()],
        )?;
        change.execute(
            "UPDATE audit_answers SET comment = '' WHERE audit = ?1 AND item = ?2",
            params![audit, item],
        )?;
        audits.push(audit);
    }
    for name in names {
        scrub_found(change, name)?;
    }
    audits.dedup();
    Ok(audits)
}

/// Takes a record out of the lists of records that auditors found.
fn scrub_found(change: &Transaction<'_>, (source, key): &(String, String)) -> rusqlite::Result<()> {
    let name = format!("{source}:{key}");
    let mut query = change
        .prepare("SELECT audit, revision, item, part, found FROM audit_answers WHERE instr(found, ?1) > 0")?;
    let rows = query.query_map([&name], |row| {
        Ok(((row.get(0)?, row.get(1)?, row.get(2)?), row.get(3)?, row.get(4)?))
    })?;
    type Answer = ((i64, i64, i64), String, String);
    let answers: Vec<Answer> = rows.collect::<rusqlite::Result<_>>()?;
    let is_end = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '，' | '；' | '、');
    for ((audit, revision, item), part, found) in answers {
        let kept = found
            .split_inclusive(is_end)
            .map(|word| match word.trim_end_matches(is_end) {
                whole if whole == name => word.replace(&name, &format!("{source}:{GONE}")),
                _ => word.to_owned(),
            });
        change.execute(
            "UPDATE audit_answers SET found = ?5 WHERE audit = ?1 AND revision = ?2 AND item = ?3 AND part = ?4",
            params![audit, revision, item, part, kept.collect::<String>()],
        )?;
    }
    Ok(())
}

/// Takes the keys of `names` out of every record that the value names; was there one?
fn take_names(value: &mut Value, names: &[(String, String)]) -> bool {
    match value {
        Value::Array(values) => {
            let taken = values.iter_mut().map(|value| take_names(value, names));
            taken.filter(|is_taken| *is_taken).count() > 0
        }
        Value::Object(object) => {
            let text = |name: &str| object.get(name).and_then(Value::as_str);
            let is_one = match (text("source"), text("key")) {
                (Some(source), Some(key)) => names.iter().any(|(of, name)| of == source && name == key),
                _ => false,
            };
            if is_one {
                object.insert("key".to_owned(), GONE.into());
            }
            let taken = object.values_mut().map(|value| take_names(value, names));
            taken.filter(|is_taken| *is_taken).count() > 0 || is_one
        }
        _ => false,
    }
}

/// Blanks the masked values and names of an item.
fn blank_texts(item: &mut Value) {
    if let Some(Value::Array(names)) = item.get_mut("names") {
        names.iter_mut().for_each(|name| *name = "".into());
    }
    if let Some(Value::Array(parts)) = item.get_mut("parts") {
        for part in parts {
            if let Some(masked) = part.get_mut("masked") {
                *masked = "".into();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::steward::DecidedRecord;
    use crate::steward::Expiry;
    use crate::steward::Matter;
    use crate::steward::NewDecision;
    use crate::steward::store::FILE;

    fn word(reason: &str) -> Word {
        Word {
            author: "王".to_owned(),
            reason: reason.to_owned(),
            made_at: "2026-11-23T06:00:00Z".to_owned(),
        }
    }

    fn new(matter: Matter, reason: &str, records: &[(&str, &str)]) -> NewDecision {
        let record = |&(source, key): &(&str, &str)| DecidedRecord {
            source: source.to_owned(),
            key: key.to_owned(),
            seen: 77,
            side: 0,
        };
        NewDecision {
            matter,
            records: records.iter().map(record).collect(),
            expiry: Expiry::ForEver,
            word: word(reason),
        }
    }

    #[test]
    fn r22_no_byte_of_a_record_is_left_and_the_rest_stands() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        let mut store = Store::open(&path).unwrap();
        let pin = Matter::from_parts("pin_value", Some("customer_name"), Some("王金丝雀 Canary"));
        let decisions = [
            new(
                Matter::Link,
                "金丝雀 phoned",
                &[("华东", "CANARY-1"), ("north", "N-1")],
            ),
            new(Matter::Link, "same firm", &[("华东", "8"), ("north", "N-2")]),
            new(pin.unwrap(), "金丝雀 said so", &[("华东", "CANARY-1")]),
        ];
        store.write(&[], &word("x"), &decisions).unwrap();
        store
            .rekey(
                "华东",
                &[("OLD".to_owned(), "CANARY-1".to_owned())],
                &word("renumbered"),
            )
            .unwrap();
        let names = [("华东".to_owned(), "CANARY-1".to_owned())];
        let held = store.held(&names).unwrap();
        assert_eq!((held.decisions.as_slice(), held.rekeys), (&[1, 3][..], 1));
        assert_eq!(store.known().unwrap().decisions[0].records[0].key, "CANARY-1");
        let erased = store.erase(&names, &word("request")).unwrap();
        assert_eq!(erased, held);
        let known = store.known().unwrap();
        let undone: Vec<bool> = known.decisions.iter().map(|one| one.undone.is_some()).collect();
        assert_eq!(undone, [true, false, true]);
        assert_eq!(known.decisions[1].word.reason, "same firm");
        assert!(store.held(&names).unwrap().is_empty());
        store.check().unwrap();
        drop(store);
        for entry in std::fs::read_dir(folder.path()).unwrap() {
            let bytes = std::fs::read(entry.unwrap().path()).unwrap();
            let text = String::from_utf8_lossy(&bytes);
            assert!(
                !text.contains("CANARY") && !text.contains("金丝雀"),
                "a byte is left"
            );
        }
        // The store is append-only again.
        let store = Store::open(&path).unwrap();
        assert!(store.connection.execute("DELETE FROM decisions", []).is_err());
    }
}
