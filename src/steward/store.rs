//! `steward.db`: what stewards said, one SQLite file of the hub.
//!
//! In: decisions, undoings and re-key maps, each change all or nothing. Out: the same, in the order of time. Append-only:
//! triggers refuse to change or delete a row, an undoing is a row of its own. One file is the whole state: a rollback journal
//! and `synchronous = EXTRA`, so that what a command confirmed is on disk: `FULL` leaves the journal's removal in memory, and a
//! journal that comes back after a loss of power takes the change back. A seal beside it ([`super::seal`]) tells wrong bits. Mode 0600; the format number is `user_version`, an
//! older file is brought up step by step, a newer one is refused. Other parts of the program may add tables by a further step.

use crate::disk::failpoint;
use crate::steward::DecidedRecord;
use crate::steward::Decision;
use crate::steward::Expiry;
use crate::steward::Known;
use crate::steward::Matter;
use crate::steward::NewDecision;
use crate::steward::Rekeys;
use crate::steward::StewardError;
use crate::steward::Word;
use crate::steward::rekey::Batch;
use crate::steward::seal;
use crate::steward::seal::Standing;
use rusqlite::Connection;
use rusqlite::OpenFlags;
use rusqlite::OptionalExtension;
use rusqlite::Row;
use rusqlite::Transaction;
use rusqlite::TransactionBehavior;
use rusqlite::params;
use std::fs::OpenOptions;
use std::fs::Permissions;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

mod audits;
mod erase;
mod holds;

pub use audits::StoredAnswer;
pub use audits::StoredAudit;
pub use audits::StoredImport;
pub use audits::StoredSteering;
pub use erase::ErasedRows;
pub use holds::Hold;

/// Name of the file in the hub.
pub const FILE: &str = "steward.db";

/// `application_id` of the file: `GYsd`.
const APPLICATION: i64 = 0x4759_7364;

/// Per format, the step that leads to it from the one before; the first from an empty file.
const STEPS: &[&str] = &[
    include_str!("store_1.sql"),
    include_str!("store_2.sql"),
    include_str!("store_3.sql"),
];

/// How long a reader waits for a writer.
const PATIENCE: Duration = Duration::from_secs(10);

/// The open store.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    path: PathBuf,
    /// Has the file been found to be a store?
    is_ours: bool,
}

impl Store {
    /// Opens the store at `path`; makes it, with mode 0600, when there is nothing.
    ///
    /// # Errors
    /// [`StewardError::Damaged`], [`StewardError::Newer`], [`StewardError::Io`], [`StewardError::Database`].
    pub fn open(path: &Path) -> Result<Self, StewardError> {
        let io = |source| StewardError::Io {
            path: path.to_path_buf(),
            source,
        };
        // Not opened when it is there: closing it would give back the locks that another connection of this process holds.
        if !path.exists() {
            let mut options = OpenOptions::new();
            let file = options.write(true).create(true).truncate(false);
            let file = file.mode(0o600).open(path).map_err(io)?;
            file.set_permissions(Permissions::from_mode(0o600)).map_err(io)?;
            // The seal of a store that was taken away.
            let _ = std::fs::remove_file(seal::seal_path(path));
        }
        let mut store = Self::connect(path)?;
        store.bring_up()?;
        failpoint::hit("store.opened").map_err(io)?;
        Ok(store)
    }

