"""The blueprints of this room: the pages of staff, and the group's own page of what staff did with it."""

from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext as _

from app.core.platform_settings import platform_setting
from app.groups.access import group_blueprint
from app.ledgers.chart import CHART
from app.staff.door import guard
from app.web.api.blueprint import api_blueprint
from app.web.shell import Place, Section

bp = Blueprint("staff", __name__, url_prefix="/staff")
bp.before_request(guard)
looks = group_blueprint("looks", __name__, prefix="/service")
api = api_blueprint("staff", __name__)

PLACES = (
    ("staff.groups", "building-2", True),
    ("staff.alerts", "triangle-alert", True),
    ("staff.work", "activity", True),
    ("staff.settings", "settings", True),
    ("staff.tax_rates", "percent", False),
    ("staff.acts", "history", False),
    ("staff.people", "users", False),
)


def _labels() -> dict[str, str]:
    return {
        "staff.groups": _("Groups"),
        "staff.alerts": _("Alerts"),
        "staff.work": _("Jobs"),
        "staff.settings": _("Settings"),
        "staff.tax_rates": _("Tax rates"),
        "staff.acts": _("What staff did"),
        "staff.people": _("Staff"),
    }


@bp.context_processor
def _frame() -> dict[str, Any]:
    labels = _labels()
    items = [
        Place(labels[name], icon, url_for(name), current=request.path.startswith(url_for(name)), tab=tab)
        for name, icon, tab in PLACES
    ]
    return {"nav": [Section("", items)]}


@bp.app_template_global()
def account_kind(kind: str) -> str:
    """What the chart calls a kind of account."""
    return str(CHART[kind].name)


@bp.app_template_global()
def announcement() -> str:
    """What staff tell everybody on every page; usually nothing."""
    return str(platform_setting("announcement"))
