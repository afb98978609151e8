"""The verbs of leases and assignments, in one place for other rooms."""

from app.rentals.assigning import assign, change_ownership, end_assignment, set_anchor, withdraw_assignment
from app.rentals.leases import end_lease, make_lease, withdraw_lease

__all__ = [
    "assign",
    "change_ownership",
    "end_assignment",
    "end_lease",
    "make_lease",
    "set_anchor",
    "withdraw_assignment",
    "withdraw_lease",
]
