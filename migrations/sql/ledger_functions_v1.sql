-- The books are written by these functions and by nothing else. They run as the tables' owner, whom row-level security
-- binds too: they see the group that the transaction was told, and no other. The head row is taken first and is the
-- group's only lock of the books, so numbers are gapless, the chain is sound and no two postings can deadlock.
-- Order of locks: the row of savings_group (who counts or assesses first), then ledger_head, then anything else.
-- SQLSTATEs: PP010 no group or no books, PP011 malformed call, PP012 day closed, PP013 would go below its floor,
-- PP014 does not balance, PP015 line for an earlier entry, PP016 period cannot be closed, PP017 nothing to release.

CREATE FUNCTION ledger.link(state bytea, seed bytea, content text) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN sha256(coalesce(state, seed) || convert_to(content, 'UTF8'));
CREATE AGGREGATE ledger.chain(bytea, text) (SFUNC = ledger.link, STYPE = bytea);

-- The text that an entry's hash covers. It does not depend on TimeZone, DateStyle or locale.
CREATE FUNCTION ledger.content(number bigint, id uuid, kind text, effective_on date, recorded_at timestamptz,
    source_kind text, source_id uuid, idempotency_key text, reverses_id uuid, replacement_id uuid, note_digest text,
    recorded_by uuid, lines text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN jsonb_build_array(number, id, kind, to_char(effective_on, 'YYYY-MM-DD'), extract(epoch FROM recorded_at)::text,
    source_kind, source_id, idempotency_key, reverses_id, replacement_id, note_digest, recorded_by, lines)::text;

CREATE FUNCTION ledger.open() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO public.ledger_head (group_id, number, hash) VALUES (app.gid(), 0, sha256(convert_to(app.gid()::text, 'UTF8')));
$$;

-- For who writes beside the books what others write too (a new account): taken first, nobody waits for whoever waits.
CREATE FUNCTION ledger.lock() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM 1 FROM public.ledger_head h WHERE h.group_id = app.gid() FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'this group has no books' USING ERRCODE = 'PP010'; END IF;
END $$;

CREATE FUNCTION ledger.check_balanced() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE bad uuid;
BEGIN
  SELECT entry_id INTO bad FROM fresh GROUP BY group_id, entry_id HAVING sum(amount) <> 0 OR count(*) < 2 LIMIT 1;
  IF FOUND THEN RAISE EXCEPTION 'entry % does not balance', bad USING ERRCODE = 'PP014'; END IF;
  SELECT f.entry_id INTO bad FROM fresh f JOIN public.entry e ON (e.group_id, e.id) = (f.group_id, f.entry_id)
    WHERE e.xact <> pg_current_xact_id() LIMIT 1;
  IF FOUND THEN RAISE EXCEPTION 'entry % is already closed', bad USING ERRCODE = 'PP015'; END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER balanced AFTER INSERT ON public.posting REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.check_balanced();

-- One entry or a hundred thousand. Arrays p_id … p_note run by entry, p_line_… by line; p_line_entry counts from 1.
-- A day in a closed month becomes the first open day, unless p_strict; an overdraft of a cash account needs p_overdraft.
CREATE FUNCTION ledger.post(p_by uuid, p_at timestamptz, p_id uuid[], p_kind text[], p_on date[], p_source_kind text[],
    p_source_id uuid[], p_key text[], p_reverses uuid[], p_replacement uuid[], p_note text[], p_line_entry int[], p_line_account uuid[], p_line_amount numeric[],
    p_strict boolean, p_overdraft boolean)
  RETURNS TABLE (id uuid, number bigint, effective_on date, hash bytea)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  g uuid := app.gid();
  n int := cardinality(p_id);
  head public.ledger_head;
  days date[];
  texts text[];
  low record;
BEGIN
  IF g IS NULL THEN RAISE EXCEPTION 'no group was chosen' USING ERRCODE = 'PP010'; END IF;
  IF n IS NULL OR n = 0 OR p_at IS NULL OR cardinality(p_line_entry) IS NULL
     OR (SELECT count(DISTINCT c) FROM unnest(ARRAY[n, cardinality(p_kind), cardinality(p_on), cardinality(p_source_kind),
           cardinality(p_source_id), cardinality(p_key), cardinality(p_reverses), cardinality(p_replacement),
           cardinality(p_note)]) c) <> 1
     OR (SELECT count(DISTINCT c) FROM unnest(ARRAY[cardinality(p_line_entry), cardinality(p_line_account),
           cardinality(p_line_amount)]) c) <> 1
  THEN RAISE EXCEPTION 'arrays of unequal length' USING ERRCODE = 'PP011'; END IF;
  IF EXISTS (SELECT 1 FROM unnest(p_line_amount) a WHERE a IS NULL OR a <> round(a, 4) OR a = 0) THEN
    RAISE EXCEPTION 'an amount is zero, missing or finer than four decimals' USING ERRCODE = 'PP011'; END IF;
  IF EXISTS (SELECT 1 FROM unnest(p_line_entry) e WHERE e IS NULL OR e NOT BETWEEN 1 AND n)
     OR (SELECT count(DISTINCT e) FROM unnest(p_line_entry) e) <> n THEN
    RAISE EXCEPTION 'an entry has no lines, or a line has no entry' USING ERRCODE = 'PP011'; END IF;

  SELECT * INTO head FROM public.ledger_head h WHERE h.group_id = g FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'this group has no books' USING ERRCODE = 'PP010'; END IF;
  IF p_strict AND EXISTS (SELECT 1 FROM unnest(p_on) d WHERE d <= head.closed_through) THEN
    RAISE EXCEPTION 'closed through %', to_char(head.closed_through, 'YYYY-MM-DD') USING ERRCODE = 'PP012'; END IF;
  SELECT array_agg(CASE WHEN d <= head.closed_through THEN head.closed_through + 1 ELSE d END ORDER BY o) INTO days
    FROM unnest(p_on) WITH ORDINALITY AS x(d, o);

  -- The lines of an entry become one text before the insert, in entry order, so that everything zips and nothing joins.
  SELECT array_agg(x.line ORDER BY x.e) INTO texts FROM (
    SELECT l.e, jsonb_agg(jsonb_build_array(l.a, l.m::numeric(20,4)::text) ORDER BY l.o)::text AS line
      FROM unnest(p_line_entry, p_line_account, p_line_amount) WITH ORDINALITY AS l(e, a, m, o) GROUP BY l.e) x;

  RETURN QUERY
  WITH fresh AS (
    INSERT INTO public.entry AS e (group_id, id, number, kind, effective_on, recorded_at, source_kind, source_id,
        idempotency_key, reverses_id, replacement_id, note_digest, recorded_by, previous_hash, hash)
    SELECT g, c.id, c.number, c.kind, c.effective_on, p_at, c.source_kind, c.source_id, c.key, c.reverses, c.replacement,
           c.note, p_by, coalesce(lag(c.hash) OVER (ORDER BY c.number), head.hash), c.hash
      FROM (SELECT x.*, head.number + x.ord AS number,
                   ledger.chain(head.hash, ledger.content(head.number + x.ord, x.id, x.kind, x.effective_on, p_at, x.source_kind,
                     x.source_id, x.key, x.reverses, x.replacement, x.note, p_by, x.line)) OVER (ORDER BY x.ord) AS hash
              FROM unnest(p_id, p_kind, days, p_source_kind, p_source_id, p_key, p_reverses, p_replacement, p_note, texts)
                WITH ORDINALITY AS x(id, kind, effective_on, source_kind, source_id, key, reverses, replacement, note, line,
                  ord)) c
     ORDER BY c.number
    RETURNING e.id, e.number, e.effective_on, e.hash)
  SELECT f.id, f.number, f.effective_on, f.hash FROM fresh f ORDER BY f.number;

  INSERT INTO public.posting (group_id, entry_id, line, account_id, amount, effective_on, entry_number)
  SELECT g, p_id[l.e], row_number() OVER (PARTITION BY l.e ORDER BY l.o), l.a, l.m, days[l.e], head.number + l.e
    FROM unnest(p_line_entry, p_line_account, p_line_amount) WITH ORDINALITY AS l(e, a, m, o);

  INSERT INTO public.account_balance AS b (group_id, account_id, balance, postings)
  SELECT g, l.a, sum(l.m), count(*) FROM unnest(p_line_account, p_line_amount) AS l(a, m) GROUP BY l.a ORDER BY l.a
  ON CONFLICT (group_id, account_id) DO UPDATE
    SET balance = b.balance + excluded.balance, postings = b.postings + excluded.postings;

  SELECT a.code, a.name, a.floor INTO low
    FROM (SELECT l.a, sum(l.m) AS change FROM unnest(p_line_account, p_line_amount) AS l(a, m) GROUP BY l.a) t
    JOIN public.account a ON (a.group_id, a.id) = (g, t.a)
    JOIN public.account_balance b ON (b.group_id, b.account_id) = (g, t.a)
   WHERE a.floor <> 'none' AND t.change * a.normal < 0 AND b.balance * a.normal - b.held < 0
     AND NOT (a.floor = 'confirm' AND p_overdraft)
   ORDER BY a.code LIMIT 1;
  IF FOUND THEN RAISE EXCEPTION '% %', low.code, low.name USING ERRCODE = 'PP013', DETAIL = low.floor; END IF;

  UPDATE public.ledger_head h SET number = head.number + n,
    hash = (SELECT e.hash FROM public.entry e WHERE e.group_id = g AND e.number = head.number + n) WHERE h.group_id = g;
END $$;

-- A hold keeps a part of a balance from being used; free = balance - held, checked under the group's lock.
CREATE FUNCTION ledger.hold(p_by uuid, p_id uuid, p_account uuid, p_amount numeric, p_reason text, p_source_kind text, p_source_id uuid)
  RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE g uuid := app.gid(); free numeric;
BEGIN
  PERFORM 1 FROM public.ledger_head h WHERE h.group_id = g FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'this group has no books' USING ERRCODE = 'PP010'; END IF;
  IF p_amount IS NULL OR p_amount <= 0 OR p_amount <> round(p_amount, 4) THEN
    RAISE EXCEPTION 'a hold is of a positive amount' USING ERRCODE = 'PP011'; END IF;
  INSERT INTO public.account_balance (group_id, account_id, balance, postings) VALUES (g, p_account, 0, 0)
    ON CONFLICT (group_id, account_id) DO NOTHING;
  UPDATE public.account_balance b SET held = b.held + p_amount FROM public.account a
   WHERE (b.group_id, b.account_id) = (g, p_account) AND (a.group_id, a.id) = (g, p_account)
  RETURNING b.balance * a.normal - b.held INTO free;
  IF free < 0 THEN
    RAISE EXCEPTION '%', (SELECT a.code || ' ' || a.name FROM public.account a WHERE (a.group_id, a.id) = (g, p_account))
      USING ERRCODE = 'PP013', DETAIL = 'never'; END IF;
  INSERT INTO public.hold (group_id, id, account_id, amount, reason, source_kind, source_id, recorded_by)
    VALUES (g, p_id, p_account, p_amount, p_reason, p_source_kind, p_source_id, p_by);
END $$;

CREATE FUNCTION ledger.release(p_by uuid, p_id uuid, p_hold uuid) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE g uuid := app.gid(); kept public.hold;
BEGIN
  PERFORM 1 FROM public.ledger_head h WHERE h.group_id = g FOR UPDATE;
  SELECT * INTO kept FROM public.hold h WHERE (h.group_id, h.id) = (g, p_hold);
  IF NOT FOUND OR EXISTS (SELECT 1 FROM public.hold_release r WHERE (r.group_id, r.hold_id) = (g, p_hold)) THEN
    RAISE EXCEPTION 'nothing to release' USING ERRCODE = 'PP017'; END IF;
  INSERT INTO public.hold_release (group_id, id, hold_id, recorded_by) VALUES (g, p_id, p_hold, p_by);
  UPDATE public.account_balance b SET held = b.held - kept.amount
   WHERE (b.group_id, b.account_id) = (g, kept.account_id);
END $$;

-- Close through a day: checkpoints of every account that moved since the last one, and the head's date. Never reopened.
CREATE FUNCTION ledger.close(p_by uuid, p_id uuid, p_through date) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE g uuid := app.gid(); head public.ledger_head;
BEGIN
  SELECT * INTO head FROM public.ledger_head h WHERE h.group_id = g FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'this group has no books' USING ERRCODE = 'PP010'; END IF;
  IF p_through <= head.closed_through THEN
    RAISE EXCEPTION 'closed through %', to_char(head.closed_through, 'YYYY-MM-DD') USING ERRCODE = 'PP016'; END IF;
  INSERT INTO public.balance_checkpoint (group_id, account_id, through, balance)
  SELECT g, a.id, p_through, coalesce(c.balance, 0) + coalesce(t.moved, 0)
    FROM public.account a
    LEFT JOIN LATERAL (SELECT k.balance FROM public.balance_checkpoint k
      WHERE (k.group_id, k.account_id) = (g, a.id) ORDER BY k.through DESC LIMIT 1) c ON true
    JOIN LATERAL (SELECT sum(p.amount) AS moved FROM public.posting p
      WHERE (p.group_id, p.account_id) = (g, a.id) AND p.effective_on > head.closed_through AND p.effective_on <= p_through) t
      ON t.moved IS NOT NULL
   WHERE a.group_id = g;
  INSERT INTO public.closed_period (group_id, id, through, entry_number, hash, recorded_by)
    VALUES (g, p_id, p_through, head.number, head.hash, p_by);
  UPDATE public.ledger_head h SET closed_through = p_through WHERE h.group_id = g;
END $$;

-- Does one entry still say what its hash says? NULL when there is no such entry.
CREATE FUNCTION ledger.intact(p_id uuid) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(e.hash = ledger.link(NULL, e.previous_hash, ledger.content(e.number, e.id, e.kind, e.effective_on,
           e.recorded_at, e.source_kind, e.source_id, e.idempotency_key, e.reverses_id, e.replacement_id, e.note_digest,
           e.recorded_by, (SELECT jsonb_agg(jsonb_build_array(p.account_id, p.amount::numeric(20,4)::text) ORDER BY p.line)::text
             FROM public.posting p WHERE (p.group_id, p.entry_id) = (e.group_id, e.id)))), false)
    FROM public.entry e WHERE (e.group_id, e.id) = (app.gid(), p_id);
$$;

-- The first entry whose hash, number or previous hash is not what its content says; no row when the chain holds.
CREATE FUNCTION ledger.first_broken() RETURNS TABLE (number bigint, reason text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH seed AS (SELECT sha256(convert_to(app.gid()::text, 'UTF8')) AS hash),
  lines AS (
    SELECT p.entry_id, jsonb_agg(jsonb_build_array(p.account_id, p.amount::numeric(20,4)::text) ORDER BY p.line)::text AS line,
           min(p.effective_on) AS first_on, max(p.effective_on) AS last_on, min(p.entry_number) AS low, max(p.entry_number) AS high
      FROM public.posting p WHERE p.group_id = app.gid() GROUP BY p.entry_id),
  walked AS (
    SELECT e.number, row_number() OVER (ORDER BY e.number) AS expected, e.hash, e.previous_hash,
           lag(e.hash, 1, (SELECT s.hash FROM seed s)) OVER (ORDER BY e.number) AS before,
           ledger.link(NULL, e.previous_hash, ledger.content(e.number, e.id, e.kind, e.effective_on, e.recorded_at,
             e.source_kind, e.source_id, e.idempotency_key, e.reverses_id, e.replacement_id, e.note_digest, e.recorded_by,
             l.line)) AS computed,
           (l.first_on, l.last_on, l.low, l.high) = (e.effective_on, e.effective_on, e.number, e.number) AS copied
      FROM public.entry e LEFT JOIN lines l ON l.entry_id = e.id WHERE e.group_id = app.gid()),
  faults AS (
    SELECT CASE WHEN w.number > w.expected THEN w.expected ELSE w.number END AS number,
           CASE WHEN w.number <> w.expected THEN 'missing' WHEN w.previous_hash <> w.before THEN 'link' ELSE 'content' END AS reason
      FROM walked w WHERE w.number <> w.expected OR w.previous_hash <> w.before OR w.hash <> w.computed OR w.computed IS NULL
          OR w.copied IS NOT TRUE
    UNION ALL
    SELECT t.last + 1, 'missing' FROM (SELECT coalesce(max(w.number), 0) AS last FROM walked w) t
      JOIN public.ledger_head h ON h.group_id = app.gid() AND h.number <> t.last
    UNION ALL
    SELECT h.number, 'head' FROM public.ledger_head h WHERE h.group_id = app.gid()
       AND h.hash <> coalesce((SELECT w.hash FROM walked w ORDER BY w.number DESC LIMIT 1), (SELECT s.hash FROM seed s)))
  SELECT f.number, f.reason FROM faults f ORDER BY f.number LIMIT 1;
$$;

GRANT EXECUTE ON FUNCTION ledger.open(), ledger.lock(), ledger.hold(uuid, uuid, uuid, numeric, text, text, uuid),
  ledger.release(uuid, uuid, uuid), ledger.close(uuid, uuid, date), ledger.first_broken(), ledger.intact(uuid),
  ledger.post(uuid, timestamptz, uuid[], text[], date[], text[], uuid[], text[], uuid[], uuid[], text[], int[], uuid[],
    numeric[], boolean, boolean)
  TO pp_app, pp_worker;
