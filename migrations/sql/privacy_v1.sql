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

-- A wish waits two weeks from the moment when it is asked, by the database's own clock, whoever writes it; that of a member
-- may follow an open wish of their person, and then bears its dates. Only the owner of the tables may write older ones.
CREATE FUNCTION app.refuse_wish_that_never_waited() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  told jsonb := to_jsonb(NEW);
BEGIN
  IF pg_has_role(current_user, 'pp_owner', 'MEMBER') THEN
    RETURN NEW;
  END IF;
  IF NEW.cancelled_at IS NULL AND NEW.done_at IS NULL AND told ->> 'cancelled_by' IS NULL THEN
    IF NEW.asked_at BETWEEN clock_timestamp() - interval '1 minute' AND clock_timestamp() + interval '1 minute'
       AND NEW.due_at >= NEW.asked_at + interval '336 hours' THEN
      RETURN NEW;
    END IF;
    IF TG_TABLE_NAME = 'member_erasure' AND EXISTS (
         SELECT FROM public.member m JOIN public.person_erasure e ON e.user_id = m.user_id
         WHERE m.group_id = (told ->> 'group_id')::uuid AND m.id = (told ->> 'member_id')::uuid
           AND e.cancelled_at IS NULL AND e.done_at IS NULL
           AND e.asked_at = NEW.asked_at AND e.due_at = NEW.due_at) THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'INSERT on %: a wish waits two weeks', TG_TABLE_NAME USING ERRCODE = 'PP001';
END $$;

-- It ends once, carried out not before it was due, and nothing else of it ever changes.
CREATE FUNCTION app.refuse_change_of_wish() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  endings text[] := ARRAY['cancelled_at', 'cancelled_by', 'done_at'];
BEGIN
  IF OLD.cancelled_at IS NULL AND OLD.done_at IS NULL AND to_jsonb(NEW) - endings = to_jsonb(OLD) - endings
     AND (NEW.cancelled_at IS NOT NULL OR (NEW.done_at >= OLD.due_at AND OLD.due_at <= now())) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'UPDATE on %: a wish ends once and in time', TG_TABLE_NAME USING ERRCODE = 'PP001';
END $$;
