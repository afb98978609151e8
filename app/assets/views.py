"""The pages of assets: the list, one with its owners, and taking it or its sale back."""

import uuid
from datetime import date
from typing import Any

from flask import Response, g, url_for
from flask_babel import gettext as _

from app.assets import asset_page, lists
from app.assets.asking import ask_reversal
from app.assets.blueprint import bp
from app.assets.queries import sale_row
from app.groups.access import needs
from app.ledgers.approvals import Outcome
from app.ledgers.entering import led
from app.ledgers.undoing import undo_form_of, undoing
from app.registry.gathering import panels
from app.web import keyset
from app.web.attempt import attempt
from app.web.pages import page


@bp.get("")
@needs("group.see")
def assets() -> Response:
    """All assets, the latest first, with what one owns of each."""
    found = lists.assets_page(g.member.id, at=keyset.asked(date, uuid.UUID))
    return page("assets/assets.html", "assets/_assets.html", found=found, pages=found.urls("assets.assets"))


@bp.get("/<uuid:asset_id>")
@needs("group.see")
def asset(asset_id: uuid.UUID) -> Response:
    """One asset: its value, own share and totals, where it came from; officers see all owners."""
    view = asset_page.view_of(asset_id)
    found = asset_page.owners_of(view, keyset.asked(str, uuid.UUID))
    pages = found.urls("assets.asset", asset_id=asset_id) if found else (None, None)
    told: dict[str, Any] = {"found": found, "pages": pages, "panels": panels("asset_panel", asset_id)}
    return page("assets/asset.html", "assets/_owners.html", view=view, **told)


@bp.get("/<uuid:asset_id>/owners.csv")
@needs("money.see", fresh=True)
def owners_csv(asset_id: uuid.UUID) -> Response:
    """The owners as a file."""
    return asset_page.owners_csv(asset_id)


@bp.get("/<uuid:asset_id>/reversal")
@needs("money.record")
def asset_reversal(asset_id: uuid.UUID) -> Response:
    """The form that takes an asset back."""
    view = asset_page.view_of(asset_id)
    form = undo_form_of(asset_page.entries_of(view.asset.entry_id))
    url = url_for("assets.asset_reverse", asset_id=asset_id)
    return page("assets/reversal.html", form=form, view=view, url=url, kind="asset")


@bp.post("/<uuid:asset_id>/reversal")
@needs("money.record")
def asset_reverse(asset_id: uuid.UUID) -> Response:
    """Take an asset back, or ask for it."""
    view = asset_page.view_of(asset_id)
    url = url_for("assets.asset_reverse", asset_id=asset_id)
    return _reverse("asset", asset_id, view.asset.entry_id, view=view, url=url)


@bp.get("/sales/<uuid:sale_id>/reversal")
@needs("money.record")
def sale_reversal(sale_id: uuid.UUID) -> Response:
    """The form that takes the sale of an asset back."""
    row = sale_row(sale_id)
    form = undo_form_of(asset_page.entries_of(row.entry_id))
    url = url_for("assets.sale_reverse", sale_id=sale_id)
    view = asset_page.view_of(row.asset_id)
    return page("assets/reversal.html", form=form, view=view, url=url, kind="asset_sale")


@bp.post("/sales/<uuid:sale_id>/reversal")
@needs("money.record")
def sale_reverse(sale_id: uuid.UUID) -> Response:
    """Take the sale of an asset back, or ask for it."""
    row = sale_row(sale_id)
    url = url_for("assets.sale_reverse", sale_id=sale_id)
    return _reverse("asset_sale", sale_id, row.entry_id, view=asset_page.view_of(row.asset_id), url=url)


def _reverse(
    kind: str, record_id: uuid.UUID, entry_id: uuid.UUID | None, *, view: asset_page.AssetView, url: str
) -> Response:
    entries, made = asset_page.entries_of(entry_id), list[Outcome]()
    form = undo_form_of(entries)
    told = undoing(form, entries)
    wrong = attempt(form, lambda: made.append(ask_reversal(kind, record_id, by=g.member.id, **told())))
    if wrong:
        template, fragment = "assets/reversal.html", "assets/_undo_form.html"
        return page(template, fragment, status=wrong, form=form, view=view, url=url, kind=kind)
    return led(made[0], _("It was taken back"))
