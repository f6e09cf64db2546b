"""The tables of the ledger, written by ingest alone; everybody else reads. In SQLite's words.

A step per version: a new file takes them all, an older one those it has not had. What was
released is never edited.
"""

from .projections.tables import STEP as PROJECTIONS

APPLICATION_ID = 0x45534C47  # "ESLG"

_FACTS = """
CREATE TABLE unit (
    unit TEXT PRIMARY KEY,
    first_seen INTEGER NOT NULL,
    online INTEGER NOT NULL DEFAULT 0,
    since INTEGER,              -- when it came or went, by the clock of this machine
    link BLOB,                  -- protocol.messages.Link as it came
    status BLOB,                -- protocol.messages.Status as it came
    status_received INTEGER,
    apart INTEGER NOT NULL DEFAULT 0    -- messages kept apart so far
) WITHOUT ROWID;

-- One row per boot that any event or clock.set spoke of. Its utc, source and error date every
-- event of that boot, whichever arrived first.
CREATE TABLE boot (
    id INTEGER PRIMARY KEY,
    unit TEXT NOT NULL,
    boot_id TEXT NOT NULL,
    boottime INTEGER,
    utc INTEGER,
    source TEXT,
    error INTEGER,
    epoch INTEGER,              -- the clock.set that said so
    seq INTEGER,
    UNIQUE (unit, boot_id)
);

CREATE TABLE event (
    id INTEGER PRIMARY KEY,     -- order of arrival
    unit TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    type TEXT NOT NULL,
    body BLOB,                  -- NULL: a tombstone
    size INTEGER,               -- of the body that a tombstone stands for
    boot INTEGER REFERENCES boot(id),
    boottime INTEGER,
    utc INTEGER,                -- as it came; `dated` has the corrected one
    source TEXT,
    error INTEGER,
    digest BLOB NOT NULL,       -- 8 bytes; zeros: lost
    origin_epoch INTEGER,       -- the key it had before its journal was rotated
    origin_seq INTEGER,
    copy_of INTEGER,            -- id of the same fact under its older key: never count it twice
    received INTEGER NOT NULL,
    UNIQUE (unit, epoch, seq)
);
CREATE INDEX event_origin ON event (unit, origin_epoch, origin_seq)
    WHERE origin_epoch IS NOT NULL;
CREATE INDEX event_stop ON event (unit, received)
    WHERE type IN ('stop.arrived', 'stop.departed', 'stop.corrected');

CREATE TABLE epoch (
    unit TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    journal TEXT NOT NULL,
    stored_to INTEGER NOT NULL,     -- the contiguous watermark
    digest BLOB NOT NULL,           -- of the row there; empty: not known
    fork_at INTEGER,
    proved_to INTEGER,              -- federation.absorb.Proof: the last row that both have
    proved BLOB,
    state BLOB NOT NULL,            -- federation.absorb.EpochState, of which the above is a part
    PRIMARY KEY (unit, epoch)
) WITHOUT ROWID;

CREATE TABLE flag (
    unit TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    received INTEGER NOT NULL,
    PRIMARY KEY (unit, epoch, seq, kind)
) WITHOUT ROWID;

-- What could not be read or believed, as it came. With an epoch: its range counts as stored.
CREATE TABLE quarantine (
    id INTEGER PRIMARY KEY,
    unit TEXT NOT NULL,             -- of the topic; '' when even that is none
    topic TEXT NOT NULL,
    mark BLOB NOT NULL,             -- digest of topic, properties and payload: the same comes once
    epoch INTEGER,
    first INTEGER,
    last INTEGER,
    reason TEXT NOT NULL,
    received INTEGER NOT NULL,
    settled INTEGER NOT NULL DEFAULT 0,     -- its rows came in another message
    properties BLOB NOT NULL,
    payload BLOB NOT NULL,
    UNIQUE (unit, mark)
);
CREATE INDEX quarantine_open ON quarantine (unit, epoch) WHERE epoch IS NOT NULL AND NOT settled;

CREATE VIEW dated AS SELECT
    event.id, event.unit, event.epoch, event.seq, event.type, event.body, event.size,
    boot.boot_id, event.boottime,
    coalesce(boot.utc + event.boottime - boot.boottime, event.utc) AS utc,
    CASE WHEN boot.utc IS NULL THEN event.source ELSE boot.source END AS source,
    CASE WHEN boot.utc IS NULL THEN event.error ELSE boot.error END AS error,
    event.digest, event.origin_epoch, event.origin_seq, event.copy_of, event.received
FROM event LEFT JOIN boot ON boot.id = event.boot;
"""

_TRUST = """
ALTER TABLE unit ADD COLUMN not_authentic INTEGER NOT NULL DEFAULT 0;   -- of those kept apart
ALTER TABLE unit ADD COLUMN day_key TEXT;   -- hexadecimal; as the unit itself signed it

-- Personal fields as they were sealed on board. Copies of an event have none: its first has them.
CREATE TABLE sealed (
    event INTEGER PRIMARY KEY REFERENCES event(id),
    envelope BLOB,              -- protocol.sealing; NULL: erased, and never taken again
    erased INTEGER              -- when, in milliseconds since 1970
);

-- Whose signature a unit's batches may have (federation/signers.py).
CREATE TABLE certificate (
    unit TEXT NOT NULL,
    serial TEXT NOT NULL,       -- hexadecimal
    key BLOB NOT NULL,          -- protocol.signing.id_of its key
    not_after INTEGER NOT NULL,
    first_seen INTEGER NOT NULL,
    der BLOB NOT NULL,
    PRIMARY KEY (unit, serial)
) WITHOUT ROWID;

-- Of the few rows that forgetting and rosters ask for: ingest does not look through all of them.
CREATE INDEX event_sign_up ON event (unit) WHERE type = 'workshop.signed_up';
CREATE INDEX event_about_sign_up ON event (unit)
    WHERE type IN ('workshop.cancelled', 'workshop.attended');

-- One row: the time that forgetting goes by (federation/people/retention.py).
CREATE TABLE believed (utc INTEGER NOT NULL);
"""

_WAITING = """
DROP INDEX event_about_sign_up;
CREATE INDEX event_about_sign_up ON event (unit) WHERE type IN (
    'workshop.cancelled', 'workshop.changed', 'workshop.called', 'workshop.attended'
);
"""

# As every database reads the condition; the old index asked in SQLite's own words.
_UNSETTLED = """
DROP INDEX quarantine_open;
CREATE INDEX quarantine_waiting ON quarantine (unit, epoch)
    WHERE epoch IS NOT NULL AND settled = 0;
"""

STEPS = (_FACTS, _TRUST, _WAITING, _UNSETTLED, PROJECTIONS)
VERSION = len(STEPS)
