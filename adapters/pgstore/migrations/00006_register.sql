-- What staff and the background work ask of all checkouts and carts.

CREATE INDEX checkouts_stuck ON {schema}.checkouts (id) WHERE stuck;
CREATE INDEX checkouts_unpaid ON {schema}.checkouts (status) WHERE status IN ('open', 'pending_payment');
CREATE INDEX checkouts_updated ON {schema}.checkouts (updated_at) WHERE status <> 'open';

-- Carts in the order in which they were left, page by page.
DROP INDEX {schema}.carts_updated;
CREATE INDEX carts_rest ON {schema}.carts (updated_at, id COLLATE "C");

-- What was done once for all replicas.
CREATE TABLE {schema}.marks (
    key        text COLLATE "C" PRIMARY KEY,
    keep_until timestamptz NOT NULL
);
CREATE INDEX marks_over ON {schema}.marks (keep_until);

-- Messages of a scheduler: in hand until, or done and remembered until.
CREATE TABLE {schema}.turns (
    id       text COLLATE "C" PRIMARY KEY,
    done     boolean NOT NULL,
    ends_at  timestamptz NOT NULL
);
CREATE INDEX turns_over ON {schema}.turns (ends_at);

-- Mails as they were first written, until they cannot become a second mail any more. Personal.
CREATE TABLE {schema}.drafts (
    key        text COLLATE "C" PRIMARY KEY,
    body       bytea NOT NULL,
    written_at timestamptz NOT NULL,
    forget_at  timestamptz NOT NULL
);
CREATE INDEX drafts_over ON {schema}.drafts (forget_at);
