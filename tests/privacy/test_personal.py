"""Each table that names a person either goes into that person's copy, or stands here with the reason why not."""

import pytest
import sqlalchemy as sa

from app.core.db import transaction
from app.core.rooms import rooms
from app.core.tenancy import Base
from app.factory import ROOMS
from app.privacy import exporting
from tests.factories import Cast

# What a member did for the group is told by the log, and the row is about the group or about somebody else.
OFFICE = "what an officer did for the group; their copy has it in the log"
REASONS = {
    "account_balance": OFFICE,
    "allocation_set": OFFICE,
    "assessment_config": OFFICE,
    "assessment_event": OFFICE,
    "assessment_state": OFFICE,
    "asset_sale": OFFICE,
    "assets_reversal": OFFICE,
    "balance_checkpoint": OFFICE,
    "cash_account": OFFICE,
    "closed_period": OFFICE,
    "contribution_window": OFFICE,
    "dues_budget": OFFICE,
    "penalty_rule": OFFICE,
    "distributions_reversal": OFFICE,
    "entry": "own lines are told with the number, kind and day of their entry",
    "fund": OFFICE,
    "group_policy": OFFICE,
    "holdings_reversal": OFFICE,
    "hold_release": OFFICE,
    "import_content": "gone as soon as the file is confirmed",
    "import_event": OFFICE,
    "investment": OFFICE,
    "investment_income": OFFICE,
    "investment_sale": OFFICE,
    "investment_state": OFFICE,
    "line_allocation": OFFICE,
    "line_destination": OFFICE,
    "liquidity_event": OFFICE,
    "reconciliation": OFFICE,
    "rent_batch": OFFICE,
    "share_out": OFFICE,
    "share_out_payment": OFFICE,
    "statement_mapping": OFFICE,
    "statement_run": OFFICE,
    "unit": OFFICE,
    "unit_cycle": OFFICE,
    "valuation": OFFICE,
}
OUTSIDE = {
    "alert_settled": OFFICE,
    "group_plan": "what staff did with a group, which sees it",
    "group_standing": "what staff did with a group, which sees it",
    "member": "told in each group, by that group",
    "passkey_challenge": "random, and gone within minutes",
    "platform_access": "what staff did with a group, which sees it",
    "platform_access_end": "what staff did with a group, which sees it",
    "platform_setting": OFFICE,
    "staff_act": OFFICE,
    "tax_version": OFFICE,
}


def naming(table: str) -> set[str]:
    """The tables that refer to this one."""
    found = Base.metadata.tables.values()
    return {one.name for one in found for key in one.foreign_key_constraints if key.referred_table.name == table}


def test_every_table_that_names_a_member_is_told_or_says_why_not(cast: Cast) -> None:
    with transaction(user_id=cast.member.user_id, group_id=cast.group_id):
        told = set(exporting.of_member(cast.member.member_id))
    assert naming("member") - told == naming("member") & REASONS.keys()


def test_every_table_that_names_a_user_is_told(cast: Cast) -> None:
    with transaction(user_id=cast.member.user_id):
        told = {
            name
            for room in rooms()
            if room.personal_of_user is not None
            for name in room.personal_of_user(cast.member.user_id)
        }
    assert naming("user_account") - told == naming("user_account") & OUTSIDE.keys()


@pytest.mark.parametrize("table", sorted(REASONS))
def test_a_reason_names_a_table_that_is_there(table: str) -> None:
    assert table in Base.metadata.tables


def test_every_sealed_column_is_looked_through_or_is_sealed_for_one_person() -> None:
    """A sealed column is in some room's list, or its key is that of the very person it is about, or of nobody."""
    own = {
        "member.national_id": "the member's own key",
        "member_erasure.reason": "the member's own key",
        "savings_reversal.reason_sealed": "the key of whose payment it was",
        "penalty_waiver.reason_sealed": "the key of whose penalty it was",
        "window_waiver.reason_sealed": "the key of who was to pay",
        "payouts_reversal.reason_sealed": "the key of who was paid",
        "exit_state.reason_sealed": "the key of whose request it was",
        "exit_adjustment.reason_sealed": "the key of whose request it was",
        "mail_message.sealed": "looked through by itself: address and data",
        "cash_account.number": "a number of the group's own account",
        "group_setting.sealed": "a secret of the group",
        "import_content.sealed": "gone as soon as the file is confirmed",
        "data_key.wrapped": "the keys themselves",
        "api_answer.asked": "a digest",
        "hook_address.secret": "a secret of the group",
        "hook_address.earlier_secret": "a secret of the group",
    }
    looked = {f"{kept.model.__tablename__}.{kept.column}" for room in ROOMS for kept in room.sealed}
    digests = ("hash", "digest", "previous_hash", "token_digest")
    binary = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        if "group_id" in table.columns
        for column in table.columns
        if isinstance(column.type, sa.LargeBinary) and column.name not in digests
    }
    assert binary - looked - own.keys() == set()
