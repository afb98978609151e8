"""Taking a record of a room back, today or on its own day: the form, and what it says."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import RadioField, TextAreaField
from wtforms.validators import Length

from app.ledgers.closing import is_open
from app.ledgers.errors import PeriodClosed
from app.ledgers.forms import REQUIRED, ConfirmingForm
from app.ledgers.heads import head, today
from app.ledgers.models import Entry
from app.web.filters import day
from app.web.forms import choices


class UndoForm(ConfirmingForm):
    """Why something is taken back, and when that takes effect."""

    reason = TextAreaField(_("Why"), [REQUIRED, Length(max=500)], description=_("Both stay visible with this reason."))
    when = RadioField(_("When it takes effect"), choices=choices([("today", _("Today"))]), default="today")

    def offer(self, own_day: date | None) -> None:
        """Let the officer choose the record's own day as well."""
        if own_day is not None:
            own = ("original", _("On its own day, %(day)s", day=day(own_day)))
            self.when.choices = choices([("today", _("Today")), own])


def undo_form_of(entries: Sequence[Entry]) -> UndoForm:
    """The form, with the entries' own day where that is still open and not today."""
    form, own = UndoForm(), max((entry.effective_on for entry in entries), default=today())
    form.offer(own if own != today() and is_open(own) else None)
    return form


def day_of_undoing(entries: Sequence[Entry], *, on_its_day: bool) -> date:
    """Today, or the day of what is undone. Raises PeriodClosed when that day is closed."""
    own = max((entry.effective_on for entry in entries), default=today()) if on_its_day else today()
    if own != today() and not is_open(own):
        raise PeriodClosed(through=head().closed_through.isoformat(), field="when")
    return own


def undoing(form: UndoForm, entries: Sequence[Entry]) -> Callable[[], dict[str, Any]]:
    """What a reversal is told once its form is valid: reason, on, overdraft, key."""

    def told() -> dict[str, Any]:
        on = day_of_undoing(entries, on_its_day=form.when.data == "original")
        return {"reason": form.reason.data, "on": on, "overdraft": bool(form.overdraft.data), "key": form.key}

    return told
