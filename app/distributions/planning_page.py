"""The page on which the rules stand side by side: what its forms say, and a page of its table."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import g, request
from flask_babel import gettext as _

from app.core.errors import DomainError
from app.core.exports import Cell
from app.core.money import rounded
from app.distributions.allotting import Allotment
from app.distributions.asking import ask_allotment
from app.distributions.forms import ChoiceForm, CycleForm
from app.distributions.planning import Plan, next_cycle, plan
from app.distributions.policy import terms
from app.distributions.rules import RULES, Rule, Saver
from app.groups.queries import group
from app.ledgers.approvals import Outcome
from app.ledgers.heads import today
from app.web import keyset
from app.web.attempt import attempt
from app.web.keyset import Slice

PAGE = 50


@dataclass(frozen=True)
class Shown:
    """What the page shows: the cycle asked for and, where nothing stands against it, the plan; else the refusal."""

    asked: CycleForm
    plan: Plan | None
    refusal: str | None = None


def asked() -> CycleForm:
    """The cycle in the address, or the next one that could be shared out."""
    given = request.args if {"first", "last"} & set(request.args) else None
    offered = next_cycle()
    return CycleForm(given, first=offered.first, last=offered.last)


def shown(form: CycleForm) -> Shown:
    """The plan of what is asked for, or why there is none; a refusal of one field stands beside it."""
    if form.first.raw_data is not None and not form.validate():  # what the address said
        return Shown(form, None)
    try:
        return Shown(form, plan(form.cycle, amount=form.amount.amount))
    except DomainError as error:
        if error.field in form:
            form.refuse(error)
            return Shown(form, None)
        return Shown(form, None, str(error))


def choice(seen: Shown) -> ChoiceForm:
    """The form that chooses, with the usual rule chosen where it can be."""
    form = ChoiceForm()
    if not form.is_submitted():
        form.on.data = today()
        usual = terms().rule
        if seen.plan and seen.plan.usable:
            form.rule.data = str(usual if usual in seen.plan.usable else seen.plan.usable[0])
    return form


def looked_at(form: ChoiceForm) -> Shown:
    """What a choice was about, as it is now; what cannot be read of it is offered anew."""
    offered = next_cycle()
    cycle = {"first": form.first.data or offered.first, "last": form.last.data or offered.last}
    again = CycleForm(None, **cycle, amount=form.amount.amount)
    again.amount.amount = form.amount.amount
    return shown(again)


def choose(form: ChoiceForm, *, by: uuid.UUID) -> tuple[Outcome | None, int]:
    """Share out by what was chosen, or ask for it; else the status to show the form again with."""
    made: list[Outcome] = []
    wrong = attempt(
        form, lambda: made.append(ask_allotment(_told(form), by=by, key=form.key, seen=form.seen.data or ""))
    )
    return (made[0], 200) if wrong is None else (None, wrong)


def _told(form: ChoiceForm) -> Allotment:
    amount = form.amount.amount or Decimal(0)
    return Allotment(cycle=form.cycle, rule=Rule(form.rule.data), amount=amount, on=form.on.data or today())


def compared(found: Plan) -> Slice[tuple[int, Saver]]:
    """A page of those who take part, by identifier."""
    return page_of(list(enumerate(found.savers, 1)))


def page_of(rows: Sequence[tuple[int, Any]]) -> Slice[Any]:
    """A page of numbered rows that were worked out all at once, as the address asks for it."""
    at = keyset.asked(int)
    size, place = g.get("page_size") or PAGE, max(at.values[0], 0) if at else 0
    first = max(place - 1 - size, 0) if at and at.backwards else place
    last = max(place - 1, 0) if at and at.backwards else place + size
    some = rows[first:last]
    return Slice(
        some,
        keyset.write([some[0][0]]) if some and first > 0 else None,
        keyset.write([some[-1][0]]) if some and last < len(rows) else None,
    )


def kept(found: Plan) -> Mapping[str, str]:
    """What the addresses of the other pages of the table say."""
    cycle = {"first": found.cycle.first.isoformat(), "last": found.cycle.last.isoformat()}
    return {**cycle, "amount": f"{found.amount:f}"}


def sums(found: Plan) -> Mapping[Rule, Decimal]:
    """What each usable rule gives all of them together."""
    return {rule: sum((part.amount for part in found.parts(rule).values()), Decimal(0)) for rule in found.usable}


def sheet(found: Plan) -> tuple[list[Any], list[list[Cell]]]:
    """The comparison as a table for a spreadsheet: everybody, with what the rules measure by."""
    head = [_("Member number"), _("Member"), _("Saved on the last day"), _("Average savings")]
    head += [*(RULES[rule] for rule in found.usable), _("Owes the group")]
    rows: list[list[Cell]] = []
    for saver in found.savers:
        parts = [found.part(rule, saver.id) for rule in found.usable]
        owes = found.debts.get(saver.id, Decimal(0))
        saved = rounded(saver.saved, group().currency)
        rows.append([saver.identifier, saver.name, saved, average(saver, found), *parts, owes])
    return head, rows


def average(saver: Saver, found: Plan) -> Decimal:
    """What somebody had saved on average over the cycle, rounded for reading; the rule reckons with all of it."""
    return rounded(saver.saved_days / found.cycle.days, group().currency)
