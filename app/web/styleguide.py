"""The living style guide: every component with invented data, served locally only."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from flask import Blueprint, Flask, Response
from flask_babel import get_locale
from wtforms import (
    BooleanField,
    FileField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Optional

from app.web import charts, i18n
from app.web.forms import AmountField, DayField, Form, choices
from app.web.pages import page

bp = Blueprint("styleguide", __name__)
LATE = (("accept", "Accept it"), ("percent_fee", "Charge a percentage"))
OFFICERS = (("leader", "Leader"), ("treasurer", "Treasurer"))
MONTHS = ("Jun", "Jul", "Aug", "Sep", "Oct", "Nov")
SAVED = tuple(Decimal(value) for value in (208_000, 221_000, 230_000, 226_000, 241_000, 168_000))
FEES = tuple(Decimal(value) for value in (6_000, 6_600, 5_900, 7_100, 7_400, 5_200))
SPENT = tuple(Decimal(value) for value in (-2_000, -3_100, -1_200, -9_000, -2_400, -1_100))


class SampleForm(Form):
    """One field of each kind."""

    name = StringField("Name", [InputRequired("Enter a name.")], description="As it stands on statements.")
    secret = PasswordField("Password", [InputRequired("Choose a password.")])
    amount = AmountField("Amount", [InputRequired("Enter an amount.")], currency="KES")
    paid_on = DayField("Paid on", [Optional()])
    method = SelectField("Method", choices=choices([("cash", "Cash"), ("mobile_money", "Mobile money")]))
    late = RadioField("When it comes late", choices=choices(LATE))
    officers = SelectMultipleField("Who approves", choices=choices(OFFICERS))
    note = TextAreaField("Note", [Optional()])
    line = StringField("Line", [InputRequired("Write the line.")])
    slip = FileField("Bank slip", [Optional()])
    receipt = BooleanField("Send a receipt", description="Goes to the member's address.")


def _figures() -> dict[str, Any]:
    series = [charts.Series("Savings", SAVED), charts.Series("Fees", FEES, "s3"), charts.Series("Spent", SPENT, "bad")]
    parts = [charts.Part("Paid", 34, "good"), charts.Part("Part paid", 8, "warn"), charts.Part("Not yet", 6, "bad")]
    summary = "Savings lay between 168,000 and 241,000 a month."
    links = [f"#{month}" for month in MONTHS]
    return {
        "columns": charts.columns("columns", "Money by month", summary, MONTHS, series, currency="KES", links=links),
        "line": charts.line("line", "Savings", summary, MONTHS, series[:1], currency="KES"),
        "split": charts.split("Who has paid", parts),
        "spark": charts.spark(SAVED),
    }


@bp.route("/styleguide", methods=["GET", "POST"])
def show() -> Response:
    """The whole guide; a POST shows the form with what is wrong with it."""
    form = SampleForm(late="accept", officers=["leader"])
    status = 200 if form.validate_on_submit() or not form.is_submitted() else 422
    context: dict[str, Any] = {
        "form": form,
        "instant": datetime(2026, 11, 18, 11, 5, tzinfo=UTC),
        "on": date(2026, 11, 18),
    }
    with i18n.speaking(locale=str(get_locale()), zone="Africa/Nairobi", currency="KES"):
        fragment = "styleguide/_sample_form.html"
        return page("styleguide.html", fragment, status, **context, **_figures(), figure=Decimal(118500))


def init_app(app: Flask) -> None:
    """Serve the guide; called where the application runs on its maker's machine."""
    app.register_blueprint(bp)
