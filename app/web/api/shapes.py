"""Shapes of what is sent and answered: strict, without unknown fields; amounts are text, times have a zone."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from flask import g
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, ValidationError
from pydantic import WithJsonSchema as Described
from pydantic_core import ErrorDetails, PydanticCustomError
from wtforms.validators import ValidationError as UnfitText

from app.core.errors import DomainError
from app.core.money import exact, rounded
from app.web.api.errors import NotJson, Unfit
from app.web.forms import EARLIEST, LATEST, clean_text

WRITTEN = re.compile(r"-?\d{1,13}(\.\d{1,4})?", re.ASCII)
DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
S = TypeVar("S", bound="Shape")


class Shape(BaseModel):
    """The base of every body and answer."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, from_attributes=True)


def _currency() -> str:
    return str(g.group.currency)


def _amount(value: object) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if not isinstance(value, str) or not WRITTEN.fullmatch(value):
        raise PydanticCustomError("amount", "Write the amount as text with a point, like “1500.00”.")
    try:
        return exact(Decimal(value), _currency())
    except DomainError as error:
        # As a place, not as the sentence itself: it may hold braces.
        raise PydanticCustomError("amount", "{sentence}", {"sentence": str(error)}) from error


def _above_nothing(value: Decimal) -> Decimal:
    if value <= 0:
        raise PydanticCustomError("amount", "The amount must be more than zero.")
    return value


def _not_below_nothing(value: Decimal) -> Decimal:
    if value < 0:
        raise PydanticCustomError("amount", "The amount cannot be less than zero.")
    return value


def _written(value: Decimal) -> str:
    # A default in the description is of no group.
    return f"{rounded(value, _currency()):f}" if "group" in g else f"{value:f}"


def _text(value: str) -> str:
    try:
        cleaned = clean_text(value)
    except UnfitText as error:
        raise PydanticCustomError("text", "{sentence}", {"sentence": str(error)}) from error
    if not cleaned:  # it was nothing but space
        raise PydanticCustomError("text", "This cannot be empty.")
    return cleaned


def _line(value: str) -> str:
    if "\n" in value or "\r" in value:
        raise PydanticCustomError("text", "Write this in one line.")
    return value


def _iso_day(value: object) -> object:
    # Read here: Pydantic takes "0" for a day too, so many seconds after 1970.
    if not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value if DATE.fullmatch(value) else "")
    except ValueError as error:
        raise PydanticCustomError("day", "Enter a day like 2026-01-31.") from error


def _iso_moment(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return datetime.fromisoformat(value if DATE.match(value) else "")
    except ValueError as error:
        raise PydanticCustomError("moment", "Give the time with its zone, like 2026-01-31T18:00:00Z.") from error


def _day(value: date) -> date:
    if not EARLIEST <= value.year <= LATEST:
        raise PydanticCustomError("day", "Enter a day like 2026-01-31.")
    return value


def _moment(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise PydanticCustomError("moment", "Give the time with its zone, like 2026-01-31T18:00:00Z.")
    if not EARLIEST <= value.year <= LATEST:
        raise PydanticCustomError("moment", "Give a time of this century.")
    return value


def _in_utc(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


_SIGNED = {"type": "string", "pattern": r"^-?\d{1,13}(\.\d{1,4})?$", "examples": ["-250.00"]}
_UNSIGNED = {"type": "string", "pattern": r"^\d{1,13}(\.\d{1,4})?$", "examples": ["1500.00"]}
_PLAIN = (BeforeValidator(_amount), PlainSerializer(_written, return_type=str))

Balance = Annotated[Decimal, *_PLAIN, Described(_SIGNED)]  # in the currency of the group, with its sign
Amount = Annotated[Decimal, *_PLAIN, AfterValidator(_above_nothing), Described(_UNSIGNED)]
AmountOrNothing = Annotated[Decimal, *_PLAIN, AfterValidator(_not_below_nothing), Described(_UNSIGNED)]
Text = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_text), AfterValidator(_line)]
Short = Annotated[str, Field(min_length=1, max_length=80), AfterValidator(_text), AfterValidator(_line)]
Long = Annotated[str, Field(min_length=1, max_length=2000), AfterValidator(_text)]
Pasted = Annotated[str, Field(min_length=1, max_length=20_000), AfterValidator(_text)]  # a list of many lines
Day = Annotated[date, BeforeValidator(_iso_day), AfterValidator(_day)]
Moment = Annotated[
    datetime,
    BeforeValidator(_iso_moment),
    AfterValidator(_moment),
    PlainSerializer(_in_utc, return_type=str, when_used="json"),
    Described({"type": "string", "format": "date-time"}),
]

_SENTENCES = {
    "missing": "This field is missing.",
    "extra_forbidden": "There is no such field.",
    "string_too_short": "This cannot be empty.",
    "none_required": "This must be null.",
}


def read_body(shape: type[S], data: bytes) -> S:
    """The body as its shape. Raises NotJson, or Unfit with a sentence for each field that is wrong."""
    try:
        made = shape.model_validate_json(data)
    except ValidationError as error:
        broken = next((fault for fault in error.errors() if fault["type"] == "json_invalid"), None)
        if broken:
            raise NotJson(why=broken["ctx"]["error"]) from error
        raise Unfit(_faults(error)) from error
    json.loads(data, object_pairs_hook=_once_each)
    return made


def _once_each(pairs: list[tuple[str, Any]]) -> None:
    """Of two amounts under one name nobody knows which was meant; readers of JSON differ. Raises Unfit."""
    names = [name for name, _ in pairs]
    if doubled := next((name for name in names if names.count(name) > 1), None):
        raise Unfit([(doubled, "This field stands twice.")])


def read_query(shape: type[S], told: Mapping[str, str]) -> S:
    """What stands behind the question mark of an address, as its shape. Raises Unfit."""
    try:
        return shape.model_validate_strings(dict(told))
    except ValidationError as error:
        raise Unfit(_faults(error)) from error


def _faults(error: ValidationError) -> list[tuple[str, str]]:
    return [(_where(fault), _sentence(fault)) for fault in error.errors(include_url=False, include_input=False)]


def _where(fault: ErrorDetails) -> str:
    return ".".join(str(part)[:100] for part in fault["loc"])


def _sentence(fault: ErrorDetails) -> str:
    return _SENTENCES.get(fault["type"]) or f"{fault['msg'].rstrip('.')}."


def told(value: Any) -> Any:
    """An answer as it is written in JSON."""
    return value.model_dump(mode="json") if isinstance(value, Shape) else value
