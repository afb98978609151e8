-- Every use of a member's savings is taken from what came in, the oldest first, and stored row by row: this draws the
-- path of the money and says what rests on what. What came in is a lot: an entry that adds to a savings account and is
-- no reversal. A reversed use gives back what it took (rows below zero); a reversed lot is taken by its own reversal.
-- So, always: balance of a savings account = sum of its lots - sum of their uses.
-- SQLSTATE PP018: a lot that was used cannot be taken back.
CREATE FUNCTION ledger.use_savings(p_entries uuid[]) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE g uuid := app.gid(); bad record;
BEGIN
  PERFORM 1 FROM public.ledger_head h WHERE h.group_id = g FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'this group has no books' USING ERRCODE = 'PP010'; END IF;

  INSERT INTO public.savings_use (group_id, entry_id, lot_id, account_id, amount)
  SELECT g, r.id, u.lot_id, u.account_id, -u.amount
    FROM public.entry r
    JOIN public.savings_use u ON (u.group_id, u.entry_id) = (g, r.reverses_id)
   WHERE r.group_id = g AND r.id = ANY (p_entries);

  INSERT INTO public.savings_use (group_id, entry_id, lot_id, account_id, amount)
  SELECT g, r.id, r.reverses_id, p.account_id, sum(p.amount)
    FROM public.entry r
    JOIN public.posting p ON (p.group_id, p.entry_id) = (g, r.id)
    JOIN public.account a ON (a.group_id, a.id) = (g, p.account_id) AND a.kind = 'savings'
   WHERE r.group_id = g AND r.id = ANY (p_entries) AND r.reverses_id IS NOT NULL
   GROUP BY r.id, r.reverses_id, p.account_id HAVING sum(p.amount) > 0;

  SELECT l.number INTO bad
    FROM (SELECT DISTINCT u.lot_id, u.account_id FROM public.savings_use u JOIN public.entry r
            ON (r.group_id, r.id) = (g, u.entry_id) AND r.reverses_id = u.lot_id
           WHERE u.group_id = g AND u.entry_id = ANY (p_entries)) t
    JOIN public.entry l ON (l.group_id, l.id) = (g, t.lot_id)
   WHERE (SELECT sum(u.amount) FROM public.savings_use u
           WHERE (u.group_id, u.lot_id, u.account_id) = (g, t.lot_id, t.account_id))
       <> (SELECT -sum(p.amount) FROM public.posting p
           WHERE (p.group_id, p.entry_id, p.account_id) = (g, t.lot_id, t.account_id))
   LIMIT 1;
  IF FOUND THEN RAISE EXCEPTION '%', bad.number USING ERRCODE = 'PP018'; END IF;

  -- The uses of an account in the order of their entries, and its lots in the order of their days, each laid end to
  -- end: a use takes from every lot that it overlaps.
  WITH need AS (
    SELECT p.account_id, e.id, e.number, sum(p.amount) AS amount
      FROM public.entry e
      JOIN public.posting p ON (p.group_id, p.entry_id) = (g, e.id)
      JOIN public.account a ON (a.group_id, a.id) = (g, p.account_id) AND a.kind = 'savings'
     WHERE e.group_id = g AND e.id = ANY (p_entries) AND e.reverses_id IS NULL
     GROUP BY p.account_id, e.id, e.number HAVING sum(p.amount) > 0),
  needs AS (SELECT n.*, sum(n.amount) OVER (PARTITION BY n.account_id ORDER BY n.number) AS upto FROM need n),
  used AS (
    SELECT u.account_id, u.lot_id, sum(u.amount) AS amount FROM public.savings_use u
     WHERE u.group_id = g AND u.account_id IN (SELECT n.account_id FROM need n) GROUP BY u.account_id, u.lot_id),
  lot AS (
    SELECT p.account_id, p.entry_id, p.effective_on, p.entry_number, -sum(p.amount) AS amount
      FROM public.posting p
      JOIN public.entry e ON (e.group_id, e.id) = (g, p.entry_id) AND e.reverses_id IS NULL
     WHERE p.group_id = g AND p.account_id IN (SELECT n.account_id FROM need n)
     GROUP BY p.account_id, p.entry_id, p.effective_on, p.entry_number HAVING sum(p.amount) < 0),
  left_over AS (
    SELECT l.account_id, l.entry_id, l.effective_on, l.entry_number, l.amount - coalesce(u.amount, 0) AS amount
      FROM lot l LEFT JOIN used u ON (u.account_id, u.lot_id) = (l.account_id, l.entry_id)
     WHERE l.amount > coalesce(u.amount, 0)),
  lots AS (
    SELECT o.*, sum(o.amount) OVER (PARTITION BY o.account_id ORDER BY o.effective_on, o.entry_number) AS upto
      FROM left_over o)
  INSERT INTO public.savings_use (group_id, entry_id, lot_id, account_id, amount)
  SELECT g, n.id, l.entry_id, n.account_id, least(n.upto, l.upto) - greatest(n.upto - n.amount, l.upto - l.amount)
    FROM needs n JOIN lots l ON l.account_id = n.account_id
   WHERE least(n.upto, l.upto) > greatest(n.upto - n.amount, l.upto - l.amount);
END $$;

GRANT EXECUTE ON FUNCTION ledger.use_savings(uuid[]) TO pp_app, pp_worker;
