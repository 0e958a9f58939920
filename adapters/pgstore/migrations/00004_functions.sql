-- The two functions that every write goes through, open and write, name a handful of rows by their keys. Their plans are
-- made once for each connection, whatever the statistics say at that moment: by the indexes, row by row. Planning them anew
-- for every call took longer than running them.

-- The clock that leases, expiries and the ledger go by.
CREATE FUNCTION {schema}.clock() RETURNS timestamptz LANGUAGE sql VOLATILE AS 'SELECT clock_timestamp()';

-- open locks the stock rows of some keys, in key order, then some reservations, in order of their ids; lets reservations
-- of these keys expire; and tells what is so now. Statements of a function see what was committed before each began, so
-- the answer is not older than the locks.
CREATE FUNCTION {schema}.open(items text[], locations text[], wanted text[], ids text[], kinds text[], vals text[])
RETURNS json LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    moment timestamptz;
BEGIN
    IF cardinality(items) > 0 OR cardinality(wanted) > 0 THEN
        PERFORM 1 FROM {schema}.stock s WHERE (s.item, s.location) IN (
                SELECT k.item, k.location FROM unnest(items, locations) AS k(item, location)
                UNION SELECT h.item, h.location FROM {schema}.holds h WHERE h.reservation = ANY (wanted))
            ORDER BY s.item, s.location FOR NO KEY UPDATE OF s;
    END IF;
    IF cardinality(wanted) > 0 THEN
        PERFORM 1 FROM {schema}.reservations r WHERE r.id = ANY (wanted) ORDER BY r.id FOR NO KEY UPDATE;
    END IF;
    moment := {schema}.clock();
    IF EXISTS (SELECT FROM {schema}.holds h JOIN unnest(items, locations) AS k(item, location) USING (item, location)
               WHERE h.expires_at <= moment) THEN
        WITH expired AS (
            UPDATE {schema}.reservations r SET state = 'expired', ended_at = r.expires_at
            WHERE r.state = 'active' AND r.expires_at <= moment AND r.id IN (
                SELECT h.reservation FROM {schema}.holds h JOIN unnest(items, locations) AS k(item, location) USING (item, location)
                WHERE h.expires_at <= moment)
            RETURNING r.id)
        DELETE FROM {schema}.holds h USING expired WHERE h.reservation = expired.id;
    END IF;
    RETURN json_build_object(
        'now', moment,
        'levels', CASE WHEN cardinality(items) > 0 THEN (
            SELECT json_agg(json_build_object(
                'item', s.item, 'location', s.location, 'on_hand', s.on_hand, 'allocated', s.allocated, 'sold', s.sold,
                'shipped', s.shipped, 'policy', s.policy, 'backorder_limit', s.backorder_limit, 'revision', s.revision,
                'reserved', (SELECT coalesce(sum(h.quantity), 0) FROM {schema}.holds h
                             WHERE h.item = s.item AND h.location = s.location AND h.expires_at > moment)))
            FROM {schema}.stock s JOIN unnest(items, locations) AS k(item, location) USING (item, location)) END,
        'reservations', CASE WHEN cardinality(wanted) > 0 THEN (
            SELECT json_agg(r) FROM {schema}.reservations r WHERE r.id = ANY (wanted)) END,
        'versions', CASE WHEN cardinality(ids) > 0 THEN (
            SELECT json_object_agg(c.id, c.version) FROM {schema}.checkouts c WHERE c.id = ANY (ids)) END,
        'refs', CASE WHEN cardinality(kinds) > 0 THEN (
            SELECT json_agg(json_build_object('Kind', f.kind, 'Value', f.value, 'checkout', f.checkout))
            FROM {schema}.refs f JOIN unnest(kinds, vals) AS k(kind, value) USING (kind, value)) END);
END $$;

