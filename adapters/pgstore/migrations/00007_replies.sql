-- Answers to requests that may come again. One without a status is a claim: somebody works on it until then.
CREATE TABLE {schema}.replies (
    scope       text COLLATE "C" NOT NULL,
    key         text COLLATE "C" NOT NULL,
    fingerprint text NOT NULL,
    about       text COLLATE "C" NOT NULL,
    token       text NOT NULL,
    until       timestamptz NOT NULL,
    status      integer,
    body        bytea,
    PRIMARY KEY (scope, key)
);
CREATE INDEX replies_until ON {schema}.replies (until);
CREATE INDEX replies_about ON {schema}.replies (about) WHERE about <> '';
