"""The tables for reading that follow the ledger. Rebuilt from its events, they are the same.

What was released is never edited (federation/schema.py). Times are milliseconds since 1970 (UTC);
`day` is the local day of the vehicle; `epoch, seq` the key of a subject's first event. Nothing of
trial mode is here, no fact twice, no name. `dated` 0: no clock ever dated it, its time is that of
its arrival. A code that was not told is 'non_communique', a number that was not is NULL.
"""

_READ = """
CREATE TABLE visit (
    unit TEXT NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL,
    utc INTEGER NOT NULL, dated INTEGER NOT NULL, day TEXT NOT NULL,
    hour TEXT NOT NULL,             -- '09'
    number INTEGER NOT NULL, door TEXT NOT NULL,
    theme TEXT NOT NULL,            -- the first that was described, else that of the door
    people INTEGER NOT NULL, by_staff INTEGER NOT NULL,
    stop_epoch INTEGER, stop_seq INTEGER,       -- the stop it cites, else the one of its time
    stop_commune TEXT NOT NULL, territory_class TEXT NOT NULL, zoning_year INTEGER,
    received_at INTEGER, left_at INTEGER,
    cancelled TEXT,                 -- why; NULL: it counts
    help_level TEXT NOT NULL, age_band TEXT NOT NULL, gender TEXT NOT NULL,
    social_status TEXT NOT NULL, first_visit TEXT NOT NULL, commune TEXT NOT NULL,
    known_via TEXT NOT NULL, themes TEXT NOT NULL, duration_minutes INTEGER,
    place_type TEXT NOT NULL, materials TEXT NOT NULL, autonomy TEXT NOT NULL,
    mode TEXT NOT NULL, referral TEXT NOT NULL,
    described INTEGER NOT NULL,     -- by staff
    codes INTEGER NOT NULL,         -- version of the code lists
    PRIMARY KEY (unit, epoch, seq)
) WITHOUT ROWID;
CREATE INDEX visit_day ON visit (unit, day);

CREATE TABLE tallied (
    unit TEXT NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL,
    utc INTEGER NOT NULL, dated INTEGER NOT NULL, day TEXT NOT NULL, hour TEXT NOT NULL,
    theme TEXT NOT NULL, stop_epoch INTEGER, stop_seq INTEGER,
    stop_commune TEXT NOT NULL, territory_class TEXT NOT NULL, zoning_year INTEGER,
    age_band TEXT NOT NULL, gender TEXT NOT NULL,       -- one row a cell
    people INTEGER NOT NULL,
    duration_minutes INTEGER,       -- of the whole tally, the same in each of its cells
    codes INTEGER NOT NULL,
    PRIMARY KEY (unit, epoch, seq, age_band, gender)
) WITHOUT ROWID;
CREATE INDEX tallied_day ON tallied (unit, day);

CREATE TABLE stop (
    unit TEXT NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL,
    day TEXT NOT NULL, source TEXT NOT NULL,
    arrived INTEGER, departed INTEGER, open INTEGER NOT NULL,
    lat REAL, lon REAL,             -- go after 60 days, as in the ledger
    name TEXT NOT NULL, planned TEXT,
    commune TEXT NOT NULL,          -- INSEE: its own word, else that of the nearest known place
    territory_class TEXT NOT NULL, zoning_year INTEGER,
    PRIMARY KEY (unit, epoch, seq)
) WITHOUT ROWID;
CREATE INDEX stop_day ON stop (unit, day);
CREATE INDEX stop_arrived ON stop (unit, arrived);
CREATE INDEX stop_exact ON stop (unit) WHERE lat IS NOT NULL;

-- Read as `sign_up`.
CREATE TABLE signed_up (
    unit TEXT NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL,
    utc INTEGER NOT NULL, dated INTEGER NOT NULL, day TEXT NOT NULL,
    workshop TEXT NOT NULL, number INTEGER NOT NULL,
    seats INTEGER NOT NULL,         -- for how many people; 0: given back whole
    waiting INTEGER NOT NULL,       -- how many of them wait for a seat
    since_epoch INTEGER NOT NULL, since_event INTEGER NOT NULL,     -- place on the waiting list
    by_staff INTEGER NOT NULL,
    called_at INTEGER, reached INTEGER,         -- the last call about a seat that came free
    event INTEGER NOT NULL,         -- id of its row in the ledger
    PRIMARY KEY (unit, epoch, seq)
) WITHOUT ROWID;
CREATE INDEX signed_up_workshop ON signed_up (workshop);
CREATE INDEX signed_up_day ON signed_up (unit, day);

-- has_envelope: its names can be opened still; erasing is no event and shows here at once.
CREATE VIEW sign_up AS SELECT
    signed_up.unit, signed_up.epoch, signed_up.seq, signed_up.utc, signed_up.dated, signed_up.day,
    signed_up.workshop, signed_up.number, signed_up.seats, signed_up.waiting,
    signed_up.since_epoch, signed_up.since_event, signed_up.by_staff, signed_up.called_at,
    signed_up.reached, CASE WHEN sealed.envelope IS NULL THEN 0 ELSE 1 END AS has_envelope
FROM signed_up LEFT JOIN sealed ON sealed.event = signed_up.event;

-- The line that stands, under the key of the first that was told of it.
CREATE TABLE attendance (
    unit TEXT NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL,
    utc INTEGER NOT NULL, dated INTEGER NOT NULL, day TEXT NOT NULL,
    workshop TEXT NOT NULL, status TEXT NOT NULL, people INTEGER NOT NULL,
    sign_up_unit TEXT, sign_up_epoch INTEGER, sign_up_seq INTEGER,      -- NULL: a walk-in
    PRIMARY KEY (unit, epoch, seq)
) WITHOUT ROWID;
CREATE INDEX attendance_workshop ON attendance (workshop);
CREATE INDEX attendance_day ON attendance (unit, day);

CREATE TABLE duty (
    unit TEXT NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL, day TEXT NOT NULL,
    started INTEGER NOT NULL,
    ended INTEGER,                  -- NULL: nobody said so yet
    paused_ms INTEGER NOT NULL,     -- of breaks that are over
    PRIMARY KEY (unit, epoch, seq)
) WITHOUT ROWID;
CREATE INDEX duty_day ON duty (unit, day);

CREATE TABLE incident (
    unit TEXT NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL,
    utc INTEGER NOT NULL, dated INTEGER NOT NULL, day TEXT NOT NULL,
    kind TEXT NOT NULL, minutes INTEGER, stop_epoch INTEGER, stop_seq INTEGER,
    PRIMARY KEY (unit, epoch, seq)
) WITHOUT ROWID;
CREATE INDEX incident_day ON incident (unit, day);

CREATE TABLE day_closed (
    unit TEXT NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL, day TEXT NOT NULL,
    utc INTEGER NOT NULL, dated INTEGER NOT NULL,
    check_ins INTEGER NOT NULL, sign_ups INTEGER NOT NULL,
    PRIMARY KEY (unit, epoch, seq)
) WITHOUT ROWID;
CREATE INDEX day_closed_day ON day_closed (unit, day);

CREATE TABLE report (
    unit TEXT NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL,
    utc INTEGER NOT NULL, dated INTEGER NOT NULL, version TEXT NOT NULL,
    faults TEXT NOT NULL, lines TEXT NOT NULL,          -- JSON lists of sentences
    PRIMARY KEY (unit, epoch, seq)
) WITHOUT ROWID;

CREATE TABLE journey (
    unit TEXT NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL,
    utc INTEGER NOT NULL, dated INTEGER NOT NULL,
    kind TEXT NOT NULL,             -- type of the event
    detail TEXT NOT NULL,           -- its body, JSON
    PRIMARY KEY (unit, epoch, seq)
) WITHOUT ROWID;
CREATE INDEX journey_utc ON journey (unit, utc);

-- Sums of `visit` (cancelled ones never) and `tallied`: federation/projections/counting.py.
-- period: a day, a month and a year are all here; days alone have length(period) = 10.
CREATE TABLE aggregate (
    period TEXT NOT NULL, axis TEXT NOT NULL, unit TEXT NOT NULL,
    a TEXT NOT NULL, b TEXT NOT NULL, c TEXT NOT NULL,
    visits INTEGER NOT NULL,
    people INTEGER NOT NULL,        -- of visits, and tallied
    tallied INTEGER NOT NULL,       -- those of `people` that were counted by hand
    served INTEGER NOT NULL,        -- visits received, or described by staff
    left_unserved INTEGER NOT NULL, -- visits that left before
    minutes INTEGER NOT NULL,       -- of visits
    PRIMARY KEY (period, axis, unit, a, b, c)
) WITHOUT ROWID;
"""

