"""Commands of operators and treasurers: prove the books, and write them out for a program that is not ours."""

import uuid

import click
import sqlalchemy as sa
from flask.cli import AppGroup, with_appcontext

from app.audit.log import record
from app.core.db import engine, transaction
from app.groups.queries import member_by_email
from app.ledgers.proof import prove
from app.reports.journal import beancount_text

export = AppGroup("export", help="Write books out.")


@click.command("proof")
@click.option("--group", "slug", help="Only the group of this short name, as in its addresses.")
@with_appcontext
def proof(slug: str | None) -> None:
    """Prove every group's books: exit 0 only when nothing is wrong, else tell every fault."""
    faults = proved = without = 0
    for name, group_id in groups(slug):
        checks = prove(group_id)
        if not checks:
            without += 1
            click.echo(f"{name}: no books yet, so there is nothing to prove")
            continue
        proved += 1
        faults += sum(len(check.faults) for check in checks)
        click.echo(f"{name}: " + ("proved" if not any(check.faults for check in checks) else "NOT PROVED"))
        for check in checks:
            click.echo(f"  {check.looked_at:>8,}  {check.name}")
            for fault in check.faults:
                click.echo(f"    FAULT: {fault}")
    click.echo(f"{proved} groups looked at, {without} without books.")
    if faults:
        click.echo(f"{faults} faults were found.")
        raise SystemExit(1)


@export.command("beancount")
@click.option("--group", "slug", required=True, help="The group's short name, as in its addresses.")
@click.option("--by", "email", help="E-mail of the member who takes it; else it is the operator.")
def export_beancount(slug: str, email: str | None) -> None:
    """Write a group's whole books to standard output as Beancount."""
    [(_name, group_id)] = groups(slug)
    with transaction(group_id=group_id):
        text = beancount_text()
        record("export", "books", by=_member(email) if email else None, severity="notice")
    click.echo(text, nl=False)


def _member(email: str) -> uuid.UUID:
    member = member_by_email(email)
    if member is None:
        raise click.ClickException(f"{email} is not a member of this group.")
    return member.id


def groups(slug: str | None) -> list[tuple[str, uuid.UUID]]:
    """Every group by its short name, or the one that is asked for. Raises ClickException when there is none such."""
    query = "SELECT slug, id FROM savings_group WHERE slug = coalesce(:slug, slug) ORDER BY slug"
    with engine("relay").connect() as connection:
        found = [(row.slug, row.id) for row in connection.execute(sa.text(query), {"slug": slug})]
    if slug and not found:
        raise click.ClickException(f"There is no group {slug}.")
    return found
