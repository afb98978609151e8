"""What this room gives to the house."""

from flask_babel import lazy_gettext as _

from app.core.rooms import NavItem, Room, UnderMaster, Verifier
from app.ledgers import (
    api,
    approvals_api,
    approvals_views,
    balance_checks,
    cash_api,
    cash_views,
    checks,
    closing_views,
    dashboard,
    entries_api,
    entry_views,
    lots,
    notes,
    personal,
    records,
    verification,
    views,
    words,
)
from app.ledgers.approvables import APPROVABLES
from app.ledgers.blueprint import api as endpoints
from app.ledgers.blueprint import bp

PAGES = (views, entry_views, cash_views, approvals_views, closing_views)  # importing them is what counts
ENDPOINTS = (api, entries_api, cash_api, approvals_api)  # and these
bp.add_app_template_global(words.entry_kind)
ROOM = Room(
    "ledgers",
    blueprints=(bp,),
    apis=(endpoints,),
    nav=(
        NavItem(_("Approvals"), "check-check", "ledgers.approvals", "money.see", order=45),
        NavItem(_("Ledger"), "book-open", "ledgers.accounts", "books.see", order=50),
    ),
    approvables=APPROVABLES,
    checks=(
        checks.chain_holds,
        checks.numbers_are_gapless,
        checks.entries_balance,
        checks.reversals_mirror,
        checks.closed_months_stay,
        notes.notes_stay,
        balance_checks.kept_balances_equal_sums,
        balance_checks.held_equals_open_holds,
        balance_checks.checkpoints_equal_sums,
        balance_checks.books_are_equal,
        balance_checks.floors_hold,
        balance_checks.opening_balances_are_complete,
        balance_checks.who_left_has_nothing,
        balance_checks.cash_accounts_have_accounts,
        lots.lots_are_savings,
    ),
    dashboard=dashboard.dashboard,
    first_steps=dashboard.first_steps,
    rests_on={"member": records.what_a_member_has},
    records=records.PAGES,
    known={"entry": records.entry_exists},
    personal=personal.personal,
    under_master=(
        UnderMaster("cash_account", "number", "cash_account|{group_id}|{id}|number", key=("group_id", "id")),
    ),
    sealed=personal.SEALED,
    verifiers={
        "entry": Verifier(_("Entry of the books"), verification.entry_holds),
        "period": Verifier(_("Closed month"), verification.period_holds),
    },
)
