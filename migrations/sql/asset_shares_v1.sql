-- The shares of an asset are together exactly 100 per cent and its recorded purchase value, or nothing once it is gone;
-- and nobody's is below zero. Looked at after each statement, so all rows of one event are written by one.
-- SQLSTATE PP019: they are not.
CREATE FUNCTION app.keep_assets_whole() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE bad uuid;
BEGIN
  SELECT own.asset_id INTO bad
    FROM (SELECT s.group_id, s.asset_id, s.member_id, sum(s.percent) AS percent, sum(s.amount) AS amount
            FROM public.asset_share s
            JOIN (SELECT DISTINCT a.group_id, a.asset_id FROM added a) t
              ON (t.group_id, t.asset_id) = (s.group_id, s.asset_id)
           GROUP BY s.group_id, s.asset_id, s.member_id) own
    JOIN public.asset a ON (a.group_id, a.id) = (own.group_id, own.asset_id)
   GROUP BY own.asset_id, a.price
  HAVING min(own.percent) < 0 OR min(own.amount) < 0
      OR NOT ((sum(own.percent) = 100 AND sum(own.amount) = a.price) OR (sum(own.percent) = 0 AND sum(own.amount) = 0))
   LIMIT 1;
  IF FOUND THEN RAISE EXCEPTION 'the shares of asset % are not whole', bad USING ERRCODE = 'PP019'; END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER shares_are_whole AFTER INSERT ON asset_share
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION app.keep_assets_whole();
