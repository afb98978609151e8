-- A share-out is paid once; without the savings nobody is paid more growth than their part of it; and the parts of a
-- payment, which are written by one statement, are together what it says.
-- SQLSTATE PP030: paid twice. PP031: more than the part. PP032: the parts are not the payment.
CREATE FUNCTION app.check_share_out_payments() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE bad uuid;
BEGIN
  SELECT p.share_out_id INTO bad
    FROM public.share_out_payment p
    JOIN (SELECT DISTINCT group_id, share_out_id FROM added) t USING (group_id, share_out_id)
   WHERE NOT EXISTS (SELECT FROM public.distributions_reversal b
                      WHERE (b.group_id, b.original_id) = (p.group_id, p.id) AND b.original_kind = 'share_out_payment')
   GROUP BY p.group_id, p.share_out_id
  HAVING count(*) > 1
   LIMIT 1;
  IF FOUND THEN RAISE EXCEPTION 'share-out % is paid twice', bad USING ERRCODE = 'PP030'; END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER paid_once AFTER INSERT ON share_out_payment
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION app.check_share_out_payments();

CREATE FUNCTION app.check_share_out_parts() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE bad uuid;
BEGIN
  SELECT a.payment_id INTO bad
    FROM added a
    JOIN public.share_out_payment p ON (p.group_id, p.id) = (a.group_id, a.payment_id)
    LEFT JOIN public.share_out_part s
      ON (s.group_id, s.share_out_id, s.member_id) = (p.group_id, p.share_out_id, a.member_id)
   WHERE NOT p.with_savings AND a.growth > coalesce(s.amount, 0)
   LIMIT 1;
  IF FOUND THEN RAISE EXCEPTION 'payment % gives more than a part', bad USING ERRCODE = 'PP031'; END IF;

  SELECT p.id INTO bad
    FROM public.share_out_payment p
    JOIN public.share_out_payment_part s ON (s.group_id, s.payment_id) = (p.group_id, p.id)
   WHERE (p.group_id, p.id) IN (SELECT group_id, payment_id FROM added)
   GROUP BY p.group_id, p.id, p.owed, p.deducted
  HAVING (sum(s.owed), sum(s.deducted)) <> (p.owed, p.deducted)
   LIMIT 1;
  IF FOUND THEN RAISE EXCEPTION 'the parts of payment % are not what it says', bad USING ERRCODE = 'PP032'; END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER whole AFTER INSERT ON share_out_payment_part
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION app.check_share_out_parts();
