"""What an auditor may send does not depend on which views there are today."""

from types import SimpleNamespace

import pytest
from flask import Flask, g

from app.groups.access import _check_deed
from app.groups.errors import MayNot


@pytest.mark.parametrize("permission", ["books.see", "members.see", "audit.see"])
def test_a_right_to_read_lets_an_auditor_send_nothing(app: Flask, permission: str) -> None:
    for method in ("GET", "POST"):
        with app.test_request_context("/", method=method):
            g.permissions = frozenset({permission})
            g.member, g.group = SimpleNamespace(roles=["auditor"]), SimpleNamespace(status="active")
            if method == "GET":
                _check_deed(permission)
            else:
                with pytest.raises(MayNot):
                    _check_deed(permission)
