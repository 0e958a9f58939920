CREATE TABLE {schema}.carts (
    owner      text COLLATE "C" PRIMARY KEY,
    id         text NOT NULL,
    version    bigint NOT NULL,
    updated_at timestamptz NOT NULL,
    body       json NOT NULL
);
CREATE INDEX carts_updated ON {schema}.carts (updated_at);

CREATE TABLE {schema}.inbox (
    source      text COLLATE "C" NOT NULL,
    key         text COLLATE "C" NOT NULL,
    topic       text NOT NULL,
    body        bytea,
    received_at timestamptz NOT NULL,
    state       text NOT NULL DEFAULT 'waiting',
    due_at      timestamptz NOT NULL,
    attempts    integer NOT NULL DEFAULT 0,
    token       text NOT NULL DEFAULT '',
    outcome     text NOT NULL DEFAULT '',
    reason      text NOT NULL DEFAULT '',
    forget_at   timestamptz,
    PRIMARY KEY (source, key),
    CONSTRAINT inbox_state_known CHECK (state IN ('waiting', 'acted_on', 'given_up'))
);
CREATE INDEX inbox_waiting ON {schema}.inbox (source, due_at, received_at, key) WHERE state = 'waiting';
CREATE INDEX inbox_dead ON {schema}.inbox (source, received_at, key) WHERE state = 'given_up';
CREATE INDEX inbox_forget ON {schema}.inbox (forget_at) WHERE forget_at IS NOT NULL;
