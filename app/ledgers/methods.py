"""How money reaches somebody or comes in, as people say it."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _


class Method(StrEnum):
    """How money changed hands."""

    CASH = "cash"
    BANK_TRANSFER = "bank_transfer"
    MOBILE_MONEY = "mobile_money"
    CHECK = "check"
    OTHER = "other"


METHODS: Mapping[Method, LazyString] = {
    Method.CASH: _("Cash"),
    Method.BANK_TRANSFER: _("Bank transfer"),
    Method.MOBILE_MONEY: _("Mobile money"),
    Method.CHECK: _("Cheque"),
    Method.OTHER: _("Other"),
}
USUAL = {"bank": Method.BANK_TRANSFER, "mobile_money": Method.MOBILE_MONEY, "petty_cash": Method.CASH}
