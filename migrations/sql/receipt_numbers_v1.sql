-- Receipts and what reverses them share one row of numbers for each year of issue, without a gap: what a statement adds
-- follows on the highest number of both tables. Who issues holds the group's lock; this is the wall behind it.
-- SQLSTATE PP036: it does not.
CREATE FUNCTION app.number_receipts() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE fresh record; receipts int; reversals int;
BEGIN
  FOR fresh IN SELECT a.group_id, a.year, min(a.number) AS low, max(a.number) AS high, count(*) AS many
                 FROM added a GROUP BY a.group_id, a.year LOOP
    SELECT coalesce(max(r.number), 0) INTO receipts FROM public.receipt r
     WHERE r.group_id = fresh.group_id AND r.year = fresh.year AND (TG_TABLE_NAME <> 'receipt' OR r.number < fresh.low);
    SELECT coalesce(max(v.number), 0) INTO reversals FROM public.receipt_reversal v
     WHERE v.group_id = fresh.group_id AND v.year = fresh.year
       AND (TG_TABLE_NAME <> 'receipt_reversal' OR v.number < fresh.low);
    IF greatest(receipts, reversals) <> fresh.low - 1 OR fresh.high - fresh.low + 1 <> fresh.many THEN
      RAISE EXCEPTION 'receipt numbers of % leave a gap at %', fresh.year, fresh.low USING ERRCODE = 'PP036'; END IF;
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER numbered AFTER INSERT ON receipt
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION app.number_receipts();
CREATE TRIGGER numbered AFTER INSERT ON receipt_reversal
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION app.number_receipts();
