"""What the pages of proposals show, and what their forms do."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from app.groups.policies import current_policy
from app.latefees import queries, reviewing
from app.latefees.errors import DecidedAlready
from app.latefees.forms import DeclineForm, LookForm, ReviewForm, as_id
from app.latefees.queries import ProposalLine
from app.ledgers.approvals import Outcome
from app.web import keyset
from app.web.filters import money

NAMED = 200  # of what is reviewed, shown on one page


def shown(*, fresh: bool = False) -> dict[str, Any]:
    """Everything that the list shows; its first page when `fresh`."""
    decided = request.args.get("state") == "decided"
    found = queries.proposals_page(decided=decided, at=None if fresh else keyset.asked(uuid.UUID))
    state = "decided" if decided else None
    return {
        "found": found,
        "pages": found.urls("latefees.proposals", state=state),
        "chips": _chips(decided=decided),
        "decided": decided,
        "waiting": queries.waiting_in_all(),
        "asked": {} if decided else queries.asked_for(),
        "rules": queries.any_rule(),
        "looking": queries.looking(),
        "look": LookForm(),
    }


def _chips(*, decided: bool) -> list[tuple[str, str, bool]]:
    return [
        (_("To review"), url_for("latefees.proposals"), not decided),
        (_("Decided"), url_for("latefees.proposals", state="decided"), decided),
    ]


@dataclass(frozen=True)
class Picked:
    """What is to be reviewed: how many, what they come to, the first of them, and what follows from posting."""

    count: int
    fines: Decimal
    returns: Decimal
    lines: Sequence[ProposalLine]
    through: uuid.UUID | None
    sentences: Sequence[str]


def ids_of(form: ReviewForm) -> Sequence[uuid.UUID]:
    """What was chosen: all that waits up to what was seen, or what was ticked."""
    if through := as_id(form.through.data or ""):
        return reviewing.waiting_ids(through=through)
    return list(form.chosen.data or [])


def accept(form: ReviewForm, *, by: uuid.UUID) -> Outcome:
    """Post what the form chose, or ask for it."""
    return reviewing.ask_accept(_still(form), by=by, key=form.key)


def decline(form: DeclineForm, *, by: uuid.UUID) -> int:
    """Decline what the form chose; how many."""
    return reviewing.decline(_still(form), reason=form.reason.data or "", by=by)


def _still(form: ReviewForm) -> Sequence[uuid.UUID]:
    """What it chose. Raises DecidedAlready where all that waited was decided since, as by a second press."""
    ids = ids_of(form)
    if form.through.data and not ids:
        raise DecidedAlready
    return ids


def forms_asked() -> tuple[ReviewForm, DeclineForm]:
    """The two forms with what was ticked in the list, or with everything that waits now."""
    chosen = [id_ for text in request.args.getlist("chosen") if (id_ := as_id(text))]
    all_ids = [] if chosen or "all" not in request.args else reviewing.waiting_ids()
    data = {"chosen": chosen, "through": str(all_ids[-1]) if all_ids else ""}
    return ReviewForm(data=data), DeclineForm(data=data)


def picked(form: ReviewForm) -> Picked:
    """What the form chose, as it stands now."""
    ids = ids_of(form)
    count, fines, returns = queries.total_of(ids)
    through = as_id(form.through.data or "")
    said = []
    if fines:
        said.append(_("Penalties of %(amount)s are charged today, each to who was late.", amount=money(fines)))
    if returns:
        said.append(_("Penalties of %(amount)s are taken back: they were paid for in time.", amount=money(returns)))
    if current_policy().group.needs_second(fines + returns):
        said.append(_("It is above the group’s threshold: a second person approves it first."))
    return Picked(count, fines, returns, queries.waiting_lines(ids, NAMED), through, said)


def twin(form: ReviewForm) -> Any:
    """The other form of the page, with the same choice; its fields are read from nowhere but here."""
    other = DeclineForm if type(form) is ReviewForm else ReviewForm
    return other(formdata=None, data={"chosen": form.chosen.data or [], "through": form.through.data or ""})
