"""The proof finds what was tampered with, and nothing whatever is shared, paid and undone."""

from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.db import session, transaction
from app.core.errors import DomainError
from app.distributions import checks
from app.distributions.models import ShareOutPart, ShareOutPaymentPart
from app.distributions.reversing import reverse_payment, reverse_share_out
from app.distributions.rules import Cycle, Rule
from tests.distributions.conftest import JUNE, TODAY, proved

D = Decimal


def test_a_row_that_was_tampered_with_is_found(inside):
    row = inside.allot()
    paid = inside.pay(row)
    mine = {"group_id": row.group_id, "member_id": inside.id("secretary"), "place": 9}
    growth = {"payment_id": paid.id, "growth": -1, "savings": 1, "deducted": 0, "owed": 0}  # the sums stay
    share = {"share_out_id": row.id, "weight": 0, "own_interest": 0, "amount": 1}
    for table, told, check in (
        (ShareOutPart, share, checks.share_outs),
        (ShareOutPaymentPart, growth, checks.payments),
    ):
        assert list(check().faults) == []
        session().connection().execute(sa.insert(table).values(**mine, **told))
        assert len(check().faults) == 2


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    deeds=st.lists(
        st.tuples(
            st.sampled_from(["saves", "earns", "spends", "allot", "pay", "undo"]),
            st.integers(1, 90_000).map(lambda n: D(n) / 100),
            st.sampled_from(list(Rule)),
            st.booleans(),
        ),
        min_size=4,
        max_size=12,
    )
)
def test_whatever_is_shared_paid_and_undone_the_books_say_what_the_rows_say(earning, deeds):
    with transaction(group_id=earning.cast.group_id):
        history = session().begin_nested()
        made, paid, day = [], [], date(2026, 1, 1)
        for what, amount, rule, flag in deeds:
            try:
                with session().begin_nested():
                    if what == "saves":
                        earning.saves("member" if flag else "leader", str(amount), on=JUNE)
                    elif what == "earns":
                        earning.earns(str(amount), on=JUNE, kind="loan_interest", who="member")
                    elif what == "spends":
                        earning.spends(str(amount), on=JUNE)
                    elif what == "allot":
                        made.append(earning.allot(rule, cycle=Cycle(day, TODAY)))
                    elif what == "pay":
                        paid.append(earning.pay(made[-1], with_savings=flag))
                    elif paid:
                        reverse_payment(paid.pop().id, reason="typo", on=TODAY, by=earning.by)
                    else:
                        reverse_share_out(made.pop().id, reason="typo", on=TODAY, by=earning.by)
            except (DomainError, IndexError):
                continue  # refused, and so nothing of it stays
        proved()
        history.rollback()