_INSIDE = """
-- How far the tables for reading have come, and with which places they found communes.
CREATE TABLE projected (
    partition INTEGER PRIMARY KEY,
    event INTEGER NOT NULL,         -- id of the last event of the ledger that was looked at
    places TEXT NOT NULL
);
-- The zone that cut a unit's days.
CREATE TABLE projected_unit (unit TEXT PRIMARY KEY, zone TEXT NOT NULL) WITHOUT ROWID;

-- Which events a subject is made of. kind: federation/projections/kinds.py; owner: the unit whose
-- key it is, '' for all of a unit.
CREATE TABLE about (
    unit TEXT NOT NULL, kind INTEGER NOT NULL, owner TEXT NOT NULL,
    epoch INTEGER NOT NULL, seq INTEGER NOT NULL,
    event INTEGER NOT NULL,
    boot INTEGER,
    PRIMARY KEY (unit, kind, owner, epoch, seq, event)
) WITHOUT ROWID;
CREATE INDEX about_boot ON about (boot);

-- Subjects that must be made again.
CREATE TABLE dirty (
    partition INTEGER NOT NULL, unit TEXT NOT NULL, kind INTEGER NOT NULL, owner TEXT NOT NULL,
    epoch INTEGER NOT NULL, seq INTEGER NOT NULL,
    PRIMARY KEY (partition, unit, kind, owner, epoch, seq)
) WITHOUT ROWID;

-- Other keys of a stop.
CREATE TABLE stop_name (
    unit TEXT NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL,
    of_epoch INTEGER NOT NULL, of_seq INTEGER NOT NULL,
    PRIMARY KEY (unit, epoch, seq)
) WITHOUT ROWID;

-- Until when the words about a unit's stops lie on the shelf (federation/projections/shelving.py).
CREATE TABLE shelf (unit TEXT PRIMARY KEY, cut INTEGER NOT NULL) WITHOUT ROWID;

-- Events whose bodies cannot be read as their type: in the ledger, counted nowhere.
CREATE TABLE unreadable (
    unit TEXT NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL, type TEXT NOT NULL,
    PRIMARY KEY (unit, epoch, seq)
) WITHOUT ROWID;
"""

STEP = _READ + _INSIDE
"""The step of federation/schema.py."""

TABLES = (
    "visit", "tallied", "stop", "signed_up", "attendance", "duty", "incident", "day_closed",
    "report", "journey", "aggregate", "projected", "projected_unit", "about", "dirty",
    "stop_name", "shelf", "unreadable",
)  # fmt: skip
"""All that a rebuild empties."""
