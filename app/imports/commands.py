"""The commands that import files: the same verbs as the pages, with counts and sentences on the terminal."""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from app.core import clock
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.money import shown
from app.groups.models import Member
from app.groups.queries import group, member_of, permissions_held
from app.groups.terminal import acting
from app.imports import files, members_import, readers, statement_import
from app.imports.accounts import account_for_statement, named_or_opened
from app.imports.asking import ask_statement
from app.imports.errors import RowError
from app.imports.matching import AGENT
from app.imports.planning import StatementPreview
from app.ledgers.approvals import Outcome
from app.web.i18n import speaking

GROUP = click.option("--group", "slug", required=True, help="The group's short name, as in its addresses.")
BY = click.option("--by", "email", required=True, help="E-mail of the member who acts.")
FILE = click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
importing = AppGroup("import", help="Import files of a group.")


@importing.command("members")
@GROUP
@FILE
@BY
@click.option("--opening-on", type=click.DateTime(["%Y-%m-%d"]), help="Day of the opening savings; 31 December last.")
def members(slug: str, path: Path, email: str, opening_on: datetime | None) -> None:
    """Import a list of members (CSV or XLSX), all or nothing."""
    with _acting(slug, email) as by:
        on = opening_on.date() if opening_on else readers.last_day_before(clock.today(group().time_zone))
        data = path.read_bytes()
        file = files.upload(kind="members", name=path.name, data=data, by=by.id, key=_key(), options={"on": str(on)})
        found = members_import.preview(data, by=by.id)
        _refuse(found.errors)
        told = members_import.confirm(file, by=by.id)
        _print_members(told, on)


def _print_members(told: dict[str, Any], on: date) -> None:
    if not any(told.get(name) for name in ("new", "completed", "opened")):
        click.echo("Nothing changes: everything in this file is here already.")
    click.echo(f"Members in the file:  {told['rows']}")
    click.echo(f"  added:              {told.get('new', 0)}")
    click.echo(f"  completed:          {told.get('completed', 0)}")
    click.echo(f"  here already:       {told.get('known', 0)}")
    click.echo(f"Opening savings:      {_money(Decimal(told['savings']))} of {told['opened']} members, on {on}")


@importing.command("statement")
@GROUP
@FILE
@BY
@click.option("--account", help="The cash account it is of; needed where there are several of mobile money.")
@click.option("--bank", help="The cash account to which withdrawals to a bank go; opened if there is none.")
@click.option("--agent", help="The cash account into which withdrawals at an agent go; opened if there is none.")
@click.option("--charges/--no-charges", default=True, help="Book charges as bank charges, or leave them to allocate.")
@click.option(
    "--overdraft", is_flag=True, help="Book it although a cash account goes below zero: the bank already did."
)
def statement(
    *,
    slug: str,
    path: Path,
    email: str,
    account: str | None,
    bank: str | None,
    agent: str | None,
    charges: bool,
    overdraft: bool,
) -> None:
    """Import a statement of a mobile-money account, all or nothing; each line counts once in however many files."""
    with _acting(slug, email) as by:
        own = account_for_statement(account, by=by.id)
        data = path.read_bytes()
        file = files.upload(kind="statement", name=path.name, data=data, by=by.id, key=_key(), cash_account_id=own.id)
        found = statement_import.preview(file, by=by.id)
        _refuse(found.errors)
        _print_preview(found)
        places = {"agent": agent, "bank": bank}
        targets = {
            told.words: str(named_or_opened(name, words=told.words, by=by.id).id)
            for told in found.destinations
            if (name := places["agent" if told.words == AGENT else "bank"])
        }
        outcome = ask_statement(
            file, found, targets=targets, charges=charges, overdraft=overdraft, by=by.id, key=_key()
        )
        _print_outcome(outcome, files.told(file.id))


def _print_preview(found: StatementPreview) -> None:
    counts = found.counts
    click.echo(f"Cash account:         {found.account.name}")
    click.echo(f"Completed lines:      {len(found.statement.lines)}")
    click.echo(f"  new:                {counts['new']}")
    click.echo(f"  here already:       {counts['known']}")
    click.echo(f"Skipped, failed:      {counts['failed']}")
    click.echo(f"Skipped, repeated:    {counts['repeated']}")
    click.echo(f"Paid in by new ones:  {_money(found.paid_in)}")
    click.echo(f"Withdrawn by them:    {_money(found.withdrawn)}")
    if found.statement.closing is not None:
        click.echo(f"Closing balance:      {_money(found.statement.closing)}")
    if found.statement.fault is not None:
        click.echo(f"Note: the printed balances do not run, first in row {found.statement.fault.row}.")
    if found.difference:
        click.echo(f"Note: the books would differ from the closing balance by {_money(found.difference)}.")


def _print_outcome(outcome: Outcome, told: files.Told) -> None:
    if outcome.waits:
        click.echo("It is above the threshold: a second person must approve it on the page of approvals.")
        return
    result = told.event.result
    if result.get("background"):
        click.echo("It is long: the workers go on with it in the background.")
        return
    click.echo(f"Contributions:        {result['contributions']}, {_money(Decimal(result['contributed']))}")
    click.echo(f"Transfers:            {result['booked']['transfer']}")
    click.echo(f"Charges:              {result['booked']['charge']}")
    click.echo(f"In the books before:  {result['booked']['recorded']}")
    click.echo(f"To allocate:          {result['to_allocate']}")


@contextmanager
def _acting(slug: str, email: str) -> Iterator[Member]:
    """One unit of work inside the group as this person; what goes wrong is one sentence, and nothing is kept."""
    try:
        user_id, group_id = acting(slug, email)
        with transaction(user_id=user_id, group_id=group_id), _speaking():
            member = member_of(user_id)
            if member is None or "imports.run" not in permissions_held(member.id):
                raise click.ClickException("This member may not import files.")
            yield member
    except DomainError as error:
        raise click.ClickException(str(error)) from error


@contextmanager
def _speaking() -> Iterator[None]:
    here = group()
    with speaking(locale="en", zone=here.time_zone, currency=here.currency):
        yield


def _refuse(errors: Sequence[RowError]) -> None:
    for error in errors:
        click.echo(f"Row {error.row}, {error.column}: {error.sentence}", err=True)
    if errors:
        raise click.ClickException(f"Rows with something wrong: {len(errors)}. Nothing was imported.")


def _key() -> str:
    return uuid.uuid4().hex


def _money(amount: Decimal) -> str:
    return f"{group().currency} {shown(amount, group().currency)}"
