"""The pages of parties: the list, one with deeds and what other rooms know, adding, changing, the tax number."""

import uuid
from typing import Any

from flask import Response, g, request, url_for
from flask_babel import gettext as _

from app.groups.access import needs
from app.registry import doing, exporting, lists, parties
from app.registry.blueprint import bp
from app.registry.details import details_of
from app.registry.gathering import asked, chips, panels
from app.registry.queries import named, party
from app.registry.rules import KINDS
from app.web import keyset
from app.web.attempt import attempt
from app.web.pages import go, page


@bp.get("/parties", endpoint="parties")
@needs("money.see")
def parties_list() -> Response:
    """The parties by code."""
    search, kind = asked("q"), request.args.get("kind", "")
    kind = kind if kind in set(KINDS) else ""
    found = lists.parties_page(search=search, kind=kind, at=keyset.asked(str, uuid.UUID))
    return page(
        "registry/parties.html",
        "registry/_parties.html",
        found=found,
        pages=found.urls("registry.parties", q=search, kind=kind),
        search=search,
        chips=chips("registry.parties", "kind", KINDS, kind, q=search),
        chosen=kind,
    )


@bp.get("/parties.csv")
@needs("money.see", fresh=True)
def parties_csv() -> Response:
    """The parties as a file, with how to reach them."""
    return exporting.parties_file()


@bp.get("/parties/new")
@needs("money.record")
def party_new() -> Response:
    """The form for a party."""
    return page("registry/party_form.html", form=doing.new_party_form(), row=None, who=None)


@bp.post("/parties")
@needs("money.record")
def party_create() -> Response:
    """Enter a party."""
    form, made = doing.new_party_form(), list[uuid.UUID]()
    if wrong := attempt(form, lambda: made.append(doing.add_party(form).id)):
        return page("registry/party_form.html", "registry/_party_form.html", wrong, form=form, row=None, who=None)
    return go(url_for("registry.party", party_id=made[0]), toast=_("The party was added"))


@bp.get("/parties/<uuid:party_id>", endpoint="party")
@needs("money.see")
def party_page(party_id: uuid.UUID) -> Response:
    """One party: how to reach it, its deeds, and what the rooms above know of it."""
    return page("registry/party.html", "registry/_party_deeds.html", **_shown(party_id))


@bp.post("/parties/<uuid:party_id>/tax-number")
@needs("money.record", fresh=True)
def tax_number(party_id: uuid.UUID) -> Response:
    """Open the sealed tax number; a POST, because reading it is written down."""
    number = parties.reveal_tax_id(party_id, by=g.member.id)
    shown = _shown(party_id) | {"revealed": number or ""}
    return page("registry/party.html", "registry/_tax_number.html", **shown)


@bp.get("/parties/<uuid:party_id>/profile")
@needs("money.record")
def party_edit(party_id: uuid.UUID) -> Response:
    """The form of a party."""
    row = party(party_id)
    return page("registry/party_form.html", form=doing.party_form(row), row=row, who=named(party_id))


@bp.post("/parties/<uuid:party_id>/profile")
@needs("money.record")
def party_change(party_id: uuid.UUID) -> Response:
    """Change what is known of a party."""
    row, who = party(party_id), named(party_id)
    form = doing.party_form(row)
    if wrong := attempt(form, lambda: doing.change_party(row, form)):
        return page("registry/party_form.html", "registry/_party_form.html", wrong, form=form, row=row, who=who)
    return go(url_for("registry.party", party_id=party_id), toast=_("Saved"))


def _shown(party_id: uuid.UUID) -> dict[str, Any]:
    row, who = party(party_id), named(party_id)
    found = lists.deeds_page(party_id=party_id, at=keyset.asked(str, uuid.UUID))
    return {
        "row": row,
        "who": who,
        "known": details_of(row),
        "found": found,
        "pages": found.urls("registry.party", party_id=party_id),
        "panels": panels("party_panel", party_id),
        "revealed": None,
    }
