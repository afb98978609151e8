"""The page of one share-out: what officers see of everybody, what a member sees of the own part, and its undoing."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import Response, g, make_response
from flask_babel import gettext as _
from flask_babel import ngettext

from app.audit.log import record
from app.core.db import transaction
from app.core.exports import Cell, csv_bytes
from app.core.money import rounded
from app.distributions import queries
from app.distributions.debts import kept_for
from app.distributions.errors import NoSuchShareOut, NothingToPay
from app.distributions.forms import PaymentForm
from app.distributions.models import ShareOutPart, ShareOutPaymentPart
from app.distributions.paying import Paying, PaymentPlan, plan_payment
from app.distributions.planning_page import page_of
from app.distributions.queries import PartLine, PaymentView, View
from app.distributions.rules import Rule
from app.distributions.words import cycle_of
from app.groups.access import may
from app.groups.queries import group
from app.ledgers.heads import today
from app.ledgers.models import Entry
from app.ledgers.undoing import UndoForm, day_of_undoing, undo_form_of
from app.web import keyset
from app.web.filters import money, number
from app.web.keyset import Slice


@dataclass(frozen=True)
class Own:
    """The reader's own part, and what was paid of it."""

    line: PartLine | None
    paid: ShareOutPaymentPart | None
    measure: str


def own(view: View) -> Own | None:
    """What the reader has of a share-out; None of who takes no part."""
    line = queries.part_of(view.share_out.id, g.member.id)
    paid = queries.payment_part_of(view.payment.payment.id, g.member.id) if view.payment else None
    if line is None and paid is None:
        return None
    return Own(line, paid, measure(view, line.part) if line else "")


def part_of(view: View, member_id: uuid.UUID) -> PartLine:
    """A member's part: the own one, or anybody's with money.see. Raises NoSuchShareOut."""
    if member_id != g.member.id and not may("money.see"):
        raise NoSuchShareOut
    found = queries.part_of(view.share_out.id, member_id)
    if found is None:
        raise NoSuchShareOut
    return found


def measure(view: View, part: ShareOutPart) -> str:
    """By what a part was measured, in words."""
    row, currency = view.share_out, group().currency
    saved = money(rounded(part.weight, currency))
    match Rule(row.rule):
        case Rule.SAVINGS:
            return str(_("savings of %(amount)s on the last day", amount=saved))
        case Rule.AVERAGE:
            average = money(rounded(part.weight / cycle_of(row).days, currency))
            return str(_("savings of %(amount)s on average", amount=average))
        case Rule.SHARES:
            return str(ngettext("one whole share", "%(count)s whole shares", part.weight, count=number(part.weight)))
        case Rule.EQUAL:
            return str(_("an equal part of %(count)s", count=number(row.members)))
        case Rule.OWN_INTEREST:
            told = {"interest": money(part.own_interest), "amount": saved}
            return str(_("%(interest)s of own interest, and savings of %(amount)s", **told))


def parts(view: View) -> Slice[PartLine] | None:
    """A page of everybody's parts, for who may see every member's money."""
    return queries.parts_page(view.share_out.id, at=keyset.asked(int)) if may("money.see") else None


def parts_sheet(view: View) -> Response:
    """Everybody's parts and payments as a file."""
    head = [_("Member number"), _("Member"), _("Measured by"), _("Own interest"), _("Share")]
    head += [_("Growth paid"), _("Savings paid"), _("Kept back"), _("To be paid")]
    rows: list[list[Cell]] = [
        [line.identifier, line.name, measure(view, line.part), line.part.own_interest, line.part.amount]
        + ([p.growth, p.savings, p.deducted, p.owed] if (p := line.paid) else [None] * 4)
        for line in queries.all_parts(view.share_out.id)
    ]
    return as_file(f"share-out-{view.share_out.last_day.isoformat()}", head, rows)


def as_file(name: str, head: Sequence[Any], rows: Sequence[Sequence[Cell]]) -> Response:
    """A table for a spreadsheet; that it was taken is written down."""
    file = f"{group().slug}-{name}.csv"
    with transaction(user_id=g.member.user_id, group_id=g.group.id):  # a GET rolls back; this is kept
        record("export", "share_out", by=g.member.id, after={"file": file}, severity="notice")
    response: Response = make_response(csv_bytes(head, rows))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return response


def payment_form(*, with_savings: bool) -> PaymentForm:
    """The form of a payment as it is first shown."""
    form = PaymentForm()
    if not form.is_submitted():
        form.savings.data, form.on.data = with_savings, today()
    return form


def planned(share_out_id: uuid.UUID, *, with_savings: bool) -> PaymentPlan | None:
    """What paying would do; None when nobody would be paid anything."""
    try:
        return plan_payment(share_out_id, with_savings=with_savings)
    except NothingToPay:
        return None


def paying(form: PaymentForm, share_out_id: uuid.UUID) -> Paying:
    """What a valid form says."""
    return Paying(
        share_out_id=share_out_id,
        with_savings=bool(form.savings.data),
        on=form.on.data or today(),
        seen=form.seen.data or "",
    )


def payouts(plan: PaymentPlan) -> Slice[Any]:
    """A page of what everybody would be paid."""
    return page_of(list(enumerate(plan.payouts, 1)))


@dataclass(frozen=True)
class KeptBack:
    """For what a payment would keep back: what each room calls it and the sum, and the same of each member."""

    sums: Sequence[tuple[Any, Decimal]]
    of: Mapping[uuid.UUID, Sequence[tuple[Any, Decimal]]]


def kept_back(plan: PaymentPlan) -> KeptBack:
    """For what, room by room."""
    found = kept_for({row.member.id: row.paid.deducted for row in plan.payouts})
    of: dict[uuid.UUID, list[tuple[Any, Decimal]]] = {}
    for word, taken in found:
        for member_id, amount in taken.items():
            of.setdefault(member_id, []).append((word, amount))
    return KeptBack([(word, sum(taken.values(), Decimal(0))) for word, taken in found], of)


def standing_payment(view: View) -> PaymentView:
    """The payment that stands. Raises NothingToPay when there is none."""
    if view.payment is None:
        raise NothingToPay
    return view.payment


def undo_form(entry: Entry) -> UndoForm:
    """The form that takes something back, with the entry's own day where that is still open."""
    return undo_form_of([entry])


def undoing(form: UndoForm, entry: Entry) -> Callable[[], dict[str, Any]]:
    """What a reversal is told once its form is valid."""

    def told() -> dict[str, Any]:
        on = day_of_undoing([entry], on_its_day=form.when.data == "original")
        return {"reason": form.reason.data, "on": on, "key": form.key}

    return told
