"""What follows a calculation: a second person is asked where the group wants one, and whoever must act is told."""

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.core.errors import DomainError
from app.dues.models import AssessmentEvent
from app.dues.standing import Run
from app.dues.words import period_word
from app.groups.policies import current_policy
from app.groups.queries import group, holding
from app.ledgers import approvals
from app.ledgers.approvals import APPROVE
from app.ledgers.heads import today
from app.notifications.services import notify, path_to
from app.web.filters import money

POST = "dues.post"


def request_key(run: Run) -> str:
    """The key of the request to post a calculation."""
    return f"{POST}:{run.event.id}:{run.step.attempt}"


def effective_day(event: AssessmentEvent) -> date:
    """The day on which a run counts in the books: the first of its period, or today when that is to come."""
    return min(event.first_on, today())


def total_of(run: Run) -> Decimal:
    """What a calculated run levies."""
    return run.step.total or Decimal(0)


def ask(run: Run, *, maker: uuid.UUID) -> approvals.Outcome:
    """Post a run, or ask for it, in the name of who had it calculated."""
    told = {"event_id": run.event.id, "attempt": run.step.attempt}
    day, total = effective_day(run.event), total_of(run)
    return approvals.ask_or_do(POST, told, amount=total, on=day, by=maker, key=request_key(run))


def waits_for_another(run: Run) -> bool:
    """Whether a second person must post it, and there is one."""
    return current_policy().group.needs_second(total_of(run)) and len(holding(APPROVE)) >= 2


def offer(run: Run) -> None:
    """A run was calculated: a second person is asked where one is needed and there, and who may post it is told."""
    deciders, maker = holding(APPROVE), run.step.recorded_by
    if maker and waits_for_another(run):
        ask(run, maker=maker)  # tells the others by itself
        deciders = [maker]
    title = _("“%(levy)s” was calculated and waits for approval", levy=run.config.name)
    tell(run, deciders or [maker], title, LazyString(_told, run, group().currency), "calculated", kind="info")


def _told(run: Run, currency: str) -> str:
    period = period_word(run.event.slot, run.event.first_on)
    return f"{period}: {money(total_of(run), currency)}"


def tell_refused(run: Run, maker: uuid.UUID | None, error: DomainError) -> None:
    """A calculation went back to draft: tell who asked for it why."""
    title = _("“%(levy)s” could not be calculated", levy=run.config.name)
    tell(run, [maker], title, LazyString(str, error), "refused", kind="warning")


def tell(run: Run, members: list[Any], title: object, body: object, what: str, *, kind: str) -> None:
    """Tell members of a run, once of each calculation."""
    url = path_to("dues.run", slug=group().slug, assessment_id=run.event.id)
    key = f"dues:{run.event.id}:{run.step.attempt}:{what}"
    notify([one for one in members if one], kind=kind, title=title, body=body, url=url, key=key)
