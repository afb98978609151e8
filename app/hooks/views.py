"""The pages of addresses that are told: those there are, adding one, one with what was sent to it."""

import uuid

from flask import Response, g, url_for
from flask_babel import gettext as _

from app.groups.access import needs
from app.groups.settings_page import tabs
from app.hooks import deliveries, queries, services
from app.hooks.blueprint import bp
from app.hooks.forms import HookForm
from app.hooks.rules import EVENTS
from app.web import keyset
from app.web.attempt import attempt
from app.web.pages import go, page


@bp.app_template_global()
def event_name(name: str) -> str:
    """What an event is called by people."""
    return str(EVENTS.get(name) or _("A test"))


@bp.get("/", endpoint="hooks")
@needs("tokens.manage")
def hooks_list() -> Response:
    """The addresses of the group."""
    return page("hooks/hooks.html", hooks=queries.hooks(), tabs=tabs("hooks.hooks"))


@bp.get("/new")
@needs("tokens.manage", fresh=True)
def hook_new() -> Response:
    """The form of a new address."""
    return page("hooks/hook_new.html", form=HookForm())


@bp.post("/")
@needs("tokens.manage", fresh=True)
def hook_create() -> Response:
    """Add an address and show its secret, this once."""
    form, made = HookForm(), []
    told = {"by": g.member.id, "key": form.key}
    wrong = attempt(
        form, lambda: made.append(services.add_hook(url=form.url.data or "", events=form.events.data or [], **told))
    )
    if wrong:
        return page("hooks/hook_new.html", "hooks/_hook_form.html", status=wrong, form=form)
    hook, secret = made[0]
    return page("hooks/hook_secret.html", hook=hook, secret=secret)


@bp.get("/<uuid:hook_id>")
@needs("tokens.manage")
def hook(hook_id: uuid.UUID) -> Response:
    """An address, and what was sent to it, the newest first."""
    seen = queries.hook(hook_id)
    found = queries.deliveries_page(hook_id, keyset.asked(*queries.CURSOR))
    pages = found.urls("hooks.hook", hook_id=hook_id)
    return page("hooks/hook.html", "hooks/_deliveries.html", seen=seen, found=found, pages=pages)


@bp.post("/<uuid:hook_id>/rotate")
@needs("tokens.manage", fresh=True)
def hook_rotate(hook_id: uuid.UUID) -> Response:
    """Make a new secret and show it, this once."""
    row = queries.hook(hook_id).hook
    return page("hooks/hook_secret.html", hook=row, secret=services.rotate(row, by=g.member.id))


@bp.post("/<uuid:hook_id>/pause")
@needs("tokens.manage")
def hook_pause(hook_id: uuid.UUID) -> Response:
    """Tell it nothing for now."""
    services.pause(queries.hook(hook_id).hook, by=g.member.id)
    return go(url_for("hooks.hook", hook_id=hook_id), toast=_("The address is paused"))


@bp.post("/<uuid:hook_id>/resume")
@needs("tokens.manage")
def hook_resume(hook_id: uuid.UUID) -> Response:
    """Tell it again."""
    services.resume(queries.hook(hook_id).hook, by=g.member.id)
    return go(url_for("hooks.hook", hook_id=hook_id), toast=_("The address is told again"))


@bp.post("/<uuid:hook_id>/end")
@needs("tokens.manage")
def hook_end(hook_id: uuid.UUID) -> Response:
    """Tell it nothing more."""
    services.end(queries.hook(hook_id).hook, by=g.member.id)
    return go(url_for("hooks.hooks"), toast=_("The address was ended"))


@bp.post("/<uuid:hook_id>/test")
@needs("tokens.manage")
def hook_test(hook_id: uuid.UUID) -> Response:
    """Send a message that tells of nothing."""
    deliveries.send_test(queries.hook(hook_id).hook, by=g.member.id)
    return go(url_for("hooks.hook", hook_id=hook_id), toast=_("A test is on its way"))


@bp.post("/<uuid:hook_id>/deliveries/<uuid:delivery_id>/redeliver")
@needs("tokens.manage")
def delivery_redeliver(hook_id: uuid.UUID, delivery_id: uuid.UUID) -> Response:
    """Send a message once more."""
    seen = queries.hook(hook_id)
    deliveries.redeliver(seen.hook, queries.delivery(hook_id, delivery_id), by=g.member.id)
    return go(url_for("hooks.hook", hook_id=hook_id), toast=_("It is sent once more"))
