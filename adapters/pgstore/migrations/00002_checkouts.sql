-- The record without what is personal, and what is personal: the second can be erased, the first is kept. What was chosen,
-- lines and quote, is most of a record and stands still once it is placed: it is apart, so that it is not written again.
-- Both are text: JSON that is written and read by a program, byte for byte, and need not be checked on its way; to look at
-- it, body::json does. A row is long enough to be compressed; lz4, where the server has it, takes a quarter of the time.
CREATE TABLE {schema}.checkouts (
    id            text COLLATE "C" PRIMARY KEY,
    owner         text NOT NULL,
    version       bigint NOT NULL CHECK (version > 0),
    status        text NOT NULL,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    due_at        timestamptz,
    claimed_until timestamptz,
    stuck         boolean NOT NULL DEFAULT false,
    body          text NOT NULL,
    chosen        text NOT NULL,
    personal      json
) WITH (fillfactor = 80);
DO $$ BEGIN
    ALTER TABLE {schema}.checkouts ALTER COLUMN body SET COMPRESSION lz4, ALTER COLUMN chosen SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN NULL;
END $$;
CREATE INDEX checkouts_due ON {schema}.checkouts (due_at, id) WHERE due_at IS NOT NULL;

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
