"""Guards in the database and before it: walls between groups, records that only grow, keys, staff, erasure, seals."""

from tools.mutants.guard import Guard, guard, never

TABLES = "migrations/tables.py"
FORCED = "        ALTER TABLE {table} FORCE ROW LEVEL SECURITY;\n        CREATE POLICY tenant"  # of groups' tables
PEOPLE = "migrations/versions/0001_people_and_groups.py"
BOOKS = "migrations/versions/0002_books.py"
APPROVALS = "migrations/versions/0004_approvals.py"
STAFF = "migrations/versions/0013_staff.py"
LOOKS = "migrations/sql/staff_functions_v1.sql"
PRIVACY = "migrations/sql/privacy_v1.sql"
USING = "USING (group_id = (SELECT app.gid()))"
CHECK = "WITH CHECK (group_id = (SELECT app.gid()));"
MODELS = "tenancy/test_models_and_database.py::test_a_new_migration_would_find_nothing_to_do"


def _open(table: str) -> Guard:
    own = "{'true' if table == '" + table + "' else 'group_id = (SELECT app.gid())'}"
    return guard(
        f"policy of {table}", TABLES, USING, f"USING ({own})", "tenancy/test_walls.py::test_select_finds_nothing"
    )


WALLS: tuple[Guard, ...] = (
    *(_open(table) for table in ("member", "entry", "posting", "payment", "outbox", "api_token", "audit_event")),
    guard("policy of writing", TABLES, CHECK, "WITH CHECK (true);",
          "tenancy/test_catalogue.py", "tenancy/test_walls.py::test_insert_of_a_row_of_that_group_is_refused"),
    guard("row-level security", TABLES,
          "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;\n" + FORCED, FORCED,
          "tenancy/test_walls.py::test_update_and_delete_touch_nothing"),
    guard("FORCE for the owner", TABLES, FORCED, "        CREATE POLICY tenant",
          "tenancy/test_catalogue.py::test_every_tenant_table_forces_row_level_security"),
    guard("append-only trigger", TABLES, "FOR EACH ROW EXECUTE FUNCTION app.refuse_change()",
          "FOR EACH ROW WHEN (false) EXECUTE FUNCTION app.refuse_change()",
          "ledgers/test_database.py::test_records_only_grow_for_their_owner_too"),
    guard("truncate trigger", TABLES, "FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_change()",
          "FOR EACH STATEMENT WHEN (false) EXECUTE FUNCTION app.refuse_change()",
          "ledgers/test_database.py::test_records_only_grow_for_their_owner_too"),
    guard("composite foreign key of postings", BOOKS,
          """        sa.ForeignKeyConstraint(
            ["group_id", "account_id"], ["account.group_id", "account.id"], name=op.f("fk_posting_group_id_account_id")
        ),
""", "", "ledgers/test_database.py::test_an_account_of_another_group", MODELS),
    guard("composite foreign key of holds", BOOKS,
          """        sa.ForeignKeyConstraint(
            ["group_id", "account_id"], ["account.group_id", "account.id"], name=op.f("fk_hold_group_id_account_id")
        ),
""", "", MODELS),
    guard("key of an entry", BOOKS,
          'sa.UniqueConstraint("group_id", "idempotency_key", name=op.f("uq_entry_group_id_idempotency_key")),', "",
          "ledgers/test_database.py::test_a_second_entry_under_the_same_key"),
    guard("number of an entry", BOOKS,
          'sa.UniqueConstraint("group_id", "number", name=op.f("uq_entry_group_id_number")),', "", MODELS),
    guard("one reversal of an entry", BOOKS,
          'sa.UniqueConstraint("group_id", "reverses_id", name=op.f("uq_entry_group_id_reverses_id")),', "", MODELS),
    guard("key of a message", PEOPLE,
          'sa.UniqueConstraint("group_id", "key", name=op.f("uq_outbox_group_id_key")),', "",
          "workers/test_draining.py::test_it_is_done_once_however_often_it_is_queued_and_looked_at", MODELS),
    guard("key of a request", APPROVALS,
          'sa.UniqueConstraint("group_id", "idempotency_key",'
          ' name=op.f("uq_approval_request_group_id_idempotency_key")),', "", MODELS),
    guard("one decision of a request", APPROVALS,
          'sa.UniqueConstraint("group_id", "request_id", name=op.f("uq_approval_decision_group_id_request_id")),', "",
          MODELS),
    guard("filter of the ORM", "app/core/tenancy.py", "lambda table: table.group_id == group_id,",
          "lambda table: table.group_id.is_not(None),",
          "tenancy/test_orm_wall.py::test_reading_finds_no_row_of_another_group"),
    guard("stamp of the ORM", "app/core/tenancy.py", "elif given != group_id:", "elif False:",
          "tenancy/test_orm_wall.py::test_a_forged_group_is_refused_and_a_missing_one_stamped"),
    never("plain SQL in a group's session", "app/core/tenancy.py", 'not state.execution_options.get("core_ok")',
          "tenancy/test_orm_wall.py::test_core_and_text_statements_are_refused"),
    guard("look-inside policy", STAFF,
          "CREATE POLICY look ON {table} AS RESTRICTIVE FOR SELECT TO pp_platform USING ((SELECT app.looks_inside()));",
          "", "staff/test_walls.py::test_without_a_look_no_table_of_a_group_gives_a_row"),
    guard("end of a look", LOOKS, "AND a.until > now()", "",
          "staff/test_walls.py::test_a_look_that_is_over_or_was_ended_opens_nothing"),
    guard("a look is one person's", LOOKS, "a.group_id = app.gid() AND a.user_id = app.uid() AND",
          "a.group_id = app.gid() AND",
          "staff/test_walls.py::test_a_look_opens_nothing_to_anybody_else_or_in_another_group_or_with_no_group"),
    # Two policies say it, the one that allows and the one that restricts: both are taken away.
    Guard("policies of the list of groups", STAFF, (
        ("CREATE POLICY staff ON savings_group FOR SELECT TO pp_platform USING ((SELECT app.is_staff()));",
         "CREATE POLICY staff ON savings_group FOR SELECT TO pp_platform USING (true);"),
        ("ON savings_group AS RESTRICTIVE TO pp_platform\n            USING ((SELECT app.is_staff()))",
         "ON savings_group AS RESTRICTIVE TO pp_platform\n            USING (true)")),
          ("tests/staff/test_walls.py::test_only_staff_of_today_see_the_list_of_groups",)),
    guard("staff write in their own name", STAFF, "WITH CHECK ((SELECT app.is_staff()) AND {mine});",
          "WITH CHECK ((SELECT app.is_staff()));",
          "staff/test_walls.py::test_a_look_is_opened_in_ones_own_name_in_the_chosen_group_from_now_on",
          "staff/test_walls.py::test_standing_is_written_in_ones_own_name_and_a_group_is_only_suspended_or_revived"),
    guard("staff door", "app/staff/door.py", "if not current_user.is_authenticated or not is_staff(current_user.id):",
          "if not current_user.is_authenticated:",
          "staff/test_pages.py::test_for_everybody_else_no_page_of_staff_exists"),
    never("staff's second step", "app/staff/door.py", "not current_user.two_factor_enabled",
          "staff/test_pages.py::test_staff_without_a_second_step_are_led_to_set_one_up"),
    guard("an erasure waits its time", PRIVACY, "WHERE e.group_id = app.gid() AND e.id = asked\n"
          "              AND e.due_at <= now() AND", "WHERE e.group_id = app.gid() AND e.id = asked\n              AND",
          "privacy/test_walls.py::test_a_wish_that_waits_was_taken_back_or_is_over_opens_nothing"),
    guard("an erasure is its own group's", PRIVACY, "WHERE e.group_id = app.gid() AND e.id = asked",
          "WHERE e.id = asked",
          "privacy/test_walls.py::test_an_erasure_is_of_its_own_group_for_who_sees_all_of_them"),
    guard("words change for the background alone", PRIVACY, "IF current_user = 'pp_worker' THEN\n    IF TG_OP",
          "IF true THEN\n    IF TG_OP",
          "privacy/test_walls.py::test_each_wall_of_an_erasure_holds_without_the_rights_before_it"),
    guard("an erasure changes words alone", PRIVACY, " AND to_jsonb(NEW) - words = to_jsonb(OLD) - words", "",
          "privacy/test_walls.py::test_each_wall_of_an_erasure_holds_without_the_rights_before_it"),
    guard("erasure destroys the key", "app/privacy/forgetting.py", "    _destroy_key(member.id)\n", "",
          "privacy/test_erasure.py::test_after_erasure_no_word_is_left_anywhere"),
    Guard("a seal is bound to its place", "app/core/crypto.py",
          (("encrypt(nonce, value, place.encode())", 'encrypt(nonce, value, b"")'),
           ("sealed[1 + NONCE :], place.encode())", 'sealed[1 + NONCE :], b"")')),
          ("tests/auth/test_second_factor.py::test_the_secret_is_sealed_and_opens_in_its_own_row_only",)),
)  # fmt: skip
