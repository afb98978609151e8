"""The pages of the audit log and of flags."""

import uuid
from typing import Any

from flask import Response, g, request, url_for
from flask_babel import gettext as _

from app.audit import words
from app.groups.access import needs
from app.oversight import log_page, queries, services
from app.oversight.blueprint import bp
from app.oversight.forms import AnswerForm, FlagForm
from app.web.attempt import attempt
from app.web.pages import go, page

bp.app_template_global("flags_on")(queries.flags_on)
bp.app_template_global("flag_mark")(log_page.flag_mark)


@bp.get("")
@needs("audit.see")
def log() -> Response:
    """The log, the latest first, searched by who, what, when and how grave."""
    return page("oversight/log.html", "oversight/_events.html", **log_page.listing())


@bp.get("/<uuid:event_id>")
@needs("audit.see")
def event(event_id: uuid.UUID) -> Response:
    """One event with what it changed."""
    return page("oversight/event.html", **log_page.details(queries.event(event_id)))


@bp.get("/flags")
@needs("audit.see")
def flags() -> Response:
    """The flags that are open, or all of them."""
    every = request.args.get("show") == "all"
    return page("oversight/flags.html", flags=queries.flags(only_open=not every), every=every, words=words)


@bp.get("/flags/new")
@needs("flags.raise")
def flag_new() -> Response:
    """The form that flags a record."""
    mark = request.args.get("record", "")
    record = log_page.flagged(mark)
    return page("oversight/flag_new.html", form=FlagForm(data={"record": mark}), record=record, words=words)


@bp.post("/flags")
@needs("flags.raise")
def flag_raise() -> Response:
    """Flag a record."""
    form = FlagForm()
    record = log_page.flagged(form.record.data or "")
    text, key = form.text.data or "", form.key
    wrong = attempt(
        form, lambda: services.raise_flag(record=record, text=text, by=g.member.id, slug=g.group.slug, key=key)
    )
    if wrong:
        return page(
            "oversight/flag_new.html", "oversight/_flag_form.html", status=wrong, form=form, record=record, words=words
        )
    return go(record.url, toast=_("The officers were told of your flag"))


@bp.get("/flags/<uuid:flag_id>")
@needs("audit.see")
def flag(flag_id: uuid.UUID) -> Response:
    """One flag, its answers, and the form to answer."""
    return page("oversight/flag.html", flag=queries.flag(flag_id), form=AnswerForm(), words=words)


@bp.post("/flags/<uuid:flag_id>/answers")
@needs("flags.settle")
def answer(flag_id: uuid.UUID) -> Response:
    """An officer answers, or settles it."""
    return _answer(flag_id)


@bp.post("/flags/<uuid:flag_id>/remarks")
@needs("flags.raise")
def remark(flag_id: uuid.UUID) -> Response:
    """The auditor answers back, or is content."""
    return _answer(flag_id)


def _answer(flag_id: uuid.UUID) -> Response:
    found, form = queries.flag(flag_id), AnswerForm()
    told: dict[str, Any] = {"text": form.text.data or "", "settles": bool(form.settles.data)}
    wrong = attempt(form, lambda: services.answer_flag(flag_id=flag_id, by=g.member.id, slug=g.group.slug, **told))
    if wrong:
        return page(
            "oversight/flag.html", "oversight/_answer_form.html", status=wrong, flag=found, form=form, words=words
        )
    return go(url_for("oversight.flag", flag_id=flag_id), toast=_("Saved"))
