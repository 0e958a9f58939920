-- The two functions that every write goes through, open and write, name a handful of rows by their keys. Their plans are
-- made once for each connection, whatever the statistics say at that moment: by the indexes, row by row. Planning them anew
-- for every call took longer than running them.

-- The clock that leases, expiries and the ledger go by.
CREATE FUNCTION {schema}.clock() RETURNS timestamptz LANGUAGE sql VOLATILE AS 'SELECT clock_timestamp()';

-- raced undoes the transaction: what open told is no longer so. The caller opens again.
CREATE FUNCTION {schema}.raced(what text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% changed meanwhile', what USING ERRCODE = 'ANK01';
END $$;

-- How a transaction has what it decides about to itself
--
-- A transaction reads all that its answers depend on in one statement, once it has locked all of that, and keeps the locks
-- until it has committed. So any two that have something in common follow one another, in the order of their commits, and
-- who reads without locks (in one statement) sees what some of the first of them left: no more is needed to be linearizable.
-- What was refused writes nothing and counts as done when it was read. It locks, in this order:
--
-- 1. The names of the reservations it wants, to make or to end, that are not there (or are about to be forgotten), by
--    number. Who makes one has locked its name, so "it is not there" stays so. After a wait it may be there.
-- 2. The stock of the keys it names and of the keys that the reservations it wants hold, in key order. What a reservation
--    holds never grows, and nobody changes or ends one without the stock of all it holds: so the lock of these rows is the
--    lock of the reservation, and of what all reservations hold of a key together.
-- 3. The names of the keys among them that have no row, by number. If one is there after a wait, the caller begins anew.
--
-- Each waits only for what comes after all it has, so there is no deadlock. Two kinds of locks are taken out of order, and
-- are not waited for: those of reservations that a cut of stock voids, which are known too late (see youngest), and those
-- of reservations that are let expire. Time ends these, whoever notes it: they hold nothing from that moment on.
-- What else is written is checked as it is written, and begun anew if it changed: the revision of stock, the version of a
-- checkout, the checkout of a reference.

-- lock_reservations locks the names of reservations that are not there. (A function in SQL would be planned for every call.)
CREATE FUNCTION {schema}.lock_reservations(wanted text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(absent.name) FROM (
        SELECT DISTINCT hashtextextended(w.id, hashtextextended('{schema}.reservations', 0)) AS name FROM unnest(wanted) AS w(id)
        WHERE NOT EXISTS (SELECT FROM {schema}.reservations r
                          WHERE r.id = w.id AND r.expires_at > {schema}.clock() - interval '55 minutes')
        ORDER BY name) absent;
END $$;

-- lock_stock locks the stock of keys, each of them given once. Names of keys that have no row share 256 numbers, since a
-- first delivery may bring thousands at once.
CREATE FUNCTION {schema}.lock_stock(items text[], locations text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    found bigint;
BEGIN
    PERFORM 1 FROM {schema}.stock s JOIN unnest(items, locations) AS k(item, location) USING (item, location)
        ORDER BY s.item, s.location FOR NO KEY UPDATE OF s;
    GET DIAGNOSTICS found = ROW_COUNT;
    IF found = cardinality(items) THEN RETURN; END IF;
    PERFORM pg_advisory_xact_lock(absent.name) FROM (
        SELECT DISTINCT hashtextextended('{schema}.stock', hashtextextended(k.item || '@' || k.location, 0) & 255) AS name
        FROM unnest(items, locations) AS k(item, location)
        WHERE NOT EXISTS (SELECT FROM {schema}.stock s WHERE s.item = k.item AND s.location = k.location)
        ORDER BY name) absent;
    IF found <> (SELECT count(*) FROM {schema}.stock s JOIN unnest(items, locations) AS k(item, location) USING (item, location)) THEN
        PERFORM {schema}.raced('a key');
    END IF;
END $$;

-- levels are what keys stand at, with what is reserved at a moment, as the statement that asks sees it.
CREATE FUNCTION {schema}.levels(items text[], locations text[], moment timestamptz) RETURNS json LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF cardinality(items) = 0 THEN RETURN NULL; END IF;
    RETURN (SELECT json_agg(json_build_object(
        'item', s.item, 'location', s.location, 'on_hand', s.on_hand, 'allocated', s.allocated, 'sold', s.sold,
        'shipped', s.shipped, 'policy', s.policy, 'backorder_limit', s.backorder_limit, 'revision', s.revision,
        'reserved', (SELECT coalesce(sum(h.quantity), 0) FROM {schema}.holds h
                     WHERE h.item = s.item AND h.location = s.location AND h.expires_at > moment)))
        FROM {schema}.stock s JOIN unnest(items, locations) AS k(item, location) USING (item, location));
END $$;

-- open locks what a group of requests touches and tells what is so now. Statements of a function see what was committed
-- before each began, so the answer is not older than the locks.
CREATE FUNCTION {schema}.open(items text[], locations text[], wanted text[], ids text[], kinds text[], vals text[])
RETURNS json LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    moment timestamptz;
    held_items text[] := items;
    held_locations text[] := locations;
BEGIN
    IF cardinality(wanted) > 0 THEN
        PERFORM {schema}.lock_reservations(wanted);
        SELECT coalesce(array_agg(k.item), '{}'), coalesce(array_agg(k.location), '{}') INTO held_items, held_locations FROM (
            SELECT n.item, n.location FROM unnest(items, locations) AS n(item, location)
            UNION SELECT h.item, h.location FROM {schema}.holds h WHERE h.reservation = ANY (wanted)) k;
    END IF;
    IF cardinality(held_items) > 0 THEN
        PERFORM {schema}.lock_stock(held_items, held_locations);
    END IF;
    moment := {schema}.clock();
    IF EXISTS (SELECT FROM {schema}.holds h JOIN unnest(items, locations) AS k(item, location) USING (item, location)
               WHERE h.expires_at <= moment) THEN
        WITH over AS MATERIALIZED (
            SELECT r.id FROM {schema}.reservations r WHERE r.state = 'active' AND r.expires_at <= moment AND r.id IN (
                SELECT h.reservation FROM {schema}.holds h JOIN unnest(items, locations) AS k(item, location) USING (item, location)
                WHERE h.expires_at <= moment)
            FOR NO KEY UPDATE SKIP LOCKED
        ), expired AS (
            UPDATE {schema}.reservations r SET state = 'expired', ended_at = r.expires_at FROM over WHERE r.id = over.id)
        DELETE FROM {schema}.holds h USING over WHERE h.reservation = over.id;
    END IF;
    RETURN json_build_object(
        'now', moment,
        'levels', {schema}.levels(items, locations, moment),
        'reservations', CASE WHEN cardinality(wanted) > 0 THEN (
            SELECT json_agg(r) FROM {schema}.reservations r WHERE r.id = ANY (wanted)) END,
        'versions', CASE WHEN cardinality(ids) > 0 THEN (
            SELECT json_object_agg(c.id, c.version) FROM {schema}.checkouts c WHERE c.id = ANY (ids)) END,
        'refs', CASE WHEN cardinality(kinds) > 0 THEN (
            SELECT json_agg(json_build_object('Kind', f.kind, 'Value', f.value, 'checkout', f.checkout))
            FROM {schema}.refs f JOIN unnest(kinds, vals) AS k(kind, value) USING (kind, value)) END);
END $$;

-- youngest are the reservations of a key that have to go, youngest first, so that cut pieces of it are given up, apart from
-- those that are gone already; the caller has locked the key. It locks the other keys they hold, and tells whether it could
-- without waiting: if not, the caller begins anew and names these reservations beforehand.
CREATE FUNCTION {schema}.youngest(of_item text, of_location text, cut bigint, gone text[], moment timestamptz)
RETURNS json LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    ids text[];
    missed bigint;
BEGIN
    SELECT array_agg(y.id) INTO ids FROM (
        SELECT r.id, sum(h.quantity) OVER (ORDER BY r.seq DESC) - h.quantity AS given_up
        FROM {schema}.holds h JOIN {schema}.reservations r ON r.id = h.reservation
        WHERE h.item = of_item AND h.location = of_location AND h.expires_at > moment AND r.state = 'active'
            AND r.id <> ALL (gone)) y
    WHERE y.given_up < cut;
    WITH held AS MATERIALIZED (
        SELECT DISTINCT h.item, h.location FROM {schema}.holds h WHERE h.reservation = ANY (ids)
    ), locked AS MATERIALIZED (
        SELECT 1 FROM {schema}.stock s JOIN held USING (item, location) FOR NO KEY UPDATE OF s SKIP LOCKED)
    SELECT (SELECT count(*) FROM held) - (SELECT count(*) FROM locked) INTO missed;
    RETURN json_build_object('locked', missed = 0, 'reservations', (
        SELECT json_agg(r ORDER BY r.seq DESC) FROM {schema}.reservations r WHERE r.id = ANY (ids)));
END $$;

-- write_ledger appends entries.
CREATE FUNCTION {schema}.write_ledger(entries jsonb, moment timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    -- Readers of the ledger wait for writers, so that none misses an entry that is numbered but not yet committed.
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('{schema}.ledger', 0));
    INSERT INTO {schema}.ledger (at, item, location, kind, from_account, to_account, quantity, ref, reason, actor)
    SELECT coalesce(e.at, moment), e.item, e.location, e.kind, e.from_account, e.to_account, e.quantity, e.ref, e.reason, e.actor
    FROM jsonb_to_recordset(entries) AS e(
        at timestamptz, item text, location text, kind text, from_account text, to_account text, quantity bigint,
        ref text, reason text, actor text);
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
    PERFORM {schema}.write_ledger(p->'entries', moment);
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
        DELETE FROM {schema}.reservations r USING jsonb_to_recordset(p->'made') AS m(id text)
        WHERE r.id = m.id AND r.expires_at <= moment - interval '1 hour';
        DELETE FROM {schema}.reservations WHERE id IN (
            SELECT id FROM {schema}.reservations WHERE expires_at <= moment - interval '1 hour'
            ORDER BY expires_at LIMIT 100 FOR UPDATE SKIP LOCKED);
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

-- write_checkouts writes records over the version they were made from (0: new), references and events. They come as
-- columns: unlike a document, those need not be parsed. A due time in the year 1 is none. Where what was chosen is empty,
-- it stays as it is, and so does what is personal.
CREATE FUNCTION {schema}.write_checkouts(
    ids text[], owners text[], versions bigint[], statuses text[], created timestamptz[], updated timestamptz[],
    due timestamptz[], given_up boolean[], bodies text[], choices text[], personals text[],
    bind_kinds text[], bind_values text[], bind_ids text[], unbind_kinds text[], unbind_values text[], unbind_ids text[],
    event_ids text[], event_kinds text[], event_checkouts text[], event_sequences bigint[], event_times timestamptz[], event_data bytea[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    updates bigint := 0;
    inserts bigint := 0;
BEGIN
    IF 0 < ANY (versions) THEN
        UPDATE {schema}.checkouts c SET
            owner = t.owner, version = t.version + 1, status = t.status, created_at = t.created_at, updated_at = t.updated_at,
            due_at = nullif(t.due_at, '0001-01-01 00:00:00+00'), claimed_until = NULL, stuck = t.stuck, body = t.body,
            chosen = CASE t.chosen WHEN '' THEN c.chosen ELSE t.chosen END,
            personal = CASE t.chosen WHEN '' THEN c.personal ELSE t.personal::json END
        FROM unnest(ids, owners, versions, statuses, created, updated, due, given_up, bodies, choices, personals)
            AS t(id, owner, version, status, created_at, updated_at, due_at, stuck, body, chosen, personal)
        WHERE c.id = t.id AND c.version = t.version;
        GET DIAGNOSTICS updates = ROW_COUNT;
    END IF;
    IF 0 = ANY (versions) THEN
        INSERT INTO {schema}.checkouts (id, owner, version, status, created_at, updated_at, due_at, stuck, body, chosen, personal)
        SELECT t.id, t.owner, 1, t.status, t.created_at, t.updated_at, nullif(t.due_at, '0001-01-01 00:00:00+00'), t.stuck,
               t.body, t.chosen, t.personal::json
        FROM unnest(ids, owners, versions, statuses, created, updated, due, given_up, bodies, choices, personals)
            AS t(id, owner, version, status, created_at, updated_at, due_at, stuck, body, chosen, personal)
        WHERE t.version = 0;
        GET DIAGNOSTICS inserts = ROW_COUNT;
    END IF;
    IF updates + inserts <> cardinality(ids) THEN PERFORM {schema}.raced('a checkout'); END IF;
    IF cardinality(unbind_ids) > 0 THEN
        DELETE FROM {schema}.refs f USING unnest(unbind_kinds, unbind_values, unbind_ids) AS u(kind, value, checkout)
        WHERE f.kind = u.kind AND f.value = u.value AND f.checkout = u.checkout;
    END IF;
    IF cardinality(bind_ids) > 0 THEN
        INSERT INTO {schema}.refs (kind, value, checkout)
        SELECT b.kind, b.value, b.checkout FROM unnest(bind_kinds, bind_values, bind_ids) AS b(kind, value, checkout);
    END IF;
    IF cardinality(event_ids) > 0 THEN
        INSERT INTO {schema}.outbox (id, kind, checkout, sequence, at, data)
        SELECT e.id, e.kind, e.checkout, e.sequence, e.at, e.data
        FROM unnest(event_ids, event_kinds, event_checkouts, event_sequences, event_times, event_data)
            AS e(id, kind, checkout, sequence, at, data);
    END IF;
END $$;

-- write does all of it. It answers how many parts there were, so that a caller that reads the answer knows it ran.
CREATE FUNCTION {schema}.write(
    p jsonb,
    ids text[], owners text[], versions bigint[], statuses text[], created timestamptz[], updated timestamptz[],
    due timestamptz[], given_up boolean[], bodies text[], choices text[], personals text[],
    bind_kinds text[], bind_values text[], bind_ids text[], unbind_kinds text[], unbind_values text[], unbind_ids text[],
    event_ids text[], event_kinds text[], event_checkouts text[], event_sequences bigint[], event_times timestamptz[], event_data bytea[])
RETURNS integer LANGUAGE plpgsql
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
    IF cardinality(ids) > 0 THEN
        PERFORM {schema}.write_checkouts(ids, owners, versions, statuses, created, updated, due, given_up, bodies, choices, personals,
            bind_kinds, bind_values, bind_ids, unbind_kinds, unbind_values, unbind_ids,
            event_ids, event_kinds, event_checkouts, event_sequences, event_times, event_data);
        parts := parts + 1;
    END IF;
    RETURN parts;
END $$;

-- use ends reservations that became allocations of these keys, whose stock is locked. One that holds other keys has to be
-- opened.
CREATE FUNCTION {schema}.use(items text[], locations text[], used text[], moment timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM {schema}.holds h WHERE h.reservation = ANY (used) AND NOT EXISTS (
                   SELECT FROM unnest(items, locations) AS k(item, location) WHERE k.item = h.item AND k.location = h.location)) THEN
        PERFORM {schema}.raced('a reservation');
    END IF;
    UPDATE {schema}.reservations SET state = 'used', ended_at = moment
    WHERE id = ANY (used) AND state = 'active' AND expires_at > moment;
    DELETE FROM {schema}.holds WHERE reservation = ANY (used) AND expires_at > moment;
END $$;

-- take allocates pieces of keys, uses up reservations and writes checkouts, all in one go, for a group of requests that ask
-- for nothing else: so many pieces of each key, in key order, in so many requests, and an entry for each line of theirs. It
-- answers what the keys stand at then, in the order they came, and what is held of some of them by their number; or null if
-- any of it cannot be granted: then it did nothing, and the caller opens and asks one by one. It locks as open does, in the
-- same order; each row of stock as it is updated, since what the update reads is what it has waited for. What is held is
-- read when all that is locked. It waits for seconds only, since it commits even if its caller has gone.
CREATE FUNCTION {schema}.take(
    items text[], locations text[], quantities bigint[], times bigint[], used text[],
    entry_items text[], entry_locations text[], entry_quantities bigint[], refs text[], reasons text[], actors text[],
    ids text[], owners text[], versions bigint[], statuses text[], created timestamptz[], updated timestamptz[],
    due timestamptz[], given_up boolean[], bodies text[], choices text[], personals text[],
    bind_kinds text[], bind_values text[], bind_ids text[], unbind_kinds text[], unbind_values text[], unbind_ids text[],
    event_ids text[], event_kinds text[], event_checkouts text[], event_sequences bigint[], event_times timestamptz[], event_data bytea[],
    OUT levels text, OUT held text)
LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET lock_timeout = '3s' AS $$
DECLARE
    moment timestamptz;
    found bigint;
BEGIN
    levels := '';
    IF cardinality(used) > 0 THEN
        PERFORM {schema}.lock_reservations(used);
    END IF;
    IF cardinality(items) > 0 THEN
        WITH taken AS (
            UPDATE {schema}.stock s SET allocated = s.allocated + k.quantity, revision = s.revision + k.times
            FROM unnest(items, locations, quantities, times) WITH ORDINALITY AS k(item, location, quantity, times, n)
            WHERE s.item = k.item AND s.location = k.location AND s.excess = 0 AND (s.policy = 'untracked'
                OR s.on_hand + CASE s.policy WHEN 'backorder' THEN s.backorder_limit ELSE 0 END - s.allocated >= k.quantity)
            RETURNING k.n, s.on_hand, s.allocated, s.sold, s.shipped, s.backorder_limit, s.revision, s.policy)
        SELECT count(*), string_agg(concat_ws(' ', t.on_hand, t.allocated, t.sold, t.shipped, t.backorder_limit, t.revision, t.policy),
            ',' ORDER BY t.n) INTO found, levels FROM taken t;
        IF found <> cardinality(items) THEN PERFORM {schema}.raced('stock'); END IF;
    END IF;
    moment := {schema}.clock();
    IF cardinality(used) > 0 AND EXISTS (SELECT FROM {schema}.reservations r WHERE r.id = ANY (used)) THEN
        PERFORM {schema}.use(items, locations, used, moment);
    END IF;
    SELECT string_agg(concat_ws(' ', h.n, h.quantity), ',') INTO held FROM (
        SELECT k.n, sum(h.quantity) AS quantity
        FROM unnest(items, locations) WITH ORDINALITY AS k(item, location, n) JOIN {schema}.holds h USING (item, location)
        WHERE h.expires_at > moment GROUP BY k.n) h;
    IF cardinality(entry_items) > 0 THEN
        PERFORM pg_advisory_xact_lock_shared(hashtextextended('{schema}.ledger', 0)); -- as write_ledger
        INSERT INTO {schema}.ledger (at, item, location, kind, from_account, to_account, quantity, ref, reason, actor)
        SELECT moment, e.item, e.location, 'allocate', 'available', 'allocated', e.quantity, e.ref, e.reason, e.actor
        FROM unnest(entry_items, entry_locations, entry_quantities, refs, reasons, actors)
            AS e(item, location, quantity, ref, reason, actor);
    END IF;
    IF cardinality(ids) > 0 THEN
        PERFORM {schema}.write_checkouts(ids, owners, versions, statuses, created, updated, due, given_up, bodies, choices, personals,
            bind_kinds, bind_values, bind_ids, unbind_kinds, unbind_values, unbind_ids,
            event_ids, event_kinds, event_checkouts, event_sequences, event_times, event_data);
    END IF;
EXCEPTION WHEN SQLSTATE 'ANK01' OR unique_violation OR check_violation OR lock_not_available THEN
    levels := NULL;
END $$;
