"""The page of each kind of record that this room keeps in the log, and whether there is one."""

import uuid
from collections.abc import Callable, Mapping

from flask import url_for

from app.dues.standing import payment_row, settlement_row


def _of_settlement(record_id: uuid.UUID) -> str:
    return url_for("dues.party", party_id=settlement_row(record_id).party_id)


PAGES: Mapping[str, Callable[[uuid.UUID], str]] = {
    "assessment_config": lambda id_: url_for("dues.levy", config_id=id_),
    "assessment_event": lambda id_: url_for("dues.run", assessment_id=id_),
    "dues_charge": lambda id_: url_for("dues.charge", charge_id=id_),
    "dues_reversal": lambda id_: url_for("dues.charge", charge_id=id_),  # of the entry that moved its money to credit
    "dues_payment": lambda id_: url_for("dues.payment", dues_payment_id=id_),
    "dues_settlement": _of_settlement,
    "dues_notice": lambda id_: url_for("dues.party", party_id=id_),
    "dues_statement": lambda id_: url_for("dues.party", party_id=id_),
    "dues_budget": lambda _id: url_for("dues.budgets"),
}


def documents_need(payment_id: uuid.UUID) -> str:
    """Who may read the documents of a payment, such as the bank's slip."""
    payment_row(payment_id)
    return "money.see"
