"""The base of every form: CSRF, a key that makes pressing twice one deed, and no unknown fields."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from flask import g, request
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import DateField, Field, FileField, HiddenField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import StopValidation, ValidationError

from app.core.errors import DomainError
from app.core.money import parse_amount
from app.web.boundary import SAFE

LONGEST = 2_000
EARLIEST, LATEST = 1900, 2200  # years somebody may mean; the calendar's ends have no instant in every zone
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def choices(pairs: Iterable[tuple[str, Any]]) -> list[Any]:
    """The choices of a select, radio or multiple field from (value, label) pairs; bare pairs are deprecated."""
    return [SelectChoice(value, label) for value, label in pairs]


def clean_text(text: str) -> str:
    """The text without outer space. Raises ValidationError for characters that can hide or break what is read."""
    if any(ord(sign) < 32 and sign not in "\n\r\t" for sign in text) or "\x7f" in text:
        raise ValidationError(_("This holds a control character. Type it again without it."))
    if any(sign in _TURNING for sign in text):
        raise ValidationError(_("This holds a mark that changes the direction of the text. Type it again without it."))
    return text.strip()


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A form of the house. `once` is made with the page: sent twice, it names the same deed."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # as above
        """What was sent, as the fields read it."""

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Fields and, for the fields of files alone, files. Flask-WTF would take JSON, and a file for a text."""
            if formdata is None or isinstance(formdata, MultiDict):
                return formdata
            if request.method in SAFE:
                return None
            wanted = {field.name for field in form if isinstance(field, FileField)}
            files = [(name, file) for name, file in request.files.items(multi=True) if name in wanted]
            return MultiDict([*request.form.items(multi=True), *files])

    once = HiddenField(default=lambda: uuid.uuid4().hex)
    refusal: str | None = None
    anonymous: frozenset[str] = frozenset()  # names of inputs that are not fields, where a form has a grid

    @property
    def key(self) -> str:
        """The idempotency key of this deed; one made here when the page sent none that can be trusted."""
        given = self.once.data or ""
        return given if given.isalnum() and len(given) == 32 else uuid.uuid4().hex

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """True when every field is fine. Text is cleaned first; unknown and over-long input is refused."""
        known = {name for field in self for name in _names(field)} | self.anonymous
        unknown = sorted(set(request.form) - known - {"csrf_token"}) if request.method == "POST" else []
        cleaned = [_clean(field) for field in self]
        valid = super().validate(extra_validators) and all(cleaned)
        for field, fault in zip(self, cleaned, strict=True):
            if isinstance(fault, str):
                field.errors = [fault]
        if unknown:
            self.refusal = _("This form has no field “%(name)s”. Reload the page.", name=unknown[0][:40])
        return bool(valid) and not unknown and not any(isinstance(fault, str) for fault in cleaned)

    def refuse(self, error: DomainError) -> None:
        """Show a refusal of the domain where it belongs: beside its field, or above the form."""
        field = self._fields.get(error.field or "")
        if field is not None:
            field.errors = [*field.errors, str(error)]
        else:
            self.refusal = str(error)


def _names(field: Field) -> Iterator[str]:
    yield field.name
    for inner in getattr(field, "entries", ()):
        yield from _names(inner)
    if hasattr(field, "form"):
        for inner in field.form:
            yield from _names(inner)


def _clean(field: Field) -> bool | str:
    """Tidy a text field in place; a sentence when it cannot be taken, else True."""
    if not isinstance(field, StringField) or not isinstance(field.data, str):
        return True
    limit = getattr(field, "longest", LONGEST)
    if len(field.data) > limit:
        field.data = field.data[:limit]
        return str(_("This is too long: at most %(limit)s characters.", limit=limit))
    if not isinstance(field, TextAreaField | HiddenField) and any(end in field.data for end in "\r\n"):
        return str(_("Write this in one line."))
    try:
        cleaned = clean_text(field.data)
    except ValidationError as error:
        return str(error)
    if not getattr(field, "verbatim", False):  # a password is taken as it was typed
        field.data = cleaned
    return True


class AmountField(StringField):
    """Money in the currency of the group, or of `currency`; its `amount` is a Decimal once it is valid."""

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        currency: str | None = None,
        zero: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self._currency = currency
        self._zero = zero
        self.amount: Decimal | None = None

    @property
    def currency(self) -> str:
        return self._currency or str(g.group.currency)

    def process_data(self, value: Any) -> None:
        super().process_data(f"{value.normalize():f}" if isinstance(value, Decimal) else value)

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002  # the signature is WTForms'
        if not (self.data or "").strip():
            return
        try:
            self.amount = parse_amount(self.data or "", self.currency, allow_zero=self._zero)
        except DomainError as error:
            raise StopValidation(str(error)) from error


class DayField(DateField):
    """A day of the calendar, as the browser's date input sends it."""

    def process_formdata(self, valuelist: Iterable[Any]) -> None:
        text = next(iter(valuelist), "")
        self.raw_data = [text]
        self.data = None
        if not text:
            return
        try:
            day = date.fromisoformat(str(text).strip()[:10])
        except ValueError:
            raise ValueError(_("Enter a day like 2026-01-31.")) from None
        if not EARLIEST <= day.year <= LATEST:
            raise ValueError(_("Enter a day like 2026-01-31."))
        self.data = day