    /// Opens the store at `path` if there is one.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_existing(path: &Path) -> Result<Option<Self>, StewardError> {
        match std::fs::metadata(path) {
            Ok(_) => Self::open(path).map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(StewardError::Io {
                path: path.to_path_buf(),
                source,
            }),
        }
    }

    fn connect(path: &Path) -> Result<Self, StewardError> {
        let fault = |source| StewardError::Database {
            path: path.to_path_buf(),
            source,
        };
        // A journal that a killed process left is rolled back by whoever opens the file, so readers open it for writing too.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(fault)?;
        connection.busy_timeout(PATIENCE).map_err(fault)?;
        connection
            .execute_batch(
                "PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA; PRAGMA foreign_keys = ON; \
                 PRAGMA trusted_schema = OFF;",
            )
            .map_err(fault)?;
        Ok(Self {
            connection,
            path: path.to_path_buf(),
            is_ours: false,
        })
    }

    fn database(&self) -> impl Fn(rusqlite::Error) -> StewardError + use<> {
        let path = self.path.clone();
        move |source| StewardError::Database {
            path: path.clone(),
            source,
        }
    }

    fn damaged(&self, detail: impl Into<String>) -> StewardError {
        StewardError::Damaged {
            path: self.path.clone(),
            detail: detail.into(),
        }
    }

    /// Brings the file to the newest format.
    fn bring_up(&mut self) -> Result<(), StewardError> {
        let fault = self.database();
        let number =
            |connection: &Connection, pragma| connection.pragma_query_value(None, pragma, |row| row.get(0));
        let application: i64 = number(&self.connection, "application_id").map_err(&fault)?;
        let found: i64 = number(&self.connection, "user_version").map_err(&fault)?;
        let known = STEPS.len() as i64;
        if found > known {
            let path = self.path.clone();
            return Err(StewardError::Newer { path, found, known });
        }
        let tables: i64 = self
            .connection
            .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
            .map_err(&fault)?;
        if application != APPLICATION && (application, found, tables) != (0, 0, 0) {
            return Err(self.damaged("it is a database of another program"));
        }
        let sound: String = self
            .connection
            .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
            .map_err(&fault)?;
        if sound != "ok" {
            return Err(self.damaged("its pages contradict each other"));
        }
        if found < known {
            let change = self.change()?;
            // Another process may have been faster.
            let found: i64 = number(&change, "user_version").map_err(&fault)?;
            for step in &STEPS[found.max(0) as usize..] {
                change.execute_batch(step).map_err(&fault)?;
            }
            change
                .pragma_update(None, "application_id", APPLICATION)
                .map_err(&fault)?;
            change
                .pragma_update(None, "user_version", known)
                .map_err(&fault)?;
            change.commit().map_err(&fault)?;
        }
        self.check_seal()
    }

    /// Refuses a store whose bytes are not those that were sealed.
    fn check_seal(&mut self) -> Result<(), StewardError> {
        let fault = self.database();
        match seal::examine(&mut self.connection, &self.path).map_err(fault)? {
            Standing::Sound | Standing::Unsealed => {
                self.is_ours = true;
                Ok(())
            }
            Standing::Broken(detail) => Err(self.damaged(detail)),
            Standing::Newer(found) => Err(StewardError::Newer {
                path: seal::seal_path(&self.path),
                found: found.into(),
                known: 1,
            }),
        }
    }

    /// Brings the seal up to what was written; what fails here is made good when the store is opened next.
    fn seal(&mut self) {
        if let Ok(Standing::Unsealed) = seal::examine(&mut self.connection, &self.path) {
            let _ = seal::seal(&mut self.connection, &self.path);
        }
    }

    /// Passes a failpoint.
    fn pass(&self, step: &'static str) -> Result<(), StewardError> {
        failpoint::hit(step).map_err(|source| StewardError::Io {
            path: self.path.clone(),
            source,
        })
    }

    fn change(&mut self) -> Result<Transaction<'_>, StewardError> {
        let fault = self.database();
        let change = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate);
        change.map_err(fault)
    }

    /// Checks every page, every index and every reference between tables.
    ///
    /// # Errors
    /// [`StewardError::Damaged`], [`StewardError::Database`].
    pub fn check(&self) -> Result<(), StewardError> {
        let fault = self.database();
        let sound = "PRAGMA integrity_check(1)";
        let sound: String = self
            .connection
            .query_row(sound, [], |row| row.get(0))
            .map_err(&fault)?;
        let dangling = "SELECT count(*) FROM pragma_foreign_key_check";
        let dangling: i64 = self
            .connection
            .query_row(dangling, [], |row| row.get(0))
            .map_err(&fault)?;
        match (sound.as_str(), dangling) {
            ("ok", 0) => Ok(()),
            ("ok", _) => Err(self.damaged("rows name decisions that are not there")),
            _ => Err(self.damaged("its pages or indexes contradict each other")),
        }
    }

    /// The bytes of the store and of its seal, as of one moment.
    ///
    /// # Errors
    /// [`StewardError::Damaged`], [`StewardError::Database`].
    pub fn image(&mut self) -> Result<(Vec<u8>, Vec<u8>), StewardError> {
        let fault = self.database();
        let image = self.connection.serialize("main").map_err(fault)?.to_vec();
        let seal = seal::of(&image).ok_or_else(|| self.damaged("its header contradicts itself"))?;
        Ok((image, seal))
    }

    /// Every decision ever made, in the order of time, and the re-key maps.
    ///
    /// # Errors
    /// [`StewardError::Damaged`] when a row holds what its column forbids, [`StewardError::Database`].
    pub fn known(&self) -> Result<Known, StewardError> {
        Ok(Known {
            decisions: self.decisions()?,
            rekeys: self.rekeys()?,
        })
    }

    fn decisions(&self) -> Result<Vec<Decision>, StewardError> {
        let fault = self.database();
        let mut query = self
            .connection
            .prepare(
                "SELECT d.id, d.kind, d.field, d.value, d.expiry, d.author, d.reason, d.made_at, \
                 u.author, u.reason, u.made_at \
                 FROM decisions d LEFT JOIN undone u ON u.decision = d.id ORDER BY d.id",
            )
            .map_err(&fault)?;
        let mut rows = query.query([]).map_err(&fault)?;
        let mut decisions = Vec::new();
        while let Some(row) = rows.next().map_err(&fault)? {
            let decision = decision(row).map_err(&fault)?;
            decisions.push(decision.ok_or_else(|| self.damaged("a decision is of no known kind"))?);
        }
        self.read_records(&mut decisions)?;
        Ok(decisions)
    }

    fn read_records(&self, decisions: &mut [Decision]) -> Result<(), StewardError> {
        let fault = self.database();
        let mut query = self
            .connection
            .prepare(
                "SELECT decision, source, record_key, seen, side FROM decision_records \
                 ORDER BY decision, position",
            )
            .map_err(&fault)?;
        let mut rows = query.query([]).map_err(&fault)?;
        while let Some(row) = rows.next().map_err(&fault)? {
            let id: i64 = row.get(0).map_err(&fault)?;
            let at = decisions.binary_search_by_key(&id, |decision| decision.id);
            let at = at.map_err(|_| self.damaged("a record belongs to no decision"))?;
            decisions[at].records.push(DecidedRecord {
                source: row.get(1).map_err(&fault)?,
                key: row.get(2).map_err(&fault)?,
                seen: row.get::<_, i64>(3).map_err(&fault)?.cast_unsigned(),
                side: row.get(4).map_err(&fault)?,
            });
        }
        match decisions.iter().find(|decision| decision.records.is_empty()) {
            Some(_) => Err(self.damaged("a decision names no record")),
            None => Ok(()),
        }
    }

    fn rekeys(&self) -> Result<Rekeys, StewardError> {
        let fault = self.database();
        let mut query = self
            .connection
            .prepare(
                "SELECT m.batch, b.made_after, b.source, b.made_at, m.old_key, m.new_key \
                 FROM rekeys m JOIN rekey_batches b ON b.batch = m.batch ORDER BY m.batch, m.old_key",
            )
            .map_err(&fault)?;
        let mut rows = query.query([]).map_err(&fault)?;
        let (mut batches, mut last) = (Vec::<Batch>::new(), None);
        while let Some(row) = rows.next().map_err(&fault)? {
            let batch: i64 = row.get(0).map_err(&fault)?;
            if last != Some(batch) {
                last = Some(batch);
                batches.push(Batch {
                    number: batch,
                    made_after: row.get(1).map_err(&fault)?,
                    source: row.get(2).map_err(&fault)?,
                    made_at: row.get(3).map_err(&fault)?,
                    ..Batch::default()
                });
            }
            let keys = batches.last_mut().map(|batch| &mut batch.keys);
            let keys = keys.expect("a batch was pushed for the first row");
            keys.insert(row.get(4).map_err(&fault)?, row.get(5).map_err(&fault)?);
        }
        Ok(Rekeys { batches })
    }

    /// Undoes decisions and keeps new ones, all or nothing; returns the numbers of the new ones.
    ///
    /// # Errors
    /// [`StewardError::UnknownDecision`], [`StewardError::UndoneBefore`], [`StewardError::Unsound`] for a decision without author,
    /// reason or the right number of records, [`StewardError::Database`]; nothing is kept then.
    pub fn write(
        &mut self,
        undo: &[i64],
        word: &Word,
        add: &[NewDecision],
    ) -> Result<Vec<i64>, StewardError> {
        check_word(word)?;
        add.iter().try_for_each(check)?;
        let fault = self.database();
        self.pass("store.begun")?;
        let change = self.change()?;
        for &id in undo {
            undo_one(&change, id, word).map_err(&fault)??;
        }
        let ids: Result<Vec<i64>, _> = add.iter().map(|new| add_one(&change, new)).collect();
        let ids = ids.map_err(&fault)?;
        let filled = failpoint::hit("store.filled");
        filled.map_err(|error| fault(rusqlite::Error::ToSqlConversionFailure(Box::new(error))))?;
        change.commit().map_err(&fault)?;
        self.pass("store.committed")?;
        self.seal();
        Ok(ids)
    }

    /// Accepts that the records of `source` have new keys, (old, new); decisions made before follow.
    ///
    /// # Errors
    /// [`StewardError::Unsound`] when an old or a new key is empty or occurs twice, [`StewardError::Database`].
    pub fn rekey(
        &mut self,
        source: &str,
        keys: &[(String, String)],
        word: &Word,
    ) -> Result<(), StewardError> {
        check_word(word)?;
        check_keys(source, keys)?;
        let fault = self.database();
        let change = self.change()?;
        insert_rekeys(&change, source, keys, word).map_err(&fault)?;
        change.commit().map_err(&fault)
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        // What is no store of ours is not sealed either.
        if self.is_ours {
            self.seal();
        }
    }
}

