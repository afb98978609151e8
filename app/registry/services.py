"""The verbs of the register, in one place for other rooms."""

from app.registry.deeds import edit_deed, end_deed, make_deed, pass_on, withdraw_deed
from app.registry.parties import edit_party, group_party, make_party, parties_of_members, party_of_member
from app.registry.sets import edit_set, make_set, put_deed, take_deed
from app.registry.units import edit_unit, make_unit

__all__ = [
    "edit_deed",
    "edit_party",
    "edit_set",
    "edit_unit",
    "end_deed",
    "group_party",
    "make_deed",
    "make_party",
    "make_set",
    "make_unit",
    "parties_of_members",
    "party_of_member",
    "pass_on",
    "put_deed",
    "take_deed",
    "withdraw_deed",
]
