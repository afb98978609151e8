"""One tone and one word for every status the product shows, so that "paid" looks the same on every page."""

from enum import Enum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

Shown = tuple[str, LazyString | str]

STATUSES: dict[str, Shown] = {
    # people and groups
    "pending": ("warn", _("Pending")),
    "invited": ("info", _("Invited")),
    "active": ("good", _("Active")),
    "inactive": ("mute", _("Inactive")),
    "suspended": ("bad", _("Suspended")),
    "left": ("mute", _("Left")),
    "dissolved": ("mute", _("Dissolved")),
    "accepted": ("good", _("Accepted")),
    "declined": ("bad", _("Declined")),
    "revoked": ("mute", _("Revoked")),
    "expired": ("mute", _("Expired")),
    "verified": ("good", _("Verified")),
    # contributions, penalties, windows
    "paid": ("good", _("Paid")),
    "partial": ("warn", _("Part paid")),
    "completed": ("good", _("Completed")),
    "overdue": ("bad", _("Overdue")),
    "waived": ("mute", _("Waived")),
    "late": ("warn", _("Late")),
    "early": ("info", _("Paid ahead")),
    "penalty": ("bad", _("Penalty")),
    "over": ("info", _("Over the maximum")),
    "levied": ("warn", _("Levied")),
    "unpaid": ("bad", _("Unpaid")),
    "due": ("warn", _("Due")),
    "upcoming": ("", _("Upcoming")),
    "open": ("info", _("Open")),
    "closed": ("mute", _("Closed")),
    # buy-outs
    "offered": ("info", _("Waits for consent")),
    "agreed": ("warn", _("Waits for approval")),
    "effective": ("good", _("In effect")),
    # books and approvals
    "proposed": ("warn", _("Proposed")),
    "posted": ("good", _("Posted")),
    "reversed": ("struck", _("Reversed")),
    "reversal": ("info", _("Reversal")),
    "awaiting": ("warn", _("Awaiting approval")),
    "approved": ("good", _("Approved")),
    "rejected": ("bad", _("Rejected")),
    "withdrawn": ("mute", _("Withdrawn")),
    "unchecked": ("warn", _("Not second-checked")),
    "draft": ("", _("Draft")),
    "calculating": ("info", _("Being calculated")),
    "pending_approval": ("warn", _("Awaiting approval")),
    "discarded": ("mute", _("Given up")),
    "collected": ("good", _("Collected")),
    "written_off": ("mute", _("Written off")),
    "reconciled": ("good", _("Reconciled")),
    "unreconciled": ("warn", _("Not reconciled")),
    "held": ("info", _("Held")),
    "allotted": ("info", _("Allotted")),
    "made_payable": ("good", _("Made payable")),
    "released": ("mute", _("Released")),
    # requests to leave or withdraw
    "partially_fulfilled": ("info", _("Partly fulfilled")),
    "payable": ("warn", _("Payable")),
    "fulfilled": ("good", _("Fulfilled")),
    "cancelled": ("mute", _("Cancelled")),
    # investments
    "sold": ("mute", _("Sold")),
    "matured": ("good", _("Matured")),
    "defaulted": ("bad", _("Defaulted")),
    "converted": ("info", _("Converted")),
    "owned": ("good", _("Owned")),
    # imports and lines of statements
    "new": ("info", _("New")),
    "matched": ("good", _("Matched")),
    "unmatched": ("warn", _("No match")),
    "unallocated": ("warn", _("To allocate")),
    "allocated": ("good", _("Allocated")),
    "duplicate": ("mute", _("Already here")),
    "skipped": ("mute", _("Skipped")),
    "invalid": ("bad", _("Needs a fix")),
    "confirmed": ("good", _("Confirmed")),
    # work and mail
    "queued": ("", _("Queued")),
    "running": ("info", _("Running")),
    "done": ("good", _("Done")),
    "failed": ("bad", _("Failed")),
    "dead": ("bad", _("Gave up")),
    "sent": ("good", _("Sent")),
    "bounced": ("bad", _("Bounced")),
    "sending": ("info", _("Sending")),
    "unknown": ("warn", _("Perhaps sent")),
    # checks and flags
    "error": ("bad", _("Error")),
    "warning": ("warn", _("Warning")),
    "info": ("info", _("Information")),
    "critical": ("bad", _("Critical")),
    "flagged": ("warn", _("Flagged")),
    "resolved": ("good", _("Resolved")),
    "proved": ("good", _("Proved")),
    "genuine": ("good", _("Genuine")),
    "changed": ("bad", _("Changed")),
}


def status_of(value: object) -> Shown:
    """The tone and the word of a status (text or enum); an unknown one is neutral and shown as it is called."""
    key = str(value.value if isinstance(value, Enum) else value)
    return STATUSES.get(key, ("", key.replace("_", " ").capitalize()))
