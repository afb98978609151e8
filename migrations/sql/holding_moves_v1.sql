-- The lines of a move are written at once: together they are what the move says, and they leave nobody below zero.
-- SQLSTATE PP025: the lines are not the move. PP026: a holder would hold less than nothing.
CREATE FUNCTION app.check_holding_shares() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM 1
    FROM (SELECT DISTINCT group_id, move_id FROM written) w
    JOIN public.holding_move m ON (m.group_id, m.id) = (w.group_id, w.move_id)
   WHERE (SELECT sum(s.units) FROM public.holding_share s WHERE (s.group_id, s.move_id) = (m.group_id, m.id)) <> m.units
      OR (SELECT sum(s.cost) FROM public.holding_share s WHERE (s.group_id, s.move_id) = (m.group_id, m.id)) <> m.cost;
  IF FOUND THEN RAISE EXCEPTION 'the lines of a move are not what it says' USING ERRCODE = 'PP025'; END IF;

  PERFORM 1
    FROM public.holding_share s
    JOIN (SELECT DISTINCT group_id, investment_id FROM written) w USING (group_id, investment_id)
   GROUP BY s.group_id, s.investment_id, s.member_id
  HAVING sum(s.units) < 0 OR sum(s.cost) < 0;
  IF FOUND THEN RAISE EXCEPTION 'a holder would hold less than nothing' USING ERRCODE = 'PP026'; END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER whole AFTER INSERT ON holding_share
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION app.check_holding_shares();
