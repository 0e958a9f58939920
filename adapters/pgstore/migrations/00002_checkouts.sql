-- The record without what is personal, and what is personal: the second can be erased, the first is kept.
-- json, not jsonb: it is kept byte for byte.
CREATE TABLE {schema}.checkouts (
    id            text COLLATE "C" PRIMARY KEY,
    owner         text NOT NULL,
    version       bigint NOT NULL CHECK (version > 0),
    status        text NOT NULL,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    due_at        timestamptz,
    claimed_until timestamptz,
    body          json NOT NULL,
    personal      json
) WITH (fillfactor = 80);
CREATE INDEX checkouts_due ON {schema}.checkouts (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX checkouts_created ON {schema}.checkouts (created_at, id);

CREATE TABLE {schema}.refs (
    kind     text COLLATE "C" NOT NULL,
    value    text COLLATE "C" NOT NULL,
    checkout text COLLATE "C" NOT NULL,
    PRIMARY KEY (kind, value)
);

CREATE TABLE {schema}.outbox (
    seq      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id       text COLLATE "C" NOT NULL UNIQUE,
    kind     text NOT NULL,
    checkout text COLLATE "C" NOT NULL,
    sequence bigint NOT NULL,
    at       timestamptz NOT NULL,
    data     bytea
);
