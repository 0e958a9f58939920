-- What there is, by item and location. The order of the key is the order in which rows are locked (COLLATE "C": by byte).
CREATE TABLE {schema}.stock (
    item            text COLLATE "C" NOT NULL,
    location        text COLLATE "C" NOT NULL,
    on_hand         bigint NOT NULL,
    allocated       bigint NOT NULL,
    sold            bigint NOT NULL,
    shipped         bigint NOT NULL,
    policy          text NOT NULL,
    backorder_limit bigint NOT NULL,
    revision        bigint NOT NULL,
    -- How many allocated pieces had the ground cut from under them, by a count or by the store of record. Nothing but such
    -- a cut raises it, so an allocation cannot.
    excess          bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (item, location),
    CONSTRAINT stock_policy_known CHECK (policy IN ('deny', 'backorder', 'untracked')),
    CONSTRAINT stock_counts_in_range CHECK (
        on_hand BETWEEN -1000000000000000 AND 1000000000000000
        AND allocated BETWEEN 0 AND 1000000000000000 AND sold BETWEEN 0 AND 1000000000000000
        AND shipped BETWEEN 0 AND 1000000000000000 AND backorder_limit BETWEEN 0 AND 1000000000000000
        AND revision BETWEEN 0 AND 1000000000000000 AND excess >= 0),
    CONSTRAINT stock_never_oversold CHECK (
        policy = 'untracked'
        OR allocated <= on_hand + CASE policy WHEN 'backorder' THEN backorder_limit ELSE 0 END + excess)
) WITH (fillfactor = 50);

-- Every movement, for ever. Each line is balanced in itself: what leaves one account arrives at another.
CREATE TABLE {schema}.ledger (
    seq          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at           timestamptz NOT NULL,
    item         text COLLATE "C" NOT NULL,
    location     text COLLATE "C" NOT NULL,
    kind         text NOT NULL,
    from_account text NOT NULL,
    to_account   text NOT NULL,
    quantity     bigint NOT NULL,
    ref          text COLLATE "C" NOT NULL,
    reason       text NOT NULL,
    actor        text NOT NULL,
    CONSTRAINT ledger_moves_pieces CHECK (quantity > 0 AND from_account <> to_account)
);
CREATE INDEX ledger_item ON {schema}.ledger (item, seq);
CREATE INDEX ledger_ref ON {schema}.ledger (ref, seq) WHERE ref <> '';

CREATE FUNCTION {schema}.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: write another entry to put a mistake right' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {schema}.ledger
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse();

-- Early claims that expire by themselves. seq is the order of granting.
CREATE TABLE {schema}.reservations (
    id          text COLLATE "C" PRIMARY KEY,
    seq         bigint GENERATED ALWAYS AS IDENTITY,
    owner       text NOT NULL,
    fingerprint text NOT NULL,
    lines       json NOT NULL,
    state       text NOT NULL,
    created_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    ended_at    timestamptz
);
CREATE INDEX reservations_expiry ON {schema}.reservations (expires_at);

-- What active reservations hold; the rows go when the reservation ends. One that has expired holds nothing, swept or not.
CREATE TABLE {schema}.holds (
    item        text COLLATE "C" NOT NULL,
    location    text COLLATE "C" NOT NULL,
    reservation text COLLATE "C" NOT NULL REFERENCES {schema}.reservations ON DELETE CASCADE,
    quantity    bigint NOT NULL CHECK (quantity > 0),
    expires_at  timestamptz NOT NULL,
    PRIMARY KEY (item, location, reservation)
);
CREATE INDEX holds_reservation ON {schema}.holds (reservation);
