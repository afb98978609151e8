"""The pages inside a group while a look is open: each is noted in the group's log before it is shown."""

import uuid
from datetime import date, datetime
from typing import Any

from flask import Response, url_for
from flask_login import current_user

from app.audit import words
from app.staff import inside as reads
from app.staff import queries, services
from app.staff.blueprint import bp
from app.staff.rules import PAGES, Page, masked
from app.web.keyset import Slice, asked
from app.web.pages import page

_ENDPOINTS = {
    Page.OVERVIEW: "staff.inside",
    Page.MEMBERS: "staff.inside_members",
    Page.ACCOUNTS: "staff.inside_accounts",
    Page.ENTRIES: "staff.inside_entries",
    Page.WORK: "staff.inside_work",
    Page.LOG: "staff.inside_log",
}


@bp.get("/groups/<uuid:group_id>/inside")
def inside(group_id: uuid.UUID) -> Response:
    """Members by status and the accounts that carry money."""
    frame = _frame(group_id, Page.OVERVIEW)
    return page("staff/inside.html", counts=reads.counts(), accounts=reads.accounts(), **frame)


@bp.get("/groups/<uuid:group_id>/inside/members")
def inside_members(group_id: uuid.UUID) -> Response:
    """Members, without names and contacts."""
    frame = _frame(group_id, Page.MEMBERS)
    found = reads.members_page(at=asked(date, uuid.UUID))
    return _list("members", found, group_id, Page.MEMBERS, masked=masked, **frame)


@bp.get("/groups/<uuid:group_id>/inside/accounts")
def inside_accounts(group_id: uuid.UUID) -> Response:
    """What is on the accounts."""
    frame = _frame(group_id, Page.ACCOUNTS)
    return page("staff/inside_accounts.html", accounts=reads.accounts(), **frame)


@bp.get("/groups/<uuid:group_id>/inside/entries")
def inside_entries(group_id: uuid.UUID) -> Response:
    """Entries, the latest first, without notes."""
    frame = _frame(group_id, Page.ENTRIES)
    return _list("entries", reads.entries_page(at=asked(int)), group_id, Page.ENTRIES, **frame)


@bp.get("/groups/<uuid:group_id>/inside/work")
def inside_work(group_id: uuid.UUID) -> Response:
    """Background work that waits or gave up, and mails that did not arrive."""
    frame = _frame(group_id, Page.WORK)
    return page("staff/inside_work.html", work=reads.work(), lost=reads.lost_mails(), **frame)


@bp.get("/groups/<uuid:group_id>/inside/log")
def inside_log(group_id: uuid.UUID) -> Response:
    """The audit log without its values."""
    frame = _frame(group_id, Page.LOG)
    found = reads.log_page(at=asked(datetime, uuid.UUID))
    return _list("log", found, group_id, Page.LOG, masked=masked, words=words, **frame)


def _list(name: str, found: Slice[Any], group_id: uuid.UUID, shown_page: Page, **more: Any) -> Response:
    pages = found.urls(_ENDPOINTS[shown_page], group_id=group_id)
    return page(f"staff/inside_{name}.html", f"staff/_inside_{name}.html", found=found, pages=pages, **more)


def _frame(group_id: uuid.UUID, here: Page) -> dict[str, Any]:
    """Choose the group, note that the page is looked at, and say what stands around it. Raises NoSuchGroup, NoLook."""
    shown = queries.listed(group_id)
    look = services.opened(here, group_id=group_id, by=current_user.id)
    tabs = [(PAGES[each], url_for(_ENDPOINTS[each], group_id=group_id), each is here) for each in Page]
    return {"shown": shown, "look": look, "tabs": tabs, "title": PAGES[here]}
