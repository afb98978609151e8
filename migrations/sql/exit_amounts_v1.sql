-- Of a request never more is fulfilled than it comes to with its adjustments; what was taken back does not count. Of money
-- set aside never more is used than there was: taken back, it is free again and no longer set aside, so that does count.
-- Looked at after each statement. SQLSTATE PP028: more than the request. PP029: more than the money set aside.
CREATE FUNCTION app.check_exit_requests() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE bad uuid;
BEGIN
  SELECT r.id INTO bad
    FROM (SELECT DISTINCT group_id, request_id FROM added) t
    JOIN public.exit_request r ON (r.group_id, r.id) = (t.group_id, t.request_id)
   WHERE (SELECT coalesce(sum(f.amount), 0)
            FROM public.exit_fulfilment f
           WHERE (f.group_id, f.request_id) = (r.group_id, r.id)
             AND NOT EXISTS (SELECT FROM public.exits_reversal b
                              WHERE (b.group_id, b.original_id) = (f.group_id, f.id)
                                AND b.original_kind = 'exit_fulfilment'))
         > r.gross + (SELECT coalesce(sum(a.amount), 0)
                        FROM public.exit_adjustment a
                       WHERE (a.group_id, a.request_id) = (r.group_id, r.id))
   LIMIT 1;
  IF FOUND THEN RAISE EXCEPTION 'more was fulfilled of request % than it comes to', bad USING ERRCODE = 'PP028'; END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER no_more_than_asked AFTER INSERT ON exit_fulfilment
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION app.check_exit_requests();
CREATE TRIGGER no_more_than_asked AFTER INSERT ON exit_adjustment
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION app.check_exit_requests();

CREATE FUNCTION app.check_liquidity() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE touched uuid[]; bad uuid;
BEGIN
  IF TG_TABLE_NAME = 'exit_fulfilment' THEN
    SELECT array_agg(DISTINCT event_id) INTO touched FROM added;
  ELSE
    SELECT array_agg(DISTINCT original_id) INTO touched FROM added WHERE original_kind = 'liquidity_event';
  END IF;
  SELECT e.id INTO bad
    FROM public.liquidity_event e
   WHERE e.id = ANY (touched)
     AND (SELECT coalesce(sum(f.amount), 0)
            FROM public.exit_fulfilment f
           WHERE (f.group_id, f.event_id) = (e.group_id, e.id))
         + (SELECT coalesce(sum(b.amount), 0)
              FROM public.exits_reversal b
             WHERE (b.group_id, b.original_id) = (e.group_id, e.id) AND b.original_kind = 'liquidity_event')
         > e.amount
   LIMIT 1;
  IF FOUND THEN RAISE EXCEPTION 'more was used of money set aside % than there was', bad USING ERRCODE = 'PP029'; END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER no_more_than_set_aside AFTER INSERT ON exit_fulfilment
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION app.check_liquidity();
CREATE TRIGGER no_more_than_set_aside AFTER INSERT ON exits_reversal
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION app.check_liquidity();
