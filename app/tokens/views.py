"""The pages of tokens: those there are, making one, ending one."""

import uuid
from typing import Any

from flask import Response, g, url_for
from flask_babel import gettext as _

from app.groups.access import needs
from app.groups.settings_page import tabs
from app.tokens import queries, services
from app.tokens.blueprint import bp
from app.tokens.forms import TokenForm
from app.web import keyset
from app.web.attempt import attempt
from app.web.pages import go, page


@bp.get("/", endpoint="tokens")
@needs("tokens.manage")
def tokens_list() -> Response:
    """The tokens of the group, the newest first."""
    found = queries.tokens_page(keyset.asked(*queries.CURSOR))
    pages = found.urls("tokens.tokens")
    return page("tokens/tokens.html", "tokens/_tokens.html", found=found, pages=pages, tabs=tabs("tokens.tokens"))


@bp.get("/new")
@needs("tokens.manage", fresh=True)
def token_new() -> Response:
    """The form of a new token."""
    return page("tokens/token_new.html", form=TokenForm())


@bp.post("/")
@needs("tokens.manage", fresh=True)
def token_create() -> Response:
    """Make a token and show it, this once."""
    form, made = TokenForm(), []
    wrong = attempt(form, lambda: made.append(services.make_token(**_told(form), by=g.member.id, key=form.key)))
    if wrong:
        return page("tokens/token_new.html", "tokens/_token_form.html", status=wrong, form=form)
    token, secret = made[0]
    return page("tokens/token_made.html", token=token, secret=secret)


def _told(form: TokenForm) -> dict[str, Any]:
    return {name: form[name].data for name in ("name", "days", "read_only", "scopes")}


@bp.post("/<uuid:token_id>/end")
@needs("tokens.manage")
def token_end(token_id: uuid.UUID) -> Response:
    """End a token at once."""
    services.end_token(queries.token(token_id), by=g.member.id)
    return go(url_for("tokens.tokens"), toast=_("The token was ended"))
