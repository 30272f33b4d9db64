//! Legal holds: records that nobody may erase until the hold is lifted.
//!
//! In: names of records with who asks and why. Out: the holds that stand. A hold that was lifted stays on record, its record's key with it,
//! until the record itself is erased.

use super::StewardError;
use super::Store;
use super::Word;
use super::check_word;
use rusqlite::OptionalExtension;
use rusqlite::params;

/// A hold that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// Its number.
    pub hold: i64,
    /// Name of the source.
    pub source: String,
    /// Key of the record in it.
    pub key: String,
    /// Who asked, why, and when.
    pub word: Word,
}

impl Store {
    /// Holds that stand, by number.
    ///
    /// # Errors
    /// [`StewardError::Database`].
    pub fn holds(&self) -> Result<Vec<Hold>, StewardError> {
        let fault = self.database();
        let mut query = self
            .connection
            .prepare(
                "SELECT hold, source, record_key, author, reason, made_at FROM holds \
                 WHERE hold NOT IN (SELECT hold FROM holds_lifted) ORDER BY hold",
            )
            .map_err(&fault)?;
        let rows = query
            .query_map([], |row| {
                Ok(Hold {
                    hold: row.get(0)?,
                    source: row.get(1)?,
                    key: row.get(2)?,
                    word: Word {
                        author: row.get(3)?,
                        reason: row.get(4)?,
                        made_at: row.get(5)?,
                    },
                })
            })
            .map_err(&fault)?;
        rows.collect::<rusqlite::Result<_>>().map_err(&fault)
    }

    /// Lays a hold on each of `names`, as (source, key), all or nothing; returns their numbers.
    ///
    /// # Errors
    /// [`StewardError::Unsound`] without author or reason, [`StewardError::Database`].
    pub fn hold(&mut self, names: &[(String, String)], word: &Word) -> Result<Vec<i64>, StewardError> {
        check_word(word)?;
        let fault = self.database();
        let change = self.change()?;
        let mut numbers = Vec::with_capacity(names.len());
        for (source, key) in names {
            let number: i64 = change
                .query_row("SELECT coalesce(max(hold), 0) + 1 FROM holds", [], |row| {
                    row.get(0)
                })
                .map_err(&fault)?;
            change
                .execute(
                    "INSERT INTO holds VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                    params![number, source, key, word.author, word.reason, word.made_at],
                )
                .map_err(&fault)?;
            numbers.push(number);
        }
        change.commit().map_err(&fault)?;
        self.seal();
        Ok(numbers)
    }

    /// Lifts a hold; `false` when none of this number stands.
    ///
    /// # Errors
    /// As [`Store::hold`].
    pub fn lift_hold(&mut self, number: i64, word: &Word) -> Result<bool, StewardError> {
        check_word(word)?;
        let fault = self.database();
        let change = self.change()?;
        let standing: Option<i64> = change
            .query_row(
                "SELECT hold FROM holds WHERE hold = ?1 AND hold NOT IN (SELECT hold FROM holds_lifted)",
                [number],
                |row| row.get(0),
            )
            .optional()
            .map_err(&fault)?;
        if standing.is_none() {
            return Ok(false);
        }
        change
            .execute(
                "INSERT INTO holds_lifted VALUES (?1, ?2, ?3, ?4)",
                params![number, word.author, word.reason, word.made_at],
            )
            .map_err(&fault)?;
        change.commit().map_err(&fault)?;
        self.seal();
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::steward::store::FILE;

    #[test]
    fn a_hold_stands_until_it_is_lifted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        let mut store = Store::open(&path).unwrap();
        let word = |reason: &str| Word {
            author: "法务 Legal".to_owned(),
            reason: reason.to_owned(),
            made_at: "2026-11-23T06:00:00Z".to_owned(),
        };
        let names =
            [("华东", "K7"), ("north", "N-1")].map(|(source, key)| (source.to_owned(), key.to_owned()));
        assert_eq!(store.hold(&names, &word("诉讼 lawsuit")).unwrap(), [1, 2]);
        assert!(store.hold(&names, &word("")).is_err());
        assert!(store.lift_hold(1, &word("settled 和解")).unwrap());
        assert!(!store.lift_hold(1, &word("again")).unwrap());
        assert!(!store.lift_hold(9, &word("none")).unwrap());
        drop(store);
        let holds = Store::open(&path).unwrap().holds().unwrap();
        assert_eq!(holds.len(), 1);
        assert_eq!(
            (holds[0].hold, holds[0].source.as_str(), holds[0].key.as_str()),
            (2, "north", "N-1")
        );
    }
}