-- raced undoes the transaction: what open told is no longer so. The caller opens again.
CREATE FUNCTION {schema}.raced(what text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% changed meanwhile', what USING ERRCODE = 'ANK01';
END $$;

-- write_stock writes levels, each over the revision it was made from (null: a key that is new), and their ledger entries.
CREATE FUNCTION {schema}.write_stock(p jsonb, moment timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    missing bigint;
BEGIN
    WITH told AS MATERIALIZED (
        SELECT t.*, greatest(0, t.allocated - t.on_hand - CASE t.policy WHEN 'backorder' THEN t.backorder_limit ELSE 0 END) AS uncovered
        FROM jsonb_to_recordset(p->'stock') AS t(
            item text, location text, on_hand bigint, allocated bigint, sold bigint, shipped bigint, policy text,
            backorder_limit bigint, revision bigint, was bigint, cut boolean)
    ), updated AS (
        UPDATE {schema}.stock s SET
            on_hand = t.on_hand, allocated = t.allocated, sold = t.sold, shipped = t.shipped, policy = t.policy,
            backorder_limit = t.backorder_limit, revision = t.revision,
            excess = CASE WHEN t.cut THEN t.uncovered ELSE least(s.excess, t.uncovered) END
        FROM told t WHERE s.item = t.item AND s.location = t.location AND s.revision = t.was RETURNING 1
    ), begun AS (
        INSERT INTO {schema}.stock (item, location, on_hand, allocated, sold, shipped, policy, backorder_limit, revision, excess)
        SELECT t.item, t.location, t.on_hand, t.allocated, t.sold, t.shipped, t.policy, t.backorder_limit, t.revision,
               CASE WHEN t.cut THEN t.uncovered ELSE 0 END
        FROM told t WHERE t.was IS NULL ON CONFLICT DO NOTHING RETURNING 1
    )
    SELECT (SELECT count(*) FROM told) - (SELECT count(*) FROM updated) - (SELECT count(*) FROM begun) INTO missing;
    IF missing <> 0 THEN PERFORM {schema}.raced('stock'); END IF;
    -- Readers of the ledger wait for writers, so that none misses an entry that is numbered but not yet committed.
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('{schema}.ledger', 0));
    INSERT INTO {schema}.ledger (at, item, location, kind, from_account, to_account, quantity, ref, reason, actor)
    SELECT coalesce(e.at, moment), e.item, e.location, e.kind, e.from_account, e.to_account, e.quantity, e.ref, e.reason, e.actor
    FROM jsonb_to_recordset(p->'entries') AS e(
        at timestamptz, item text, location text, kind text, from_account text, to_account text, quantity bigint,
        ref text, reason text, actor text);
END $$;

-- write_reservations ends, extends and makes reservations, and forgets those whose time has long been over.
CREATE FUNCTION {schema}.write_reservations(p jsonb, moment timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    missing bigint;
BEGIN
    IF p ? 'ended' THEN
        UPDATE {schema}.reservations r SET state = e.state, ended_at = e.at
        FROM jsonb_to_recordset(p->'ended') AS e(id text, state text, at timestamptz) WHERE r.id = e.id AND r.state = 'active';
        DELETE FROM {schema}.holds h USING jsonb_to_recordset(p->'ended') AS e(id text) WHERE h.reservation = e.id;
    END IF;
    IF p ? 'extended' THEN
        UPDATE {schema}.reservations r SET expires_at = e.expires_at
        FROM jsonb_to_recordset(p->'extended') AS e(id text, expires_at timestamptz) WHERE r.id = e.id;
        UPDATE {schema}.holds h SET expires_at = e.expires_at
        FROM jsonb_to_recordset(p->'extended') AS e(id text, expires_at timestamptz) WHERE h.reservation = e.id;
    END IF;
    IF p ? 'made' THEN
        DELETE FROM {schema}.reservations WHERE id IN (
            SELECT id FROM {schema}.reservations WHERE expires_at <= moment - interval '1 hour'
            ORDER BY expires_at LIMIT 100 FOR UPDATE SKIP LOCKED);
        DELETE FROM {schema}.reservations r USING jsonb_to_recordset(p->'made') AS m(id text)
        WHERE r.id = m.id AND r.expires_at <= moment - interval '1 hour';
        WITH made AS (
            INSERT INTO {schema}.reservations (id, owner, fingerprint, lines, state, created_at, expires_at)
            SELECT m.id, m.owner, m.fingerprint, m.lines, 'active', m.created_at, m.expires_at
            FROM jsonb_to_recordset(p->'made') AS m(
                id text, owner text, fingerprint text, lines json, created_at timestamptz, expires_at timestamptz)
            ON CONFLICT DO NOTHING RETURNING 1)
        SELECT jsonb_array_length(p->'made') - count(*) FROM made INTO missing;
        IF missing <> 0 THEN PERFORM {schema}.raced('a reservation'); END IF;
        INSERT INTO {schema}.holds (item, location, reservation, quantity, expires_at)
        SELECT h.item, h.location, h.reservation, h.quantity, h.expires_at
        FROM jsonb_to_recordset(p->'holds') AS h(item text, location text, reservation text, quantity bigint, expires_at timestamptz);
    END IF;
END $$;

-- write_checkouts writes records over the version they were made from (0: new), references and events. bodies and
-- personals go beside the document, which need not be parsed for them.
CREATE FUNCTION {schema}.write_checkouts(p jsonb, bodies text[], personals text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    missing bigint;
BEGIN
    WITH told AS MATERIALIZED (
        SELECT c.*, bodies[c.n]::json AS body, nullif(personals[c.n], '')::json AS personal
        FROM jsonb_to_recordset(p->'checkouts') AS c(
            n integer, id text, owner text, version bigint, status text, created_at timestamptz, updated_at timestamptz, due_at timestamptz)
    ), updated AS (
        UPDATE {schema}.checkouts c SET
            owner = t.owner, version = t.version + 1, status = t.status, created_at = t.created_at, updated_at = t.updated_at,
            due_at = t.due_at, claimed_until = NULL, body = t.body, personal = t.personal
        FROM told t WHERE c.id = t.id AND c.version = t.version RETURNING 1
    ), begun AS (
        INSERT INTO {schema}.checkouts (id, owner, version, status, created_at, updated_at, due_at, body, personal)
        SELECT t.id, t.owner, 1, t.status, t.created_at, t.updated_at, t.due_at, t.body, t.personal
        FROM told t WHERE t.version = 0 ON CONFLICT DO NOTHING RETURNING 1
    )
    SELECT (SELECT count(*) FROM told) - (SELECT count(*) FROM updated) - (SELECT count(*) FROM begun) INTO missing;
    IF missing <> 0 THEN PERFORM {schema}.raced('a checkout'); END IF;
    IF p ? 'unbind' THEN
        DELETE FROM {schema}.refs f USING jsonb_to_recordset(p->'unbind') AS u(kind text, value text, checkout text)
        WHERE f.kind = u.kind AND f.value = u.value AND f.checkout = u.checkout;
    END IF;
    IF p ? 'bind' THEN
        WITH bound AS (
            INSERT INTO {schema}.refs AS f (kind, value, checkout)
            SELECT b.kind, b.value, b.checkout FROM jsonb_to_recordset(p->'bind') AS b(kind text, value text, checkout text)
            ON CONFLICT (kind, value) DO UPDATE SET checkout = f.checkout WHERE f.checkout = EXCLUDED.checkout RETURNING 1)
        SELECT jsonb_array_length(p->'bind') - count(*) FROM bound INTO missing;
        IF missing <> 0 THEN PERFORM {schema}.raced('a reference'); END IF;
    END IF;
    IF p ? 'outbox' THEN
        INSERT INTO {schema}.outbox (id, kind, checkout, sequence, at, data)
        SELECT e.id, e.kind, e.checkout, e.sequence, e.at, decode(e.data, 'base64')
        FROM jsonb_to_recordset(p->'outbox') AS e(id text, kind text, checkout text, sequence bigint, at timestamptz, data text);
    END IF;
END $$;

-- write does all of it. It answers how many parts there were, so that a caller that reads the answer knows it ran.
CREATE FUNCTION {schema}.write(p jsonb, bodies text[], personals text[]) RETURNS integer LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    moment timestamptz := (p->>'now')::timestamptz;
    parts integer := 0;
BEGIN
    IF p ? 'stock' OR p ? 'entries' THEN
        PERFORM {schema}.write_stock(p, moment);
        parts := parts + 1;
    END IF;
    IF p ? 'ended' OR p ? 'extended' OR p ? 'made' THEN
        PERFORM {schema}.write_reservations(p, moment);
        parts := parts + 1;
    END IF;
    IF p ? 'checkouts' THEN
        PERFORM {schema}.write_checkouts(p, bodies, personals);
        parts := parts + 1;
    END IF;
    RETURN parts;
END $$;
