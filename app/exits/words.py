"""Words of leaving and withdrawing: states, rules, estimates, what an entry did, for pages, letters and statements."""

from collections.abc import Sequence

from flask import request, url_for
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from app.exits.forecast import Basis, Estimate
from app.exits.rules import LIQUIDITY, ExitPolicy, LiquidityType, RequestKind
from app.groups.access import may
from app.web.filters import money, month, percent

KINDS = {RequestKind.EXIT: lazy("Leaving"), RequestKind.WITHDRAWAL: lazy("Withdrawal")}
TABS = (
    ("exits.queue", lazy("Queue")),
    ("exits.requests", lazy("All requests")),
    ("exits.events", lazy("Money set aside")),
    ("exits.what_if", lazy("What if?")),
)


def exit_tabs() -> list[tuple[LazyString, str, bool]]:
    """(label, address, is it this page) of the room's lists; none for who sees the own request only."""
    if not may("money.see"):
        return []
    return [(text, url_for(endpoint), endpoint == request.endpoint) for endpoint, text in TABS]


def exit_kind(kind: str) -> LazyString:
    """What is asked for."""
    return KINDS[RequestKind(kind)]


def liquidity_word(kind: str) -> LazyString:
    """Where money that was set aside comes from."""
    return LIQUIDITY[LiquidityType(kind)]


def basis_told(resting: Basis) -> str:
    """What an estimate rests on, in a sentence."""
    months = {"first": month(resting.first), "last": month(resting.last)}
    if not resting.total:
        return str(_("From %(first)s to %(last)s nothing was set aside, so nothing can be estimated.", **months))
    if resting.months == 1:
        return str(_("In %(last)s %(total)s was set aside for the queue.", total=money(resting.total), **months))
    return str(
        _(
            "From %(first)s to %(last)s %(total)s was set aside for the queue, %(average)s a month on average.",
            total=money(resting.total),
            average=money(resting.average),
            **months,
        )
    )


def exit_estimate(found: Estimate) -> str:
    """When a request may be met, in a few words."""
    if not found.need:
        return str(_("now: the money is there"))
    if found.month is None:
        return str(_("cannot be said"))
    return str(_("by %(month)s", month=month(found.month)))


def exit_slower(found: Estimate) -> str:
    """When it may be met if less comes in than in the past."""
    if not found.need or found.month is None:
        return ""
    if found.slower is None:
        return str(_("If only half as much comes in, more than ten years."))
    return str(_("If only half as much comes in, by %(month)s.", month=month(found.slower)))


def terms_told(policy: ExitPolicy) -> Sequence[str]:
    """What the rules mean, in sentences."""
    return [_growth(policy), _deductions(policy), _first(policy), _sources(policy), _withdrawals(policy)]


def _growth(policy: ExitPolicy) -> str:
    if not policy.growth_percent:
        return str(_("Who leaves gets savings, holdings at cost and asset shares at recorded value, and no growth."))
    return str(
        _(
            "Who leaves gets savings, holdings at cost, asset shares at recorded value and %(part)s of a realised"
            " growth.",
            part=percent(policy.growth_percent),
        )
    )


def _deductions(policy: ExitPolicy) -> str:
    if policy.deduct:
        return str(_("What they owe the group is kept back at each payment, at that day’s balance."))
    return str(_("What they owe the group is not kept back from payments."))


def _first(policy: ExitPolicy) -> str:
    if policy.partial:
        return str(_("The first in the queue is paid in parts, as money comes in."))
    return str(_("Everyone waits until the first in the queue can be paid in one sum."))


def _sources(policy: ExitPolicy) -> str:
    own = percent(policy.contributions_percent), percent(policy.sales_percent)
    if policy.contributions_percent and policy.sales_percent:
        return str(
            _(
                "While somebody waits, %(saved)s of contributions and %(sold)s of sales are set aside by themselves.",
                saved=own[0],
                sold=own[1],
            )
        )
    if policy.contributions_percent:
        return str(_("While somebody waits, %(part)s of contributions is set aside by itself.", part=own[0]))
    if policy.sales_percent:
        return str(_("While somebody waits, %(part)s of what is sold for is set aside by itself.", part=own[1]))
    return str(_("Money is set aside by officers only."))


def _withdrawals(policy: ExitPolicy) -> str:
    if not policy.withdrawals:
        return str(_("Savings cannot be withdrawn without leaving."))
    if policy.withdrawal_floor:
        return str(
            _(
                "Free savings above %(floor)s can be withdrawn without leaving; those who leave come first.",
                floor=money(policy.withdrawal_floor),
            )
        )
    return str(_("Free savings can be withdrawn without leaving; those who leave come first."))
