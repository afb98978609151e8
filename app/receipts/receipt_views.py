"""The pages of receipts: the list, one of them, its paper, taking it back, and the log of a unit or an owner."""

import uuid
from typing import Any

from flask import Response, g, request, url_for
from flask_babel import gettext as _

from app.groups.access import needs
from app.ledgers.approvals import Outcome
from app.ledgers.entering import led
from app.receipts import papers, queries, receipt_page
from app.receipts.blueprint import bp
from app.receipts.forms import SearchForm, reversal_form
from app.receipts.proving import addresses_of
from app.receipts.queries import Wanted
from app.registry.queries import named, unit_row
from app.web import keyset
from app.web.attempt import attempt
from app.web.pages import go, page


@bp.get("/receipts")
@needs("money.see")
def receipts() -> Response:
    """All receipts, the latest first, filtered."""
    form = SearchForm(formdata=request.args)
    wanted = receipt_page.wanted_in(form)
    found = queries.receipts_page(wanted, at=keyset.asked(int, int))
    kept = receipt_page.kept(wanted)
    pages = found.urls("receipts.receipts", **kept)
    files = "receipts/_receipts.html"
    return page("receipts/receipts.html", files, form=form, wanted=wanted, kept=kept, found=found, pages=pages)


@bp.get("/receipts.csv")
@needs("money.see", fresh=True)
def receipts_csv() -> Response:
    """The same for a spreadsheet."""
    return receipt_page.table_of(receipt_page.wanted_in(SearchForm(formdata=request.args)), "csv")


@bp.get("/receipts.xlsx")
@needs("money.see", fresh=True)
def receipts_xlsx() -> Response:
    """The same as a workbook."""
    return receipt_page.table_of(receipt_page.wanted_in(SearchForm(formdata=request.args)), "xlsx")


@bp.get("/receipts/<uuid:receipt_id>")
@needs("group.see")
def receipt(receipt_id: uuid.UUID) -> Response:
    """One receipt; of others only with money.see."""
    view = receipt_page.visible(receipt_id)
    address, printed = addresses_of([view.receipt])[view.receipt.id]
    told: dict[str, Any] = {"reckoning": papers.reckoning(view.line), "heading": papers.heading(view.line)}
    return page("receipts/receipt.html", view=view, address=address, printed=printed, **told)


@bp.get("/receipts/<uuid:receipt_id>.pdf")
@needs("group.see")
def receipt_pdf(receipt_id: uuid.UUID) -> Response:
    """The same on paper."""
    return receipt_page.paper(receipt_page.visible(receipt_id))


@bp.get("/receipts/<uuid:receipt_id>/reversal")
@needs("money.record")
def reversal(receipt_id: uuid.UUID) -> Response:
    """The form that takes a receipt back."""
    view = queries.receipt_view(receipt_id)
    if view.undone:
        told = ("info", _("This receipt was reversed already."))
        return go(url_for("receipts.receipt", receipt_id=receipt_id), toast=told)
    instead = receipt_page.instead_of(view)
    return page("receipts/reversal.html", form=reversal_form(view.entry), view=view, instead=instead)


@bp.post("/receipts/<uuid:receipt_id>/reversal")
@needs("money.record")
def reverse(receipt_id: uuid.UUID) -> Response:
    """Take a receipt back, or ask for it; with it what assignments and leases say now may be issued."""
    view, made = queries.receipt_view(receipt_id), list[Outcome]()
    form = reversal_form(view.entry)
    wrong = attempt(form, lambda: made.append(receipt_page.take_back(form, view, by=g.member.id)()))
    if wrong:
        instead = receipt_page.instead_of(view)
        files = "receipts/_reversal_form.html"
        return page("receipts/reversal.html", files, wrong, form=form, view=view, instead=instead)
    return led(made[0], _("The receipt was reversed"))


@bp.get("/units/<uuid:unit_id>/log")
@needs("money.see")
def unit_log(unit_id: uuid.UUID) -> Response:
    """Every number that was given out for a unit."""
    unit = unit_row(unit_id)
    found = queries.log_page(Wanted(unit_id=unit_id), at=keyset.asked(int, int))
    pages = found.urls("receipts.unit_log", unit_id=unit_id)
    return page("receipts/log.html", "receipts/_log.html", about=unit.code, found=found, pages=pages)


@bp.get("/owners/<uuid:owner_id>/log")
@needs("money.see")
def owner_log(owner_id: uuid.UUID) -> Response:
    """Every number that was given out for an owner."""
    owner = named(owner_id)
    found = queries.log_page(Wanted(owner_id=owner_id), at=keyset.asked(int, int))
    pages = found.urls("receipts.owner_log", owner_id=owner_id)
    return page("receipts/log.html", "receipts/_log.html", about=owner.name, found=found, pages=pages)
