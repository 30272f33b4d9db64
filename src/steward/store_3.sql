-- Legal holds: records that may not be erased, and their lifting.
CREATE TABLE holds (
    hold INTEGER NOT NULL PRIMARY KEY,
    source TEXT NOT NULL,
    record_key TEXT NOT NULL,
    author TEXT NOT NULL CHECK (author <> ''),
    reason TEXT NOT NULL CHECK (reason <> ''),
    made_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE holds_lifted (
    hold INTEGER NOT NULL PRIMARY KEY REFERENCES holds (hold),
    author TEXT NOT NULL CHECK (author <> ''),
    reason TEXT NOT NULL CHECK (reason <> ''),
    made_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER holds_are_not_changed BEFORE UPDATE ON holds BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER holds_are_not_deleted BEFORE DELETE ON holds BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER holds_lifted_is_not_changed BEFORE UPDATE ON holds_lifted BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER holds_lifted_is_not_deleted BEFORE DELETE ON holds_lifted BEGIN SELECT RAISE(ABORT, 'append-only'); END;
