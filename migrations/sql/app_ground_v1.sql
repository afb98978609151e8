-- Who asks and for which group, as told by set_config for one transaction; after it the setting is '' and not NULL.
CREATE FUNCTION app.gid() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('app.group_id', true), '')::uuid;
CREATE FUNCTION app.uid() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('app.user_id', true), '')::uuid;
GRANT EXECUTE ON FUNCTION app.gid(), app.uid() TO pp_app, pp_worker, pp_relay, pp_platform;

CREATE FUNCTION app.refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION '% on %: records only grow', TG_OP, TG_TABLE_NAME USING ERRCODE = 'PP001';
END $$;
