"""The database's own catalogue is asked whether every table stands behind its walls."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.tenancy import Base, Owned

GLOBAL = {
    "savings_group": "the tenant itself: its id is the group, walled by policies of its own",
    "user_account": "people exist beside groups",
    "user_session": "people sign in before a group is chosen",
    "user_token": "links sent by mail",
    "recovery_code": "second factors of people",
    "known_device": "devices of people",
    "passkey": "second factors of people",
    "passkey_challenge": "asked before anybody is signed in",
    "security_event": "what happened to an account outside any group",
    "secret_digest": "maps a secret from outside to its group, without personal data",
    "platform_outbox": "messages about people outside any group",
    "person_mail": "mails to people outside any group",
    "platform_staff": "who works for the service, beside groups",
    "platform_setting": "settings of the whole service",
    "staff_act": "what staff did, of which some is about no group",
    "backup_taken": "backups of the whole database",
    "master_key": "which keys seal this database, without the keys",
    "alert": "what an on-call person must know, in ids and numbers",
    "alert_settled": "who looked into an alert",
    "size_figure": "how large tables and indexes are",
    "consent_event": "what people agreed to",
    "data_export": "a copy of what is held of a person, over all their groups",
    "person_erasure": "people who wish to be forgotten",
    "tax_version": "rates of countries, the same for every group",
    "person_removal": "what was removed from tables without a group because its time had passed",
}
# Unique without the group: each says of no group what another has.
GLOBAL_UNIQUE: set[str] = set()


@pytest.fixture(scope="module")
def catalogue(app: Flask) -> Iterator[sa.Connection]:
    with app.app_context():
        admin = sa.create_engine(app.config["SETTINGS"].database.admin)
        with admin.connect() as connection:
            yield connection
        admin.dispose()


def names(connection: sa.Connection, sql: str) -> set[str]:
    return set(connection.exec_driver_sql(sql).scalars())


TABLES = """SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')"""


def test_every_table_has_a_group_or_stands_in_the_written_list(catalogue: sa.Connection) -> None:
    without = names(
        catalogue,
        TABLES + " AND NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'group_id')",
    )
    assert without | {"secret_digest"} == GLOBAL.keys()


def test_every_tenant_table_forces_row_level_security(catalogue: sa.Connection) -> None:
    open_ = names(catalogue, TABLES + " AND NOT (c.relrowsecurity AND c.relforcerowsecurity)")
    assert open_ <= GLOBAL.keys() - {"savings_group"}


def test_every_write_policy_checks_what_is_written(catalogue: sa.Connection) -> None:
    unchecked = names(
        catalogue, "SELECT tablename || '.' || policyname FROM pg_policies WHERE cmd <> 'SELECT' AND with_check IS NULL"
    )
    assert unchecked == set()


def test_the_wall_of_a_group_checks_what_is_written_as_it_checks_what_is_read(catalogue: sa.Connection) -> None:
    unlike = names(
        catalogue,
        "SELECT tablename FROM pg_policies WHERE policyname = 'tenant' AND with_check IS DISTINCT FROM qual",
    )
    assert unlike == set()


def test_every_policy_reads_the_group_through_the_inlined_function(catalogue: sa.Connection) -> None:
    odd = names(
        catalogue,
        "SELECT tablename || '.' || policyname FROM pg_policies"
        " WHERE policyname = 'tenant' AND qual NOT LIKE '%%( SELECT app.gid() AS gid)%%'",
    )
    assert odd == set()


def test_every_reference_between_tenant_tables_carries_the_group(catalogue: sa.Connection) -> None:
    plain = names(
        catalogue,
        """SELECT k.conrelid::regclass || '.' || k.conname FROM pg_constraint k
           WHERE k.contype = 'f' AND k.confrelid <> 'savings_group'::regclass
             AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = k.confrelid AND a.attname = 'group_id')
             AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = k.conrelid AND a.attname = 'group_id')
             AND NOT (SELECT a.attnum FROM pg_attribute a
                      WHERE a.attrelid = k.conrelid AND a.attname = 'group_id') = ANY (k.conkey)""",
    )
    assert plain == set()


def test_every_unique_key_of_a_tenant_table_begins_with_the_group(catalogue: sa.Connection) -> None:
    telling = names(
        catalogue,
        """SELECT i.indexrelid::regclass::text FROM pg_index i
           JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attname = 'group_id'
           WHERE i.indisunique AND i.indrelid::regclass::text <> 'secret_digest' AND i.indkey[0] <> a.attnum""",
    )
    assert telling == GLOBAL_UNIQUE


def test_no_group_id_may_be_missing(catalogue: sa.Connection) -> None:
    loose = names(
        catalogue,
        """SELECT a.attrelid::regclass::text FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
           WHERE a.attname = 'group_id' AND c.relkind IN ('r', 'p') AND NOT a.attnotnull""",
    )
    assert loose == set()


def test_no_view_or_materialised_view_exists(catalogue: sa.Connection) -> None:
    views = names(
        catalogue,
        """SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE n.nspname IN ('public', 'app', 'ledger') AND c.relkind IN ('v', 'm')""",
    )
    assert views == set()


def test_definer_functions_are_the_ledgers_and_run_as_the_owner_with_a_fixed_path(catalogue: sa.Connection) -> None:
    rows = catalogue.exec_driver_sql(
        """SELECT n.nspname, p.proname, r.rolname, r.rolsuper OR r.rolbypassrls, p.proconfig::text
           FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_roles r ON r.oid = p.proowner
           WHERE p.prosecdef AND n.nspname NOT IN ('pg_catalog', 'information_schema')"""
    ).all()
    assert rows
    for schema, name, owner, powerful, config in rows:
        assert (schema, owner, powerful) == ("ledger", "pp_owner", False), name
        assert "search_path=pg_catalog, pg_temp" in config, name


@pytest.mark.parametrize("role", ["pp_app", "pp_worker", "pp_relay", "pp_platform"])
def test_no_working_role_can_step_around_the_walls(catalogue: sa.Connection, role: str) -> None:
    powers = catalogue.exec_driver_sql(
        """SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, pg_has_role(rolname, 'pp_owner', 'MEMBER')
           FROM pg_roles WHERE rolname = %s""",
        (role,),
    ).one()
    assert not any(powers)
    rights = names(
        catalogue,
        f"""SELECT table_name || ' ' || privilege_type FROM information_schema.role_table_grants
            WHERE grantee = '{role}' AND privilege_type IN ('TRUNCATE', 'TRIGGER', 'REFERENCES')""",
    )
    assert rights == set()


BOOKS = ("entry", "posting", "balance_checkpoint", "closed_period", "hold", "hold_release", "ledger_head")


@pytest.mark.parametrize("table", BOOKS)
def test_nobody_but_the_functions_writes_the_books(catalogue: sa.Connection, table: str) -> None:
    writers = names(
        catalogue,
        f"""SELECT grantee || ' ' || privilege_type FROM information_schema.role_table_grants
            WHERE table_name = '{table}' AND grantee IN ('pp_app', 'pp_worker', 'pp_relay', 'pp_platform')
              AND privilege_type <> 'SELECT'""",
    )
    assert writers == set()


def test_every_mapped_table_with_a_group_is_filtered_by_the_orm() -> None:
    unfiltered = {
        mapper.class_.__name__
        for mapper in Base.registry.mappers
        if "group_id" in mapper.columns and not issubclass(mapper.class_, Owned)
    }
    assert unfiltered == {"SecretDigest"}
