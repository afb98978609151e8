"""A group signs up, brings its members and ten months of its paybill, reconciles, and sends October's statements."""

import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from beancount import loader
from flask import Flask

from app.config import Settings
from app.core.db import engine, session, transaction
from app.core.jobs import wake
from app.core.mail import MailMessage
from app.groups.models import Member
from app.imports.models import ImportedLine
from tests.factories import PASSWORD
from tests.imports.made import data
from tests.isolation.asking import fresh_limits
from tests.journeys.walker import Walker, file
from tests.mail.box import mails
from tests.workers.processes import ROOT, Crew, crew, environment, wait_until

pytestmark = [pytest.mark.committed, pytest.mark.slow]
LEADER = "amina.wanjiru@example.com"


@pytest.fixture
def people(settings: Settings, tmp_path: Path) -> Iterator[Crew]:
    with crew(settings, tmp_path / "log") as made:
        yield made


def flask(settings: Settings, *args: str) -> subprocess.CompletedProcess[str]:
    """A command as an operator runs it."""
    whole = [sys.executable, "-m", "flask", "--app", "app.factory", *args]
    return subprocess.run(whole, cwd=ROOT, env=environment(settings), capture_output=True, text=True, check=False)


def test_from_sign_up_to_the_statements_of_october(committed: Flask, settings: Settings, people: Crew) -> None:
    fresh_limits(committed)
    walker = Walker(committed)
    slug, group_id = sign_up(committed, walker)
    bring_members(walker, slug)
    bring_statements(committed, walker, slug, group_id)
    reconcile(walker, slug)
    send_statements(committed, settings, people, slug, group_id)
    prove(settings, slug)


def sign_up(app: Flask, walker: Walker) -> tuple[str, Any]:
    """Account, group and rule in one form."""
    walker.open("/sign-up").send(
        "/sign-up",
        name="Amina Wanjiru",
        email=LEADER,
        password=PASSWORD,
        group_name="Umoja Real",
        country="KE",
        currency="KES",
        time_zone="Africa/Nairobi",
        accounts=["bank", "mobile_money"],
        expected="5000",
        frequency="monthly",
        late_rule="accept",
    )
    found = re.search(r"/g/([a-z0-9-]+)/", walker.url)
    assert found, walker.url
    with app.app_context(), engine("relay").connect() as relay:
        group_id = relay.exec_driver_sql("SELECT id FROM savings_group WHERE slug = %s", (found[1],)).scalar_one()
    return found[1], group_id


def bring_members(walker: Walker, slug: str) -> None:
    """The list of members with their opening savings, and what lay in the accounts."""
    walker.open(f"/g/{slug}/imports/new/members")
    walker.send(on="2025-12-31", file=file(data("members.csv"), "members.csv")).send("/confirmation")
    assert "24" in walker.page.text
    walker.open(f"/g/{slug}/ledger/opening")
    for name, amount in (("Mobile money", "152,000.00"), ("Bank account", "64000")):
        walker.open(f"/g/{slug}/ledger/opening").send(account=name, amount=amount, on="2025-12-31")


def bring_statements(app: Flask, walker: Walker, slug: str, group_id: Any) -> None:
    """Both statements, October twice: every line counts once, and nothing is left to allocate."""
    for name in ("mpesa_statement_full.csv", "mpesa_statement_october.csv", "mpesa_statement_october.csv"):
        walker.open(f"/g/{slug}/imports/new/statement")
        money = walker.form().choice("cash_account", "Mobile money")
        walker.send(cash_account=money, file=file(data(name), name))
        form = walker.form("/confirmation")
        asks = "place_1" in {each.name for each in form.inputs}  # where withdrawals went is asked once
        places = {"place_0": "new", "place_1": form.choice("place_1", "Bank account"), "charges": "y"} if asks else {}
        walker.send("/confirmation", **places)
    with app.app_context(), transaction(group_id=group_id):
        assert session().scalar(sa.select(sa.func.count()).select_from(ImportedLine)) == 259


def reconcile(walker: Walker, slug: str) -> None:
    """The account agrees with its statement, line by line, and the set-up is confirmed."""
    walker.open(f"/g/{slug}/imports/reconciliation")
    pages = re.findall(rf'href="(/g/{slug}/imports/reconciliation/[0-9a-f-]+)', walker.page.text)
    money = next(url for url in pages if "296,530.00" in walker.open(url).page.text)
    walker.open(f"{money}?through=2026-10-31").send(money.rsplit("/", 1)[1])
    walker.open(f"/g/{slug}/ledger/opening").send("/set-up")


def send_statements(app: Flask, settings: Settings, people: Crew, slug: str, group_id: Any) -> None:
    """The command is run twice, and a worker is killed in the middle: every member gets one mail."""
    args = ("statements", "send", "--group", slug, "--period", "2026-10", "--by", LEADER)
    with app.app_context():
        worker = people.start("workers")
        commands = [people.start("flask", "--app", "app.factory", *args) for _ in range(2)]
        wait_until(lambda: sent(group_id) > 3, 60, lambda: people.log.read_text()[-2000:])
        people.kill(worker)
        app.extensions["redis"].flushall()
        people.start("workers")
        wake()
        wait_until(lambda: sent(group_id) == 24, 60, lambda: (sent(group_id), people.log.read_text()[-2000:]))
        assert [command.wait(60) for command in commands] == [0, 0], people.log.read_text()[-2000:]
        again = flask(settings, *args)
        assert again.returncode == 0, again.stderr
        with transaction(group_id=group_id):
            addresses = set(session().scalars(sa.select(Member.email)))
        got = [
            mail for mail in mails() if mail["To"].addresses[0].addr_spec in addresses and list(mail.iter_attachments())
        ]
    assert len(got) == len({mail["To"] for mail in got}) == 24
    for mail in got:
        (paper,) = mail.iter_attachments()
        assert paper.get_content().startswith(b"%PDF")


def sent(group_id: Any) -> int:
    """How many statements are sent."""
    with transaction(group_id=group_id):
        wanted = sa.select(sa.func.count()).where(
            MailMessage.state == "sent", MailMessage.about == "statements:2026-10"
        )
        return session().scalar(wanted) or 0


def prove(settings: Settings, slug: str) -> None:
    """The books are proved, and Beancount, which is not ours, agrees with them."""
    proof = flask(settings, "proof", "--group", slug)
    assert proof.returncode == 0, proof.stdout
    text = flask(settings, "export", "beancount", "--group", slug)
    assert text.returncode == 0, text.stderr
    entries, errors, _options = loader.load_string(text.stdout)
    assert errors == []
    balances: dict[str, Decimal] = defaultdict(Decimal)
    for posting in (posting for entry in entries for posting in getattr(entry, "postings", ())):
        balances[posting.account] += posting.units.number
    assert Decimal(296_530) in balances.values()
    assert sum(balances.values()) == 0
