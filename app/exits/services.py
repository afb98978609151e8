"""The verbs of leaving and withdrawing, in one place for other rooms."""

from app.exits.adjusting import adjust, reduce, undo_reduction
from app.exits.cancelling import cancel, cancel_by_agreement
from app.exits.closing import close
from app.exits.liquidity import set_aside, take_back
from app.exits.offering import offer
from app.exits.requesting import request_exit, request_withdrawal
from app.exits.reversing import reverse_fulfilment

__all__ = [
    "adjust",
    "cancel",
    "cancel_by_agreement",
    "close",
    "offer",
    "reduce",
    "request_exit",
    "request_withdrawal",
    "reverse_fulfilment",
    "set_aside",
    "take_back",
    "undo_reduction",
]
