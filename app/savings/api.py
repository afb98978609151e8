"""Endpoints of windows and of what members have saved: the group's, one window's, one member's, who is behind."""

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import g

from app.groups.access import needs
from app.groups.queries import member as member_with
from app.savings import figures, member_page, month, terms_page
from app.savings.asking_schemas import (
    MeaningOut,
    TermsIn,
    TermsOut,
    TermsVersionIn,
    WindowIn,
    WindowSearch,
    WindowWaiverIn,
)
from app.savings.blueprint import api
from app.savings.errors import NoSuchPayment
from app.savings.payment_page import own_or_may_see
from app.savings.schemas import (
    ArrearsOut,
    MemberSavingsOut,
    SavingsOut,
    WindowMemberOut,
    WindowOut,
    YearMonthOut,
    arrears_out,
    member_savings_out,
    window_member_out,
    window_out,
)
from app.savings.waiving import waive_contribution
from app.savings.windows import open_by_hand, value_of
from app.savings.windows import window as window_with
from app.web import keyset
from app.web.api.endpoints import Listing, endpoint, whole


@api.get("/savings")
@needs("group.see")
@endpoint("The group's savings", covers="savings.overview")
def savings() -> SavingsOut:
    """Totals only, as every member sees them."""
    opened = month.current_window()
    return SavingsOut(
        pool=figures.pool(),
        savers=figures.savers(),
        window=window_out(month.totals_of([opened])[0]) if opened else None,
        months=[YearMonthOut(month=str(of), on_time=on_time, late=late) for of, on_time, late in figures.year()],
    )


@api.get("/windows", endpoint="windows")
@needs("money.see")
@endpoint("Windows with their totals", covers="savings.windows", paged=True)
def windows_list() -> Listing[WindowOut]:
    """The latest first."""
    found = month.windows_page(keyset.asked(datetime, uuid.UUID))
    rows = month.totals_of([value_of(row) for row in found.rows])
    return Listing([window_out(row) for row in rows], found.after, found.before)


@api.get("/windows/<uuid:window_id>")
@needs("money.see")
@endpoint("A window with its totals", covers="savings.window")
def window(window_id: uuid.UUID) -> WindowOut:
    """What it asks of each member, and what it came to."""
    return window_out(month.totals_of([window_with(window_id)])[0])


@api.get("/windows/<uuid:window_id>/members")
@needs("money.see")
@endpoint("Where each member stands in a window", covers="savings.window")
def window_members(window_id: uuid.UUID, query: WindowSearch) -> Listing[WindowMemberOut]:
    """By name; those in one state, or all of whom something is asked or who saved in it."""
    rows = month.month_of(window_with(window_id))
    return whole([row for row in rows if query.status in (None, row.standing.status)], window_member_out)


@api.post("/windows")
@needs("settings.manage")
@endpoint("Open a window", covers=("savings.window_new", "savings.window_create"), status=201)
def window_create(body: WindowIn) -> WindowOut:
    """By hand, beside those that the terms open; no two may overlap."""
    made = open_by_hand(**dict(body), by=g.member.id)
    return window_out(month.totals_of([made])[0])


@api.post("/windows/<uuid:window_id>/waivers")
@needs("money.approve")
@endpoint("No longer ask a member for a contribution", covers=("savings.window_waiver", "savings.window_waive"))
def window_waive(window_id: uuid.UUID, body: WindowWaiverIn) -> WindowMemberOut:
    """Neither due nor late afterwards, and nothing is booked."""
    asked = window_with(window_id)
    waive_contribution(window_id=asked.id, member_id=body.member, reason=body.reason, by=g.member.id)
    return next(window_member_out(row) for row in month.month_of(asked) if row.member.id == body.member)


@api.get("/arrears")
@needs("money.see")
@endpoint("Who is behind", covers="savings.arrears")
def arrears() -> Listing[ArrearsOut]:
    """With how much of windows that ended, by name."""
    return whole(month.arrears(), arrears_out)


@api.get("/members/<uuid:member_id>/savings")
@needs("group.see")
@endpoint("A member's savings", covers=("savings.mine", "savings.member"))
def member_savings(member_id: uuid.UUID) -> MemberSavingsOut:
    """The last twelve windows, the latest first. Of others only with the right money.see."""
    own_or_may_see(member_id, NoSuchPayment)
    return member_savings_out(member_page.parts(member_with(member_id).id))


@api.get("/savings/terms")
@needs("group.see")
@endpoint("The terms for saving", covers="savings.terms")
def terms() -> Listing[TermsOut]:
    """Every version, the latest first."""
    return whole(terms_page.versions(), _terms_out)


@api.post("/savings/terms")
@needs("settings.manage")
@endpoint("New terms for saving", covers="savings.terms_change", status=201)
def terms_change(body: TermsVersionIn) -> TermsOut:
    """From a day on that is not past; windows that are open keep their terms."""
    told = dict(body)
    on: date = told.pop("effective_on")
    terms_page.keep_version(terms_page.policy_with(**told), effective_on=on, by=g.member.id)
    return next(_terms_out(row) for row in terms_page.versions() if row[0].effective_on == on)


@api.post("/savings/terms/preview")
@needs("settings.manage")
@endpoint("What terms would mean", covers="savings.terms_preview")
def terms_preview(body: TermsIn) -> MeaningOut:
    """In sentences; nothing is recorded."""
    return MeaningOut(sentences=[str(told) for told in terms_page.told(terms_page.policy_with(**dict(body)))])


def _terms_out(row: tuple[Any, Any, Any]) -> TermsOut:
    version, policy, sentences = row
    told = {name: getattr(policy, name) for name in TermsIn.model_fields} | {"effective_on": version.effective_on}
    told |= {name: None for name in ("maximum", "fee_amount", "fee_cap") if told[name] == Decimal(0)}
    return TermsOut.model_validate(told | {"sentences": [str(sentence) for sentence in sentences]})
