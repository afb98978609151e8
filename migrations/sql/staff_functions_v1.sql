-- Whether the person who asks is platform staff: the latest row says so.
CREATE FUNCTION app.is_staff() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
  RETURN coalesce((SELECT s.is_staff FROM public.platform_staff s
                   WHERE s.user_id = app.uid() ORDER BY s.at DESC, s.id DESC LIMIT 1), false);

-- Whether that person may look inside the chosen group now: a look of their own, with a reason, neither over nor ended.
CREATE FUNCTION app.looks_inside() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
  RETURN app.is_staff() AND EXISTS (
    SELECT 1 FROM public.platform_access a
    WHERE a.group_id = app.gid() AND a.user_id = app.uid() AND a.at <= now() AND a.until > now()
      AND NOT EXISTS (SELECT 1 FROM public.platform_access_end e WHERE e.group_id = a.group_id AND e.access_id = a.id));

GRANT EXECUTE ON FUNCTION app.is_staff(), app.looks_inside() TO pp_platform;
