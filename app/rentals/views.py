"""The pages of leases: the list, one, letting a unit, ending, withdrawing; and who is entitled in a month."""

import uuid
from typing import Any

from flask import Response, g, request, url_for
from flask_babel import gettext as _

from app.groups.access import needs
from app.registry.gathering import asked, panels, today
from app.rentals import doing, exporting, leases, lists
from app.rentals.blueprint import bp
from app.rentals.forms import EndLeaseForm
from app.web import keyset
from app.web.attempt import attempt
from app.web.pages import go, page


@bp.get("/leases", endpoint="leases")
@needs("money.see")
def leases_list() -> Response:
    """The leases in force by unit, or all of them."""
    search, every = asked("q"), request.args.get("all") == "1"
    found = lists.leases_page(on=None if every else today(), search=search, at=keyset.asked(str, uuid.UUID))
    kept, url = "1" if every else None, url_for("rentals.leases", q=search or None)
    all_url = url_for("rentals.leases", all=1, q=search or None)
    chips = [(_("In force"), url, not every, None), (_("All"), all_url, every, None)]
    shown: dict[str, Any] = {
        "search": search,
        "chips": chips,
        "every": kept,
        "pages": found.urls("rentals.leases", q=search, all=kept),
    }
    return page("rentals/leases.html", "rentals/_leases.html", found=found, **shown)


@bp.get("/leases.csv")
@needs("money.see", fresh=True)
def leases_csv() -> Response:
    """The leases as a file."""
    return exporting.leases_file()


@bp.get("/assignments.csv")
@needs("money.see", fresh=True)
def assignments_csv() -> Response:
    """The assignments of all units as a file."""
    return exporting.assignments_file()


@bp.get("/leases/new")
@needs("money.record")
def lease_new() -> Response:
    """The form that lets a unit."""
    return page("rentals/lease_form.html", form=doing.lease_form())


@bp.post("/leases")
@needs("money.record")
def lease_create() -> Response:
    """Let a unit."""
    form, made = doing.lease_form(), list[uuid.UUID]()
    if wrong := attempt(form, lambda: made.append(doing.let(form).id)):
        return page("rentals/lease_form.html", "rentals/_lease_form.html", wrong, form=form)
    return go(url_for("rentals.lease", lease_id=made[0]), toast=_("The unit is let"))


@bp.get("/leases/<uuid:lease_id>")
@needs("money.see")
def lease(lease_id: uuid.UUID) -> Response:
    """One lease, with what the rooms above know of it."""
    return page("rentals/lease.html", line=lists.lease_line(lease_id), panels=panels("lease_panel", lease_id))


@bp.get("/leases/<uuid:lease_id>/end")
@needs("money.record")
def lease_end_new(lease_id: uuid.UUID) -> Response:
    """The form that ends a lease."""
    line = lists.lease_line(lease_id)
    form = EndLeaseForm(data={"on": line.lease.ends_on or today(), "last_amount": line.lease.last_amount})
    return page("rentals/lease_end.html", form=form, line=line)


@bp.post("/leases/<uuid:lease_id>/end")
@needs("money.record")
def lease_end(lease_id: uuid.UUID) -> Response:
    """Say which day is the last of a lease."""
    line, form = lists.lease_line(lease_id), EndLeaseForm()
    if wrong := attempt(form, lambda: doing.end_lease(lease_id, form)):
        return page("rentals/lease_end.html", "rentals/_lease_end_form.html", wrong, form=form, line=line)
    return go(url_for("rentals.lease", lease_id=lease_id), toast=_("Saved"))


@bp.post("/leases/<uuid:lease_id>/withdrawal")
@needs("money.record")
def lease_withdraw(lease_id: uuid.UUID) -> Response:
    """Put a mistyped lease aside."""
    leases.withdraw_lease(lease_id, by=g.member.id)
    return go(url_for("rentals.lease", lease_id=lease_id), toast=_("The lease was withdrawn: it counts for no month"))


@bp.get("/entitlement")
@needs("money.see")
def entitlement() -> Response:
    """Who is entitled to which rent in a month, unit by unit, and where nobody can be said to be."""
    month = doing.month_asked()
    found = lists.entitlement_page(month, at=keyset.asked(str, uuid.UUID))
    pages = found.urls("rentals.entitlement", month=str(month))
    shown: dict[str, Any] = {"pages": pages, "chosen": month, "owners": lists.owners_in(found.rows)}
    return page("rentals/entitlement.html", "rentals/_entitlement.html", found=found, **shown)
