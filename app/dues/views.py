"""The pages of charges and parties: lists, one of them, giving a charge up, taking it back, statements."""

import uuid
from datetime import date
from typing import Any

from flask import Response, g, request, url_for
from flask_babel import gettext as _

from app.dues import charge_page, files, papers, party_page, queries, reading, undo_page
from app.dues.asking import UNDO_CHARGE, UNDO_WRITE_OFF
from app.dues.blueprint import bp
from app.groups.access import needs
from app.ledgers.approvals import Outcome
from app.ledgers.entering import led
from app.web import keyset
from app.web.attempt import attempt
from app.web.pages import go, page


@bp.get("/charges")
@needs("money.see")
def charges() -> Response:
    """What is owed, the oldest first; or all that was ever charged."""
    wanted = charge_page.wanted()
    found = queries.charges_page(wanted, at=keyset.asked(date, uuid.UUID))
    pages, owed = found.urls("dues.charges", state=wanted.state), queries.owed_in_all()
    shown: dict[str, Any] = {
        "found": found,
        "pages": pages,
        "chips": charge_page.chips("dues.charges", wanted.state),
        "owed": owed,
    }
    return page("dues/charges.html", "dues/_charges.html", named=True, **shown)


@bp.get("/charges.csv")
@needs("money.see", fresh=True)
def charges_csv() -> Response:
    """The same as a file."""
    return files.charges_file(charge_page.wanted())


@bp.get("/charges/<uuid:charge_id>")
@needs("group.see")
def charge(charge_id: uuid.UUID) -> Response:
    """One charge with what paid it; of others only with money.see."""
    return page("dues/charge.html", view=reading.charge_view(charge_id))


@bp.get("/charges/<uuid:charge_id>/reversal")
@needs("money.record")
def charge_reversal(charge_id: uuid.UUID) -> Response:
    """Why a charge is taken back."""
    return undo_page.asked(UNDO_CHARGE, charge_id)


@bp.post("/charges/<uuid:charge_id>/reversal")
@needs("money.record")
def charge_reverse(charge_id: uuid.UUID) -> Response:
    """Take a charge back, or ask for it."""
    return undo_page.done(UNDO_CHARGE, charge_id, _("The charge was reversed. What was paid on it is credit."))


@bp.get("/charges/<uuid:charge_id>/write-off")
@needs("money.record")
def write_off_new(charge_id: uuid.UUID) -> Response:
    """How much is given up, and why."""
    view = reading.charge_view(charge_id)
    return page("dues/write_off.html", form=charge_page.write_off_form(view), view=view)


@bp.post("/charges/<uuid:charge_id>/write-off")
@needs("money.record")
def write_off_create(charge_id: uuid.UUID) -> Response:
    """Give up what is open of a charge, or ask for it."""
    view, made = reading.charge_view(charge_id), list[Outcome]()
    form = charge_page.write_off_form(view)
    if wrong := attempt(form, lambda: made.append(charge_page.write_off(form, charge_id, by=g.member.id))):
        return page("dues/write_off.html", "dues/_write_off_form.html", wrong, form=form, view=view)
    return led(made[0], _("It was written off."))


@bp.get("/write-offs/<uuid:settlement_id>/reversal")
@needs("money.record")
def write_off_reversal(settlement_id: uuid.UUID) -> Response:
    """Why it is asked for again."""
    return undo_page.asked(UNDO_WRITE_OFF, settlement_id)


@bp.post("/write-offs/<uuid:settlement_id>/reversal")
@needs("money.record")
def write_off_reverse(settlement_id: uuid.UUID) -> Response:
    """Ask again for what was written off."""
    return undo_page.done(UNDO_WRITE_OFF, settlement_id, _("It is owed again."))


@bp.get("/mine")
@needs("group.see")
def mine() -> Response:
    """What one owes in dues oneself."""
    party_id = party_page.own_party(g.member.id)
    if party_id is None:
        return page("dues/none.html")
    return go(url_for("dues.party", party_id=party_id))


@bp.get("/parties/<uuid:party_id>")
@needs("group.see")
def party(party_id: uuid.UUID) -> Response:
    """What a party owes in dues, and what it paid; of others only with money.see."""
    state = charge_page.state_asked(request.args.get("state", ""))
    view = reading.party_view(party_id, at=keyset.asked(date, uuid.UUID), state=state)
    pages = view.charges.urls("dues.party", party_id=party_id, state=state)
    shown: dict[str, Any] = {"view": view, "found": view.charges, "pages": pages, "owed": (0, view.owed)}
    chips = charge_page.chips("dues.party", state, party_id=party_id)
    return page("dues/party.html", "dues/_charges.html", named=False, chips=chips, **shown)


@bp.get("/parties/<uuid:party_id>/statement")
@needs("group.see")
def statement(party_id: uuid.UUID) -> Response:
    """A party's statement of dues as a sheet."""
    form = party_page.days_form()
    if (days := form.days) is None:
        return page("dues/statement.html", status=422, form=form, made=None, party_id=party_id)
    return page("dues/statement.html", form=form, made=files.sheet_of(party_id, *days), party_id=party_id)


@bp.get("/parties/<uuid:party_id>/statement.pdf")
@needs("group.see")
def statement_pdf(party_id: uuid.UUID) -> Response:
    """The same as a PDF."""
    return files.given(papers.statement_pdf(party_page.asked_for(party_id)))


@bp.get("/parties/<uuid:party_id>/statement.csv")
@needs("group.see")
def statement_csv(party_id: uuid.UUID) -> Response:
    """The same for a spreadsheet."""
    return files.given(papers.statement_csv(party_page.asked_for(party_id)))
