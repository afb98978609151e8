"""The officers' page of background work, and its two buttons."""

import uuid

from flask import Response, g, url_for
from flask_babel import gettext as _

from app.groups.access import needs
from app.web.pages import go, page
from app.work import queries, services
from app.work.blueprint import bp


@bp.get("")
@needs("jobs.manage")
def overview() -> Response:
    """What runs, what waits for a person, which mails did not arrive."""
    return page(
        "work/overview.html",
        fragment="work/_running.html",
        now=queries.now_running(),
        dead=queries.dead(),
        lost=queries.lost_mails(),
        finished=queries.finished_runs(),
    )


@bp.post("/jobs/<uuid:message_id>/retries")
@needs("jobs.manage")
def retry(message_id: uuid.UUID) -> Response:
    """Try a dead job again."""
    services.retry(message_id=message_id, by=g.member)
    return go(url_for("work.overview"), toast=_("It is being tried again."))


@bp.post("/mails/<uuid:mail_id>/sendings")
@needs("jobs.manage")
def send_again(mail_id: uuid.UUID) -> Response:
    """Send a mail again that did not arrive."""
    mail = services.send_again(mail_id=mail_id, by=g.member)
    return go(url_for("work.overview"), toast=_("“%(subject)s” is on its way again.", subject=mail.subject))
