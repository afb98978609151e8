"""Which role may do what. Permissions are data; grants and denials of single members come on top."""

from collections.abc import Iterable, Mapping

from flask_babel import lazy_gettext as _

PERMISSIONS: dict[str, object] = {
    "group.see": _("See the group’s totals and the own records"),
    "members.see": _("See the members and their contacts"),
    "members.manage": _("Invite, edit, suspend and restore members"),
    "roles.manage": _("Give and take roles and permissions"),
    "money.see": _("See every member’s money"),
    "money.record": _("Record contributions, penalties and other movements of money"),
    "money.approve": _("Approve movements above the threshold; waive penalties"),
    "books.see": _("See the ledger, reports and exports"),
    "books.manage": _("Make entries by hand, transfer, reverse"),
    "books.close": _("Close a month"),
    "imports.run": _("Import files and reconcile accounts"),
    "statements.send": _("Send statements to members"),
    "settings.manage": _("Change settings and policy of the group"),
    "audit.see": _("Search the audit log"),
    "jobs.manage": _("See and retry background work"),
    "tokens.manage": _("Make tokens for programs and end them"),
    "flags.raise": _("Flag an issue on a record"),
    "flags.settle": _("Answer an auditor’s flag"),
}
ROLES: dict[str, object] = {
    "leader": _("Leader"),
    "treasurer": _("Treasurer"),
    "secretary": _("Secretary"),
    "member": _("Member"),
    "auditor": _("Auditor"),
}
MEMBER, AUDITOR = "member", "auditor"
OFFICERS = frozenset({"leader", "treasurer", "secretary"})
_READS = frozenset({"group.see", "members.see", "money.see", "books.see", "audit.see"})
BY_ROLE: Mapping[str, frozenset[str]] = {
    "member": frozenset({"group.see"}),
    "auditor": _READS | {"flags.raise"},
    "secretary": frozenset({"group.see", "members.see", "members.manage", "audit.see", "flags.settle"}),
    "treasurer": frozenset(PERMISSIONS.keys() - {"roles.manage", "flags.raise"}),
    "leader": frozenset(PERMISSIONS.keys() - {"flags.raise"}),
}
# What an auditor may send: a flag, and what anyone does for oneself. Reading rights allow no writing.
AUDITOR_WRITES = frozenset({"flags.raise", "group.see"})


def permissions_of(roles: Iterable[str], overrides: Mapping[str, str] | None = None) -> frozenset[str]:
    """What the roles allow, with a member's own grants added and denials taken away (a denial wins).

    An auditor never gets more than reading and flags, whatever was granted: the one who checks does not act.
    """
    held = set(roles)
    allowed = frozenset().union(*(BY_ROLE[role] for role in held if role in BY_ROLE))
    effects = overrides or {}
    granted = {name for name, effect in effects.items() if effect == "grant" and name in PERMISSIONS}
    denied = {name for name, effect in effects.items() if effect == "deny"}
    result = (allowed | granted) - denied
    return result & BY_ROLE[AUDITOR] if AUDITOR in held else result


def watches_idle(roles: Iterable[str]) -> bool:
    """Whether someone sees others' money or data, so that an unattended screen is closed sooner."""
    return bool(set(roles) & (OFFICERS | {AUDITOR}))
