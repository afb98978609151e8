"""The form on which a person says which column of a statement is which."""

from collections.abc import Sequence
from typing import Any

from flask_babel import format_date
from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Optional

from app.imports.choosing import Offer
from app.imports.mapping import COLUMNS
from app.imports.tables import Row
from app.imports.written import COMMA, DMY, MDY, POINT, YMD, day_in, is_day
from app.web.forms import Form, choices

REQUIRED = InputRequired(_("Choose one."))
_LONGEST = 28
_NONE = ("", _("Not in this file"))
_CHOOSE = ("", _("Choose …"))
_WRITTEN = {DMY: _("Day, month, year"), MDY: _("Month, day, year"), YMD: _("Year, month, day")}


class MappingForm(Form):
    """Columns by their place, the decimal sign, the order of days. `look` only shows how it would be read."""

    header = SelectField(_("Row with the titles"), [REQUIRED])
    at = SelectField(_("Day"), [REQUIRED])
    order = SelectField(_("How days are written"), [REQUIRED])
    amount = SelectField(_("Amount, with its sign or a mark"), [Optional()])
    mark = SelectField(_("Credit or debit mark"), [Optional()])
    paid_in = SelectField(_("Paid in"), [Optional()])
    withdrawn = SelectField(_("Paid out"), [Optional()])
    decimal = SelectField(_("Decimal sign"), [REQUIRED])
    balance = SelectField(_("Balance"), [Optional()])
    reference = SelectField(_("Reference"), [Optional()])
    details = SelectField(_("Details"), [Optional()])
    payer = SelectField(_("Who paid"), [Optional()])
    value_day = SelectField(_("Value day"), [Optional()])
    look = StringField()

    @property
    def columns(self) -> dict[str, int]:
        """The place of each column that was chosen."""
        return {name: int(self[name].data) for name in COLUMNS if self[name].data}

    @property
    def reading(self) -> dict[str, Any]:
        """What is said, as the verb takes it."""
        return {"columns": self.columns, "decimal": self.decimal.data, "order": self.order.data}


def mapping_form(found: Offer) -> MappingForm:
    """The form for this file, filled in with what is proposed or was said before."""
    form = MappingForm(data=_proposed(found))
    form.header.choices = [(str(row.number), _row(row)) for row in found.headers]
    places = [(str(place), _column(found, place)) for place in range(found.width)]
    for name in COLUMNS:
        form[name].choices = choices([_CHOOSE if name == "at" else _NONE, *places])
    form.decimal.choices = choices([_CHOOSE, (POINT, _("Point: 1,234.50")), (COMMA, _("Comma: 1.234,50"))])
    form.order.choices = choices([_CHOOSE, *_orders(found, form.at.data)])
    return form


def _proposed(found: Offer) -> dict[str, Any]:
    kept, guess = found.kept, found.guess
    columns = kept.columns if kept else guess.columns
    told: dict[str, Any] = {name: str(place) for name, place in columns.items()}
    told["decimal"], told["order"] = (kept.decimal, kept.order) if kept else (guess.decimal, guess.order)
    return told | {"header": str(guess.header.number)}


def _row(row: Row) -> str:
    return str(_("Row %(row)s: %(titles)s", row=row.number, titles=", ".join(filter(None, row.cells))[:60]))


def _column(found: Offer, place: int) -> str:
    title = found.guess.header.cell(place)[:_LONGEST] or str(_("Column %(number)s", number=place + 1))
    sample = found.sample(place)[:_LONGEST]
    return f"{title} · {sample}" if sample else title


def _orders(found: Offer, at: str | None) -> Sequence[tuple[str, Any]]:
    """The orders, with what a day of the file is in each."""
    places = [int(at)] if at and at.isascii() and at.isdigit() else []
    cells = [row.cell(place) for place in places for row in found.guess.rows]
    made = []
    for order, words in _WRITTEN.items():
        sample = next((cell for cell in cells if is_day(cell, order)), "")
        says = f"{words} ({sample[:_LONGEST]} = {format_date(day_in(sample, order), 'd MMMM y')})" if sample else words
        made.append((order, says))
    return made
