-- Format 1: decisions, their records, what was undone, and renumbered keys.
CREATE TABLE decisions (
    id INTEGER NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('link', 'part', 'confirm', 'pin_value', 'pin_id')),
    field TEXT,
    value TEXT,
    expiry TEXT NOT NULL,
    author TEXT NOT NULL CHECK (author <> ''),
    reason TEXT NOT NULL CHECK (reason <> ''),
    made_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE decision_records (
    decision INTEGER NOT NULL REFERENCES decisions (id),
    position INTEGER NOT NULL,
    source TEXT NOT NULL,
    record_key TEXT NOT NULL,
    seen INTEGER NOT NULL,
    side INTEGER NOT NULL CHECK (side IN (0, 1)),
    PRIMARY KEY (decision, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE undone (
    decision INTEGER NOT NULL PRIMARY KEY REFERENCES decisions (id),
    author TEXT NOT NULL CHECK (author <> ''),
    reason TEXT NOT NULL CHECK (reason <> ''),
    made_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE rekey_batches (
    batch INTEGER NOT NULL PRIMARY KEY,
    made_after INTEGER NOT NULL,
    source TEXT NOT NULL,
    author TEXT NOT NULL CHECK (author <> ''),
    reason TEXT NOT NULL CHECK (reason <> ''),
    made_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE rekeys (
    batch INTEGER NOT NULL REFERENCES rekey_batches (batch),
    old_key TEXT NOT NULL,
    new_key TEXT NOT NULL,
    PRIMARY KEY (batch, old_key)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER decisions_are_not_changed BEFORE UPDATE ON decisions BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER decisions_are_not_deleted BEFORE DELETE ON decisions BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER records_are_not_changed BEFORE UPDATE ON decision_records BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER records_are_not_deleted BEFORE DELETE ON decision_records BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER undone_is_not_changed BEFORE UPDATE ON undone BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER undone_is_not_deleted BEFORE DELETE ON undone BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER rekey_batches_are_not_changed BEFORE UPDATE ON rekey_batches BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER rekey_batches_are_not_deleted BEFORE DELETE ON rekey_batches BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER rekeys_are_not_changed BEFORE UPDATE ON rekeys BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER rekeys_are_not_deleted BEFORE DELETE ON rekeys BEGIN SELECT RAISE(ABORT, 'append-only'); END;