fn decision(row: &Row) -> rusqlite::Result<Option<Decision>> {
    let (kind, field): (String, Option<String>) = (row.get(1)?, row.get(2)?);
    let (value, expiry): (Option<String>, String) = (row.get(3)?, row.get(4)?);
    let undone_by: Option<String> = row.get(8)?;
    let undone = match undone_by {
        Some(author) => Some(Word {
            author,
            reason: row.get(9)?,
            made_at: row.get(10)?,
        }),
        None => None,
    };
    let matter = Matter::from_parts(&kind, field.as_deref(), value.as_deref());
    let (Some(matter), Ok(expiry)) = (matter, expiry.parse::<Expiry>()) else {
        return Ok(None);
    };
    Ok(Some(Decision {
        id: row.get(0)?,
        matter,
        records: Vec::new(),
        expiry,
        word: Word {
            author: row.get(5)?,
            reason: row.get(6)?,
            made_at: row.get(7)?,
        },
        undone,
    }))
}

fn check_word(word: &Word) -> Result<(), StewardError> {
    if word.author.trim().is_empty() || word.reason.trim().is_empty() || word.made_at.is_empty() {
        let detail = "a decision needs an author and a reason; give `--author` and `--reason`";
        return Err(StewardError::Unsound { detail });
    }
    Ok(())
}

