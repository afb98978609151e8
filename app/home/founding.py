"""Starting a group whole: the group, its terms for saving, open books, cash accounts and the first windows."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.auth.models import UserAccount
from app.core.db import act_as
from app.core.periods import Frequency, zone_named
from app.groups.models import SavingsGroup
from app.groups.queries import member_of
from app.groups.services import found_group
from app.ledgers.cash import METHODS, add_cash_account, cash_accounts
from app.ledgers.heads import open_books
from app.savings.policy import PART, to_store
from app.savings.rules import LateRule, SavingsPolicy, checked
from app.savings.windows import open_due


@dataclass(frozen=True, kw_only=True)
class Founding:
    """What a new group says of itself. `accounts` are the kinds of places where its money lies."""

    name: str
    category: str
    country: str
    currency: str
    time_zone: str
    locale: str
    accounts: Sequence[str]
    frequency: Frequency
    expected: Decimal
    late_rule: LateRule
    fee_percent: Decimal | None = None
    fee_amount: Decimal | None = None
    key: str | None = None


def start_group(told: Founding, *, founder: UserAccount) -> SavingsGroup:
    """Found the group and make it ready to record the first payment; pressed twice, it is one group.

    Raises Invalid with the name of the field.
    """
    terms = checked(_terms(told))
    act_as(founder.id)
    group = found_group(
        name=told.name,
        category=told.category,
        country=told.country,
        currency=told.currency,
        time_zone=told.time_zone,
        locale=told.locale,
        founder_account=founder,
        rules={PART: to_store(terms)},
        key=told.key,
    )
    if cash_accounts(closed=True):
        return group  # this very form was sent before
    by = member_of(founder.id)
    open_books()
    for method, label in METHODS.items():
        if method in told.accounts:
            add_cash_account(name=str(label), method=method, by=by.id if by else None)
    open_due(by=by.id if by else None)
    return group


def _terms(told: Founding) -> SavingsPolicy:
    return SavingsPolicy(
        currency=told.currency,
        zone=zone_named(told.time_zone),
        frequency=told.frequency,
        expected=told.expected,
        late_rule=told.late_rule,
        fee_percent=told.fee_percent if told.late_rule is LateRule.PERCENT_FEE else None,
        fee_amount=told.fee_amount if told.late_rule is LateRule.FIXED_FEE else None,
    )
