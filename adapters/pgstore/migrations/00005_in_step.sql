-- What it takes to follow the store of record.
--
-- taken and moved are the sums that inventory.Standing keeps of an item, here by key: a row that writers have locked
-- anyway, so that counting makes nobody wait. returned is what orders gave back, for Standing.Held. unsettled says that
-- moved went on since the last reading, but never of the uses of a coupon, which nobody reads. None of them is in an index
-- that a claim would have to change: allocations stay updates in place (HOT).
ALTER TABLE {schema}.stock
    ADD COLUMN taken bigint NOT NULL DEFAULT 0,
    ADD COLUMN moved bigint NOT NULL DEFAULT 0,
    ADD COLUMN returned bigint NOT NULL DEFAULT 0,
    ADD COLUMN unsettled boolean NOT NULL DEFAULT false;

UPDATE {schema}.stock s SET taken = e.taken, moved = e.moved, returned = e.returned, unsettled = e.moved > 0 AND s.item NOT LIKE 'coupon:%'
FROM (
    SELECT item, location, coalesce(sum(quantity) FILTER (WHERE kind IN ('confirm', 'adjust')), 0) AS taken,
           coalesce(sum(quantity) FILTER (WHERE kind <> 'adjust'), 0) AS moved,
           coalesce(sum(quantity) FILTER (WHERE kind IN ('restock', 'return')), 0) AS returned
    FROM {schema}.ledger
    WHERE kind IN ('confirm', 'release_allocation', 'expire', 'restock', 'return') OR kind = 'adjust' AND to_account = 'adjustment'
    GROUP BY item, location) e
WHERE s.item = e.item AND s.location = e.location;

CREATE INDEX stock_unsettled ON {schema}.stock (item) WHERE unsettled;

-- count_ended notes claims that ended and pieces that were taken by hand. Nothing is run for entries of other kinds.
CREATE FUNCTION {schema}.count_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE {schema}.stock SET
        taken = taken + CASE WHEN NEW.kind IN ('confirm', 'adjust') THEN NEW.quantity ELSE 0 END,
        moved = moved + CASE NEW.kind WHEN 'adjust' THEN 0 ELSE NEW.quantity END,
        returned = returned + CASE WHEN NEW.kind IN ('restock', 'return') THEN NEW.quantity ELSE 0 END,
        unsettled = unsettled OR NEW.kind <> 'adjust' AND NEW.item NOT LIKE 'coupon:%'
    WHERE item = NEW.item AND location = NEW.location;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_counts AFTER INSERT ON {schema}.ledger FOR EACH ROW
    WHEN (NEW.kind IN ('confirm', 'release_allocation', 'expire', 'restock', 'return')
          OR NEW.kind = 'adjust' AND NEW.to_account = 'adjustment')
    EXECUTE FUNCTION {schema}.count_ended();

-- A change of policy moves nothing and is in the books all the same.
ALTER TABLE {schema}.ledger DROP CONSTRAINT ledger_moves_pieces;
ALTER TABLE {schema}.ledger ADD CONSTRAINT ledger_moves_pieces CHECK (
    quantity > 0 AND from_account <> to_account AND kind <> 'policy'
    OR quantity = 0 AND from_account = to_account AND kind = 'policy');

-- The tickets drawn for an item, and what the last reading left: held when its keys had returned so much.
CREATE TABLE {schema}.standings (
    item     text COLLATE "C" PRIMARY KEY,
    drawn    bigint NOT NULL DEFAULT 0,
    applied  bigint NOT NULL DEFAULT 0,
    seen     bigint NOT NULL DEFAULT 0,
    held     bigint NOT NULL DEFAULT 0,
    returned bigint NOT NULL DEFAULT 0,
    gone     boolean NOT NULL DEFAULT false,
    CONSTRAINT standings_in_order CHECK (applied BETWEEN 0 AND drawn AND seen >= 0 AND held >= 0)
) WITH (fillfactor = 70);

-- How far each kind of reconciliation has come.
CREATE TABLE {schema}.cursors (
    name        text COLLATE "C" PRIMARY KEY,
    version     bigint NOT NULL CHECK (version > 0),
    position_at timestamptz,
    page        integer NOT NULL,
    after_item  text COLLATE "C" NOT NULL,
    seq         bigint NOT NULL,
    upto        bigint NOT NULL,
    started     timestamptz,
    finished    timestamptz
);

-- Differences that somebody should see, and what they decided. One is open for an item and a kind.
CREATE TABLE {schema}.findings (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    item       text COLLATE "C" NOT NULL,
    kind       text NOT NULL,
    ours       bigint NOT NULL,
    theirs     bigint NOT NULL,
    difference bigint NOT NULL,
    found_at   timestamptz NOT NULL,
    last_seen  timestamptz NOT NULL,
    state      text NOT NULL DEFAULT 'open',
    actor      text NOT NULL DEFAULT '',
    reason     text NOT NULL DEFAULT '',
    decided_at timestamptz,
    told       boolean NOT NULL DEFAULT false,
    CONSTRAINT findings_state_known CHECK (state IN ('open', 'accepted', 'kept', 'settled'))
);
CREATE UNIQUE INDEX findings_open ON {schema}.findings (item, kind) WHERE state = 'open';
CREATE INDEX findings_waiting ON {schema}.findings (id) WHERE state = 'open';
CREATE INDEX findings_item ON {schema}.findings (item, id);
CREATE INDEX findings_untold ON {schema}.findings (id) WHERE NOT told;
