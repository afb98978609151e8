"""The pages of an owner: what was received and paid, and each year with its tax sheet, on screen and as files."""

import uuid
from datetime import date
from typing import Any

from flask import Response, g, request, url_for

from app.groups.access import needs
from app.owners import exporting, queries, received, years
from app.owners.blueprint import bp
from app.owners.errors import NoSuchOwner
from app.owners.run_page import own_or_may_see
from app.registry.queries import parties_of_member
from app.web import keyset
from app.web.pages import go, page


@bp.get("/mine")
@needs("group.see")
def mine() -> Response:
    """What is received for oneself; for who owns nothing, my position."""
    own = parties_of_member(g.member.id)
    if not own:
        return go(url_for("statements.my_position"))
    return go(url_for("owners.owner", party_id=own[0].id))


@bp.get("/<uuid:party_id>")
@needs("group.see")
def owner(party_id: uuid.UUID) -> Response:
    """What was received for an owner and what they were paid; of others only with money.see."""
    own_or_may_see(party_id, NoSuchOwner)
    found = queries.payouts_page(owner_id=party_id, at=keyset.asked(date, uuid.UUID))
    pages = found.urls("owners.owner", party_id=party_id)
    told: dict[str, Any] = {"who": years.owner_named(party_id), "figures": received.standing_of(party_id)}
    told["years"] = years.years_of(party_id)
    return page("owners/owner.html", "owners/_payouts.html", found=found, pages=pages, named=False, **told)


@bp.get("/years", endpoint="years")
@needs("money.see")
def years_list() -> Response:
    """The owners who have receipts of a year."""
    known = years.years_of()
    year = exporting.year_asked(request.args.get("year"), known)
    found = years.years_page(year, at=keyset.asked(str, uuid.UUID))
    pages = found.urls("owners.years", year=year)
    return page("owners/years.html", "owners/_years.html", found=found, pages=pages, year=year, known=known)


@bp.get("/years.csv")
@needs("money.see", fresh=True)
def years_csv() -> Response:
    """A year of all owners as a file."""
    return exporting.years_file(exporting.year_asked(request.args.get("year"), years.years_of()))


@bp.get("/<uuid:party_id>/years/<int:year>")
@needs("group.see")
def year(party_id: uuid.UUID, year: int) -> Response:
    """The statement of an owner's year with its tax sheet; of others only with money.see."""
    own_or_may_see(party_id, NoSuchOwner)
    found = exporting.year_shown(party_id, year)
    return page("owners/year.html", found=found, rows=exporting.working_of(found))


@bp.get("/<uuid:party_id>/years/<int:year>.pdf")
@needs("group.see")
def year_pdf(party_id: uuid.UUID, year: int) -> Response:
    """The same on paper."""
    own_or_may_see(party_id, NoSuchOwner)
    return exporting.year_paper(years.owner_year(party_id, year))


@bp.get("/<uuid:party_id>/years/<int:year>.xlsx")
@needs("group.see")
def year_xlsx(party_id: uuid.UUID, year: int) -> Response:
    """The same as a workbook."""
    own_or_may_see(party_id, NoSuchOwner)
    return exporting.year_workbook(years.owner_year(party_id, year))
