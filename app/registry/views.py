"""The pages of units: the list, one with what every room knows of it, adding and changing."""

import uuid
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _

from app.groups.access import needs
from app.registry import doing, exporting, lists, units
from app.registry.blueprint import bp
from app.registry.gathering import asked, chips, panels
from app.registry.queries import unit_row
from app.registry.rules import TYPES
from app.web import keyset
from app.web.attempt import attempt
from app.web.pages import go, page


@bp.get("", endpoint="units")
@needs("money.see")
def units_list() -> Response:
    """The units by code."""
    search, type_ = asked("q"), request.args.get("type", "")
    type_ = type_ if type_ in set(TYPES) else ""
    assets, asset_id = units.assets(), request.args.get("asset", type=uuid.UUID)
    found = lists.units_page(search=search, type_=type_, asset_id=asset_id, at=keyset.asked(str, uuid.UUID))
    shown: dict[str, Any] = {
        "pages": found.urls("registry.units", q=search, type=type_, asset=asset_id),
        "search": search,
        "chips": chips("registry.units", "type", TYPES, type_, q=search, asset=asset_id),
        "chosen": type_,
        "assets": assets,
        "of_asset": (asset_id, assets[asset_id]) if asset_id and asset_id in assets else None,
    }
    return page("registry/units.html", "registry/_units.html", found=found, **shown)


@bp.get("/units.csv")
@needs("money.see", fresh=True)
def units_csv() -> Response:
    """The units as a file."""
    return exporting.units_file()


@bp.get("/units/new")
@needs("money.record")
def unit_new() -> Response:
    """The form for a unit."""
    return page("registry/unit_form.html", form=doing.unit_form(), row=None)


@bp.post("/units")
@needs("money.record")
def unit_create() -> Response:
    """Enter a unit."""
    form, made = doing.unit_form(), list[uuid.UUID]()
    if wrong := attempt(form, lambda: made.append(doing.add_unit(form).id)):
        return page("registry/unit_form.html", "registry/_unit_form.html", wrong, form=form, row=None)
    return go(url_for("registry.unit", unit_id=made[0]), toast=_("The unit was added"))


@bp.get("/units/<uuid:unit_id>")
@needs("money.see")
def unit(unit_id: uuid.UUID) -> Response:
    """One unit: what it is, its deeds, and what the rooms above know of it."""
    row = unit_row(unit_id)
    return page(
        "registry/unit.html",
        row=row,
        of_asset=units.assets().get(row.asset_id) if row.asset_id else None,
        deeds=lists.deeds_of_unit(unit_id),
        panels=panels("unit_panel", unit_id),
    )


@bp.get("/units/<uuid:unit_id>/profile")
@needs("money.record")
def unit_edit(unit_id: uuid.UUID) -> Response:
    """The form of a unit."""
    row = unit_row(unit_id)
    return page("registry/unit_form.html", form=doing.unit_form(row), row=row)


@bp.post("/units/<uuid:unit_id>/profile")
@needs("money.record")
def unit_change(unit_id: uuid.UUID) -> Response:
    """Change what is known of a unit."""
    row = unit_row(unit_id)
    form = doing.unit_form(row)
    if wrong := attempt(form, lambda: doing.change_unit(row, form)):
        return page("registry/unit_form.html", "registry/_unit_form.html", wrong, form=form, row=row)
    return go(url_for("registry.unit", unit_id=unit_id), toast=_("Saved"))
