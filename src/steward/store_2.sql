-- Audits: what was drawn from which run, what auditors answered, and words that steer series of lots.
CREATE TABLE audits (
    audit INTEGER NOT NULL PRIMARY KEY,
    run_id TEXT NOT NULL,
    unit TEXT NOT NULL CHECK (unit IN ('record-fields', 'golden-fields', 'links', 'ids', 'records')),
    seed INTEGER NOT NULL,
    spec TEXT NOT NULL,
    frame_sha256 TEXT NOT NULL,
    population INTEGER NOT NULL,
    excluded INTEGER NOT NULL,
    made_at TEXT NOT NULL,
    UNIQUE (run_id, unit, seed, spec)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit_strata (
    audit INTEGER NOT NULL REFERENCES audits (audit),
    stratum INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (audit, stratum)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit_items (
    audit INTEGER NOT NULL REFERENCES audits (audit),
    item INTEGER NOT NULL,
    stratum INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (audit, item)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit_imports (
    audit INTEGER NOT NULL REFERENCES audits (audit),
    revision INTEGER NOT NULL,
    auditor TEXT NOT NULL CHECK (auditor <> ''),
    reason TEXT NOT NULL,
    is_complete INTEGER NOT NULL CHECK (is_complete IN (0, 1)),
    made_at TEXT NOT NULL,
    PRIMARY KEY (audit, revision)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit_answers (
    audit INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    item INTEGER NOT NULL,
    part TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('correct', 'wrong', 'cannot_tell')),
    found TEXT NOT NULL,
    comment TEXT NOT NULL,
    PRIMARY KEY (audit, revision, item, part),
    FOREIGN KEY (audit, revision) REFERENCES audit_imports (audit, revision),
    FOREIGN KEY (audit, item) REFERENCES audit_items (audit, item)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit_steering (
    id INTEGER NOT NULL PRIMARY KEY,
    source TEXT NOT NULL,
    word TEXT NOT NULL CHECK (word IN ('resume', 'allow_reduced', 'withdraw_reduced')),
    after_audit INTEGER NOT NULL,
    author TEXT NOT NULL CHECK (author <> ''),
    reason TEXT NOT NULL CHECK (reason <> ''),
    made_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER audits_are_not_changed BEFORE UPDATE ON audits BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER audits_are_not_deleted BEFORE DELETE ON audits BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER audit_strata_are_not_changed BEFORE UPDATE ON audit_strata BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER audit_strata_are_not_deleted BEFORE DELETE ON audit_strata BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER audit_items_are_not_changed BEFORE UPDATE ON audit_items BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER audit_items_are_not_deleted BEFORE DELETE ON audit_items BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER audit_imports_are_not_changed BEFORE UPDATE ON audit_imports BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER audit_imports_are_not_deleted BEFORE DELETE ON audit_imports BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER audit_answers_are_not_changed BEFORE UPDATE ON audit_answers BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER audit_answers_are_not_deleted BEFORE DELETE ON audit_answers BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER audit_steering_is_not_changed BEFORE UPDATE ON audit_steering BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER audit_steering_is_not_deleted BEFORE DELETE ON audit_steering BEGIN SELECT RAISE(ABORT, 'append-only'); END;
