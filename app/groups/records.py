"""The pages of this room's records, for the audit log and for flags."""

import uuid
from collections.abc import Callable, Mapping

from flask import url_for


def _member(member_id: uuid.UUID) -> str:
    return url_for("groups.member", member_id=member_id)


def _settings(_id: uuid.UUID) -> str:
    return url_for("groups.profile")


def _policy(_id: uuid.UUID) -> str:
    return url_for("groups.policy")


PAGES: Mapping[str, Callable[[uuid.UUID], str]] = {
    "member": _member,
    "permission": _member,
    "group": _settings,
    "settings": _settings,
    "policy": _policy,
}