fn check(new: &NewDecision) -> Result<(), StewardError> {
    check_word(&new.word)?;
    let names = |side: u8| new.records.iter().filter(move |record| record.side == side);
    let is_sound = match new.matter {
        Matter::Link => new.records.len() >= 2,
        Matter::Part => names(0).count() >= 1 && names(1).count() >= 1,
        Matter::Confirm => !new.records.is_empty(),
        Matter::PinValue { .. } | Matter::PinId { .. } => new.records.len() == 1,
    };
    let mut all: Vec<_> = new
        .records
        .iter()
        .map(|record| (&record.source, &record.key))
        .collect();
    all.sort_unstable();
    let is_once = all.windows(2).all(|two| two[0] != two[1]);
    let is_named = all
        .iter()
        .all(|(source, key)| !source.is_empty() && !key.is_empty());
    if is_sound && is_once && is_named {
        return Ok(());
    }
    let detail = "a decision names different records: two to join or part, one to pin";
    Err(StewardError::Unsound { detail })
}

fn undo_one(change: &Transaction, id: i64, word: &Word) -> rusqlite::Result<Result<(), StewardError>> {
    let known: Option<bool> = change
        .query_row(
            "SELECT EXISTS (SELECT 1 FROM undone WHERE decision = d.id) FROM decisions d WHERE d.id = ?1",
            [id],
            |row| row.get(0),
        )
        .optional()?;
    match known {
        None => Ok(Err(StewardError::UnknownDecision { id })),
        Some(true) => Ok(Err(StewardError::UndoneBefore { id })),
        Some(false) => {
            change.execute(
                "INSERT INTO undone (decision, author, reason, made_at) VALUES (?1, ?2, ?3, ?4)",
                params![id, word.author, word.reason, word.made_at],
            )?;
            Ok(Ok(()))
        }
    }
}

