"""What lines may be in this group, offered by the form."""

import sqlalchemy as sa

from app.core.db import session
from app.groups.models import Member
from app.imports.forms import AllocationForm
from app.ledgers.cash import cash_accounts
from app.ledgers.entries import FLOWS
from app.ledgers.queries import categories
from app.receipts.payments_queries import clients
from app.savings.planning import PAYS


def offered(form: AllocationForm) -> AllocationForm:
    """The form with the group's members, cash accounts and categories filled in."""
    people = session().scalars(
        sa.select(Member).where(Member.status.in_(PAYS)).order_by(sa.func.lower(Member.display_name))
    )
    form.offer(members=people, accounts=cash_accounts(), own=categories(FLOWS), clients=clients())
    return form
