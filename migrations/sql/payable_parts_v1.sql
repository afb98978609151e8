-- Of what is owed never more is paid than it is, and nothing of what ended; payments that were taken back do not count.
-- Looked at after each statement. SQLSTATE PP027: more was paid.
CREATE FUNCTION app.check_payables() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE bad uuid;
BEGIN
  SELECT o.id INTO bad
    FROM (SELECT DISTINCT group_id, payable_id FROM added) t
    JOIN public.payable o ON (o.group_id, o.id) = (t.group_id, t.payable_id)
   WHERE (SELECT coalesce(sum(p.amount), 0)
            FROM public.member_payment_part p
           WHERE (p.group_id, p.payable_id) = (o.group_id, o.id)
             AND NOT EXISTS (SELECT FROM public.payouts_reversal b
                              WHERE (b.group_id, b.payment_id) = (p.group_id, p.payment_id)))
         > CASE WHEN EXISTS (SELECT FROM public.payable_end e WHERE (e.group_id, e.payable_id) = (o.group_id, o.id))
                THEN 0 ELSE o.amount END
   LIMIT 1;
  IF FOUND THEN RAISE EXCEPTION 'more was paid of payable % than is owed', bad USING ERRCODE = 'PP027'; END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER no_more_than_owed AFTER INSERT ON member_payment_part
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION app.check_payables();
CREATE TRIGGER no_more_than_owed AFTER INSERT ON payable_end
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION app.check_payables();
