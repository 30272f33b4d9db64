//! The audits of the store: drawn samples, answers, words that steer series.
//!
//! In: a sample as `audit` drew it, answers as a worksheet gave them. Out: the same. What a stratum or an item holds is text to the store.
//! Append-only like everything here: a sample is frozen once drawn, answers are replaced by a further revision. No decision is made
//! from an answer and no answer from a decision: the two have tables of their own, and nothing reads one as the other.

use super::StewardError;
use super::Store;
use super::Word;
use super::check_word;
use rusqlite::OptionalExtension;
use rusqlite::Row;
use rusqlite::params;

/// A sample.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StoredAudit {
    /// Its number; given by the store.
    pub audit: i64,
    /// The run that it was drawn from.
    pub run_id: String,
    /// What was drawn, such as `links`.
    pub unit: String,
    /// Seed of the draw.
    pub seed: u64,
    /// Everything else that was asked for.
    pub spec: String,
    /// SHA-256 of the frame in hexadecimal.
    pub frame_sha256: String,
    /// Units of the frame.
    pub population: u64,
    /// Units left out because someone has decided them.
    pub excluded: u64,
    /// When it was drawn, UTC, RFC 3339.
    pub made_at: String,
    /// Strata in order.
    pub strata: Vec<String>,
    /// Items in order, each with the position of its stratum.
    pub items: Vec<(u32, String)>,
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct StoredAnswer {
    /// Position of the item.
    pub item: u32,
    /// Field that was asked about; empty where the item was.
    pub part: String,
    /// `correct`, `wrong` or `cannot_tell`.
    pub verdict: String,
    /// Records that were found, as text.
    pub found: String,
    /// What the auditor wrote beside it.
    pub comment: String,
}

/// The answers of one auditor as they were imported at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredImport {
    /// Counted over the audit, from 1.
    pub revision: i64,
    /// Whose answers.
    pub auditor: String,
    /// Why they replace others; empty for the first.
    pub reason: String,
    /// Is every question answered?
    pub is_complete: bool,
    /// When, UTC, RFC 3339.
    pub made_at: String,
    /// The answers by item and part.
    pub answers: Vec<StoredAnswer>,
}

/// A word of the responsible on a subsidiary's series of lots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSteering {
    /// The subsidiary.
    pub source: String,
    /// What is said, such as `resume`.
    pub word: String,
    /// The newest audit when it was said.
    pub after_audit: i64,
}

