"""The pages of the service as a whole: alerts, work that gave up, settings, staff and what they did."""

import uuid
from datetime import datetime
from typing import Any

from flask import Response, abort, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.core import alerts as core_alerts
from app.core.platform_settings import CATALOGUE
from app.operations import deadletters
from app.staff import queries, services
from app.staff.blueprint import bp
from app.staff.forms import EmptyForm, SettleForm, settings_form
from app.staff.rules import ACTS, Act
from app.web.attempt import attempt
from app.web.forms import Form
from app.web.keyset import asked
from app.web.pages import go, page


@bp.get("/alerts")
def alerts() -> Response:
    """What is alarming, and what came of the last ones."""
    settled = core_alerts.settled_alerts()
    names = queries.people({by.settled_by for _alert, by in settled})
    found = core_alerts.open_alerts()
    told: dict[str, Any] = {
        "settled": settled,
        "names": names,
        "facts": core_alerts.facts_in_words,
        "groups": queries.named_in(found),
    }
    return page("staff/alerts.html", alerts=found, **told)


@bp.get("/alerts/<uuid:alert_id>/settlement")
def settle_new(alert_id: uuid.UUID) -> Response:
    """The form that settles an alert."""
    return _settle_page(alert_id, SettleForm())


@bp.post("/alerts/<uuid:alert_id>/settlement")
def settle(alert_id: uuid.UUID) -> Response:
    """Say what came of an alert."""
    form = SettleForm()
    told = {"alert_id": alert_id, "by": current_user.id}
    wrong = attempt(form, lambda: services.settle_alert(note=form.note.data or "", **told))
    if wrong:
        return _settle_page(alert_id, form, status=wrong)
    return go(url_for("staff.alerts"), toast=_("Settled"))


def _settle_page(alert_id: uuid.UUID, form: SettleForm, status: int = 200) -> Response:
    alert = next((each for each in core_alerts.open_alerts() if each.id == alert_id), None) or abort(404)
    facts = core_alerts.facts_in_words(alert)
    return page("staff/settle.html", "staff/_settle_form.html", status=status, alert=alert, facts=facts, form=form)


@bp.get("/work")
def work() -> Response:
    """Jobs that gave up in any group or outside, and groups whose mail did not arrive."""
    dead = deadletters.dead_letters()
    names = queries.group_names({each.group_id for each in dead if each.group_id})
    return page("staff/work.html", dead=dead, names=names, lost=queries.losing_mail(), works=queries.nightly())


@bp.post("/work/<uuid:message_id>/retries", defaults={"group_id": None})
@bp.post("/work/<uuid:message_id>/retries/<uuid:group_id>")
def retry(message_id: uuid.UUID, group_id: uuid.UUID | None) -> Response:
    """Try a dead job again."""
    form = EmptyForm()
    told = {"message_id": message_id, "group_id": group_id, "by": current_user.id}
    if wrong := attempt(form, lambda: services.retry(**told)):
        abort(wrong)
    return go(url_for("staff.work"), toast=_("It is being tried again."))


@bp.get("/settings")
def settings() -> Response:
    """The settings of the whole service."""
    return _settings_page(settings_form(queries.settings()))


@bp.post("/settings")
def settings_change() -> Response:
    """Append a version of each setting that was changed."""
    form = settings_form({})
    given = {name: form[name] for name, known in CATALOGUE.items() if not known.protected}
    values = {name: field.data if field.data is not None else "" for name, field in given.items()}
    wrong = attempt(form, lambda: services.change_settings(values=values, by=current_user.id))
    if wrong:
        return _settings_page(form, status=wrong)
    return go(url_for("staff.settings"), toast=_("Saved"))


def _settings_page(form: Form, status: int = 200) -> Response:
    versions = queries.setting_versions()
    names = queries.people({row.user_id for row in versions.values()})
    told: dict[str, Any] = {"catalogue": CATALOGUE.values(), "versions": versions, "names": names}
    return page("staff/settings.html", "staff/_settings_form.html", status=status, form=form, **told)


@bp.get("/acts")
def acts() -> Response:
    """What staff did, the latest first."""
    found = queries.acts_page(at=asked(datetime, uuid.UUID))
    names = queries.people({act.user_id for act, _group in found.rows})
    pages = found.urls("staff.acts")
    return page("staff/acts.html", "staff/_acts.html", found=found, names=names, pages=pages, words=ACTS, kinds=Act)


@bp.get("/people")
def people() -> Response:
    """Who is staff, and how one becomes it."""
    return page("staff/people.html", staff=queries.staff())
