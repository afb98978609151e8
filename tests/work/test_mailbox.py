"""The mailbox page: only where mail goes nowhere else; texts with links, files to keep, nothing run."""

import uuid
from dataclasses import replace
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask

from app.config.parts import Smtp
from app.core.mail.transport import Mailbox


@pytest.fixture
def letter(app: Flask) -> tuple[str, str]:
    name, to = uuid.uuid4().hex, f"a{uuid.uuid4().hex[:8]}@example.com"
    mail = EmailMessage()
    mail["Message-ID"], mail["To"], mail["Subject"] = f"<{name}@localhost>", to, "Confirm <b>you</b>"
    mail["Date"] = "Sat, 21 Nov 2026 10:00:00 +0000"
    mail.set_content("Open http://localhost/confirm/abc now\n<script>alert(1)</script>")
    mail.add_alternative("<p>html</p>", subtype="html")
    mail.add_attachment(b"%PDF-1", maintype="application", subtype="pdf", filename="statement.pdf")
    Mailbox(app.config["SETTINGS"].mailbox).send(mail)
    return name, to


def test_mails_are_listed_and_found_by_address(app: Flask, letter: tuple[str, str]) -> None:
    name, to = letter
    browser = app.test_client()
    assert name in browser.get("/mailbox").text
    assert name in browser.get(f"/mailbox?to={to.upper()}").text
    assert name not in browser.get("/mailbox?to=nobody").text


def test_a_mail_shows_its_text_with_links_and_runs_nothing(app: Flask, letter: tuple[str, str]) -> None:
    page = app.test_client().get(f"/mailbox/{letter[0]}").text
    assert '<a href="http://localhost/confirm/abc"' in page
    assert "<script>alert" not in page
    assert "Confirm &lt;b&gt;" in page


def test_a_file_is_kept_and_not_opened(app: Flask, letter: tuple[str, str]) -> None:
    answer = app.test_client().get(f"/mailbox/{letter[0]}/files/0")
    assert answer.data == b"%PDF-1"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert app.test_client().get(f"/mailbox/{letter[0]}/files/7").status_code == 404


@pytest.mark.parametrize("name", ["nobody", "..", "..%2f..%2fetc%2fpasswd", "a.eml"])
def test_what_is_no_mail_is_not_found(app: Flask, name: str) -> None:
    assert app.test_client().get(f"/mailbox/{name}").status_code == 404


@pytest.mark.parametrize(
    "change", [{"environment": "production"}, {"smtp": Smtp("mail.example.org", 25, None, None, "none")}]
)
def test_where_mail_is_sent_there_is_no_mailbox(app: Flask, monkeypatch: pytest.MonkeyPatch, change: Any) -> None:
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], **change))
    for path in ("/mailbox", "/mailbox/x", "/mailbox/x/files/0"):
        assert app.test_client().get(path).status_code == 404