impl Store {
    /// Keeps a sample and returns its number.
    ///
    /// # Errors
    /// [`StewardError::Database`], also when the same sample is kept already.
    pub fn add_audit(&mut self, audit: &StoredAudit) -> Result<i64, StewardError> {
        let fault = self.database();
        let change = self.change()?;
        let add = || -> rusqlite::Result<i64> {
            let number: i64 =
                change.query_row("SELECT coalesce(max(audit), 0) + 1 FROM audits", [], |row| {
                    row.get(0)
                })?;
            let count = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
            change.execute(
                "INSERT INTO audits (audit, run_id, unit, seed, spec, frame_sha256, population, excluded, made_at) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                params![
                    number,
                    audit.run_id,
                    audit.unit,
                    audit.seed.cast_signed(),
                    audit.spec,
                    audit.frame_sha256,
                    count(audit.population),
                    count(audit.excluded),
                    audit.made_at
                ],
            )?;
            let mut insert =
                change.prepare("INSERT INTO audit_strata (audit, stratum, body) VALUES (?1, ?2, ?3)")?;
            for (at, body) in audit.strata.iter().enumerate() {
                insert.execute(params![number, at as i64, body])?;
            }
            let mut insert = change
                .prepare("INSERT INTO audit_items (audit, item, stratum, body) VALUES (?1, ?2, ?3, ?4)")?;
            for (at, (stratum, body)) in audit.items.iter().enumerate() {
                insert.execute(params![number, at as i64, stratum, body])?;
            }
            Ok(number)
        };
        let number = add().map_err(&fault)?;
        change.commit().map_err(&fault)?;
        Ok(number)
    }

    /// The samples without strata and items, by number.
    ///
    /// # Errors
    /// [`StewardError::Database`].
    pub fn audits(&self) -> Result<Vec<StoredAudit>, StewardError> {
        let fault = self.database();
        let mut query = self
            .connection
            .prepare(&format!("SELECT {HEAD} FROM audits ORDER BY audit"))
            .map_err(&fault)?;
        let rows = query.query_map([], head).map_err(&fault)?;
        rows.collect::<rusqlite::Result<_>>().map_err(&fault)
    }

    /// A sample with its strata and items.
    ///
    /// # Errors
    /// [`StewardError::Database`].
    pub fn audit(&self, number: i64) -> Result<Option<StoredAudit>, StewardError> {
        let fault = self.database();
        let read = || -> rusqlite::Result<Option<StoredAudit>> {
            let found = self.connection.query_row(
                &format!("SELECT {HEAD} FROM audits WHERE audit = ?1"),
                [number],
                head,
            );
            let Some(mut audit) = found.optional()? else {
                return Ok(None);
            };
            let mut query = self
                .connection
                .prepare("SELECT body FROM audit_strata WHERE audit = ?1 ORDER BY stratum")?;
            audit.strata = query
                .query_map([number], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            let mut query = self
                .connection
                .prepare("SELECT stratum, body FROM audit_items WHERE audit = ?1 ORDER BY item")?;
            let items = query.query_map([number], |row| Ok((row.get(0)?, row.get(1)?)))?;
            audit.items = items.collect::<Result<_, _>>()?;
            Ok(Some(audit))
        };
        read().map_err(fault)
    }

    /// Keeps the answers of an import and returns its revision.
    ///
    /// # Errors
    /// [`StewardError::Database`], also when the audit or an item is not known.
    pub fn add_audit_answers(&mut self, audit: i64, import: &StoredImport) -> Result<i64, StewardError> {
        let fault = self.database();
        let change = self.change()?;
        let add = || -> rusqlite::Result<i64> {
            let revision: i64 = change.query_row(
                "SELECT coalesce(max(revision), 0) + 1 FROM audit_imports WHERE audit = ?1",
                [audit],
                |row| row.get(0),
            )?;
            change.execute(
                "INSERT INTO audit_imports (audit, revision, auditor, reason, is_complete, made_at) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    audit,
                    revision,
                    import.auditor,
                    import.reason,
                    import.is_complete,
                    import.made_at
                ],
            )?;
            let mut insert = change.prepare(
                "INSERT INTO audit_answers (audit, revision, item, part, verdict, found, comment) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?;
            for answer in &import.answers {
                insert.execute(params![
                    audit,
                    revision,
                    answer.item,
                    answer.part,
                    answer.verdict,
                    answer.found,
                    answer.comment
                ])?;
            }
            Ok(revision)
        };
        let revision = add().map_err(&fault)?;
        change.commit().map_err(&fault)?;
        Ok(revision)
    }

    /// The imports of an audit in their order.
    ///
    /// # Errors
    /// [`StewardError::Database`].
    pub fn audit_imports(&self, audit: i64) -> Result<Vec<StoredImport>, StewardError> {
        let fault = self.database();
        let read = || -> rusqlite::Result<Vec<StoredImport>> {
            let mut query = self.connection.prepare(
                "SELECT revision, auditor, reason, is_complete, made_at FROM audit_imports \
                 WHERE audit = ?1 ORDER BY revision",
            )?;
            let import = |row: &Row| {
                Ok(StoredImport {
                    revision: row.get(0)?,
                    auditor: row.get(1)?,
                    reason: row.get(2)?,
                    is_complete: row.get(3)?,
                    made_at: row.get(4)?,
                    answers: Vec::new(),
                })
            };
            let mut imports: Vec<StoredImport> =
                query.query_map([audit], import)?.collect::<Result<_, _>>()?;
            let mut query = self.connection.prepare(
                "SELECT item, part, verdict, found, comment FROM audit_answers \
                 WHERE audit = ?1 AND revision = ?2 ORDER BY item, part",
            )?;
            for import in &mut imports {
                let answer = |row: &Row| {
                    Ok(StoredAnswer {
                        item: row.get(0)?,
                        part: row.get(1)?,
                        verdict: row.get(2)?,
                        found: row.get(3)?,
                        comment: row.get(4)?,
                    })
                };
                let answers = query.query_map(params![audit, import.revision], answer)?;
                import.answers = answers.collect::<Result<_, _>>()?;
            }
            Ok(imports)
        };
        read().map_err(fault)
    }

    /// Keeps a word on a subsidiary's series.
    ///
    /// # Errors
    /// [`StewardError::Unsound`] without author or reason, [`StewardError::Database`].
    pub fn steer_audits(&mut self, source: &str, steering: &str, word: &Word) -> Result<(), StewardError> {
        check_word(word)?;
        let fault = self.database();
        let change = self.change()?;
        change
            .execute(
                "INSERT INTO audit_steering (id, source, word, after_audit, author, reason, made_at) \
                 SELECT (SELECT coalesce(max(id), 0) + 1 FROM audit_steering), ?1, ?2, \
                        (SELECT coalesce(max(audit), 0) FROM audits), ?3, ?4, ?5",
                params![source, steering, word.author, word.reason, word.made_at],
            )
            .map_err(&fault)?;
        change.commit().map_err(&fault)
    }

    /// The words on series in their order.
    ///
    /// # Errors
    /// [`StewardError::Database`].
    pub fn audit_steering(&self) -> Result<Vec<StoredSteering>, StewardError> {
        let fault = self.database();
        let read = || -> rusqlite::Result<Vec<StoredSteering>> {
            let mut query = self
                .connection
                .prepare("SELECT source, word, after_audit FROM audit_steering ORDER BY id")?;
            let steering = |row: &Row| {
                Ok(StoredSteering {
                    source: row.get(0)?,
                    word: row.get(1)?,
                    after_audit: row.get(2)?,
                })
            };
            query.query_map([], steering)?.collect()
        };
        read().map_err(fault)
    }
}

