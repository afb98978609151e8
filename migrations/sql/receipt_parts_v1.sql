-- What was paid of a receipt is never more than what the client owes for it, and never less than nothing.
-- SQLSTATE PP035: it would be.
CREATE FUNCTION app.check_receipt_parts() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM 1
    FROM public.receipt_part p
    JOIN (SELECT DISTINCT group_id, receipt_id FROM written) w USING (group_id, receipt_id)
    JOIN public.receipt r ON (r.group_id, r.id) = (p.group_id, p.receipt_id)
   GROUP BY r.group_id, r.id, r.net, r.charges
  HAVING sum(p.amount) < 0 OR sum(p.amount) > r.net + r.charges;
  IF FOUND THEN RAISE EXCEPTION 'more would be paid of a receipt than is owed' USING ERRCODE = 'PP035'; END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER never_more AFTER INSERT ON receipt_part
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION app.check_receipt_parts();
