-- Whether this transaction carries out an erasure that somebody asked for, that waited out its time and was not taken back.
CREATE FUNCTION app.erasing() RETURNS boolean LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  asked uuid := nullif(current_setting('app.erasure', true), '')::uuid;
BEGIN
  RETURN asked IS NOT NULL AND (
    EXISTS (SELECT FROM public.member_erasure e
            WHERE e.group_id = app.gid() AND e.id = asked
              AND e.due_at <= now() AND e.cancelled_at IS NULL AND e.done_at IS NULL)
    OR EXISTS (SELECT FROM public.person_erasure e
               WHERE e.id = asked AND e.due_at <= now() AND e.cancelled_at IS NULL AND e.done_at IS NULL));
END $$;
GRANT EXECUTE ON FUNCTION app.erasing() TO pp_app, pp_worker;

-- Records only grow, with two exceptions, both for the background's role alone: an erasure may change the columns named
-- by the first argument and nothing else, and a row whose time (the third) is older than the second may go.
CREATE FUNCTION app.refuse_change_before_time() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  words text[] := string_to_array(TG_ARGV[0], ',');
  kept interval := nullif(TG_ARGV[1], '')::interval;
BEGIN
  IF current_user = 'pp_worker' THEN
    IF TG_OP = 'UPDATE' AND app.erasing() AND to_jsonb(NEW) - words = to_jsonb(OLD) - words THEN
      RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' AND kept IS NOT NULL AND (to_jsonb(OLD) ->> TG_ARGV[2])::timestamptz < now() - kept THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION '% on %: records only grow', TG_OP, TG_TABLE_NAME USING ERRCODE = 'PP001';
END $$;

-- What a person agreed to is proof for a year after they were erased, and nobody's business afterwards.
CREATE FUNCTION app.refuse_change_of_consent() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_user = 'pp_worker' AND EXISTS (
       SELECT FROM public.person_erasure e
       WHERE e.user_id = OLD.user_id AND e.done_at < now() - interval '1 year') THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION '% on %: records only grow', TG_OP, TG_TABLE_NAME USING ERRCODE = 'PP001';
END $$;