const HEAD: &str = "audit, run_id, unit, seed, spec, frame_sha256, population, excluded, made_at";

fn head(row: &Row) -> rusqlite::Result<StoredAudit> {
    Ok(StoredAudit {
        audit: row.get(0)?,
        run_id: row.get(1)?,
        unit: row.get(2)?,
        seed: row.get::<_, i64>(3)?.cast_unsigned(),
        spec: row.get(4)?,
        frame_sha256: row.get(5)?,
        population: row.get::<_, i64>(6)?.cast_unsigned(),
        excluded: row.get::<_, i64>(7)?.cast_unsigned(),
        made_at: row.get(8)?,
        strata: Vec::new(),
        items: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> StoredAudit {
        StoredAudit {
            run_id: "000001-x".to_owned(),
            unit: "links".to_owned(),
            seed: u64::MAX,
            spec: "{}".to_owned(),
            frame_sha256: "00".to_owned(),
            population: 7,
            made_at: "2026-01-01T00:00:00Z".to_owned(),
            strata: vec!["华东".to_owned(), "north".to_owned()],
            items: vec![(0, "甲".to_owned()), (1, "b".to_owned())],
            ..StoredAudit::default()
        }
    }

    fn import(auditor: &str, item: u32) -> StoredImport {
        StoredImport {
            revision: 0,
            auditor: auditor.to_owned(),
            reason: String::new(),
            is_complete: true,
            made_at: "2026-01-02T00:00:00Z".to_owned(),
            answers: vec![StoredAnswer {
                item,
                part: String::new(),
                verdict: "cannot_tell".to_owned(),
                found: String::new(),
                comment: "无法联系".to_owned(),
            }],
        }
    }

    #[test]
    fn q10_a_kept_sample_is_read_back_and_cannot_be_changed() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(&folder.path().join("steward.db")).unwrap();
        assert_eq!(store.add_audit(&sample()).unwrap(), 1);
        let read = store.audit(1).unwrap().unwrap();
        assert_eq!(read, StoredAudit { audit: 1, ..sample() });
        assert_eq!(store.audit(2).unwrap(), None);
        // The same draw is not kept twice, and nothing of it can be altered.
        assert!(store.add_audit(&sample()).is_err());
        for change in [
            "UPDATE audit_items SET body = 'x'",
            "DELETE FROM audits",
            "DELETE FROM audit_strata",
        ] {
            assert!(store.connection.execute(change, []).is_err(), "{change}");
        }
        assert_eq!(store.audits().unwrap().len(), 1);
    }

    #[test]
    fn q11_answers_come_back_by_revision_and_unknown_items_are_refused_whole() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(&folder.path().join("steward.db")).unwrap();
        store.add_audit(&sample()).unwrap();
        assert_eq!(store.add_audit_answers(1, &import("王芳", 0)).unwrap(), 1);
        assert_eq!(store.add_audit_answers(1, &import("Lee", 1)).unwrap(), 2);
        assert!(store.add_audit_answers(1, &import("Lee", 2)).is_err());
        assert!(store.add_audit_answers(2, &import("Lee", 0)).is_err());
        let imports = store.audit_imports(1).unwrap();
        let auditors: Vec<&str> = imports.iter().map(|import| import.auditor.as_str()).collect();
        assert_eq!(auditors, ["王芳", "Lee"]);
        assert_eq!(imports[0].answers[0].comment, "无法联系");
    }

    #[test]
    fn words_on_series_name_their_author_and_follow_an_audit() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(&folder.path().join("steward.db")).unwrap();
        store.add_audit(&sample()).unwrap();
        let word = |author: &str| Word {
            author: author.to_owned(),
            reason: "整改完成".to_owned(),
            made_at: "2026-01-03T00:00:00Z".to_owned(),
        };
        assert!(store.steer_audits("华东", "resume", &word("")).is_err());
        store.steer_audits("华东", "resume", &word("李雷")).unwrap();
        let steering = store.audit_steering().unwrap();
        assert_eq!(
            (steering[0].source.as_str(), steering[0].after_audit),
            ("华东", 1)
        );
    }
}