fn add_one(change: &Transaction, new: &NewDecision) -> rusqlite::Result<i64> {
    let id: i64 = change.query_row("SELECT coalesce(max(id), 0) + 1 FROM decisions", [], |row| {
        row.get(0)
    })?;
    let word = &new.word;
    change.execute(
        "INSERT INTO decisions (id, kind, field, value, expiry, author, reason, made_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            id,
            new.matter.as_str(),
            new.matter.field(),
            new.matter.value(),
            new.expiry.to_string(),
            word.author,
            word.reason,
            word.made_at
        ],
    )?;
    let mut insert = change.prepare(
        "INSERT INTO decision_records (decision, position, source, record_key, seen, side) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for (position, record) in new.records.iter().enumerate() {
        let (position, seen) = (position as i64, record.seen.cast_signed());
        insert.execute(params![
            id,
            position,
            record.source,
            record.key,
            seen,
            record.side
        ])?;
    }
    Ok(id)
}

fn check_keys(source: &str, keys: &[(String, String)]) -> Result<(), StewardError> {
    let is_once = |key: fn(&(String, String)) -> &str| {
        let mut all: Vec<&str> = keys.iter().map(key).collect();
        all.sort_unstable();
        all.windows(2).all(|two| two[0] != two[1]) && !all.contains(&"")
    };
    if source.is_empty() || keys.is_empty() || !is_once(|pair| &pair.0) || !is_once(|pair| &pair.1) {
        let detail = "a re-key map names a source and every old and every new key once";
        return Err(StewardError::Unsound { detail });
    }
    Ok(())
}

fn insert_rekeys(
    change: &Transaction,
    source: &str,
    keys: &[(String, String)],
    word: &Word,
) -> rusqlite::Result<()> {
    change.execute(
        "INSERT INTO rekey_batches (batch, made_after, source, author, reason, made_at) \
         SELECT (SELECT coalesce(max(batch), 0) + 1 FROM rekey_batches), \
                (SELECT coalesce(max(id), 0) FROM decisions), ?1, ?2, ?3, ?4",
        params![source, word.author, word.reason, word.made_at],
    )?;
    let mut insert = change.prepare(
        "INSERT INTO rekeys (batch, old_key, new_key) \
         VALUES ((SELECT max(batch) FROM rekey_batches), ?1, ?2)",
    )?;
    for (old, new) in keys {
        insert.execute(params![old, new])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
