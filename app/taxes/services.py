"""The verb of tax rates: append a version; none is ever changed."""

import re
import uuid
from datetime import date

from app.core.db import platform
from app.core.ids import new_id
from app.taxes.errors import StartsNoMonth, UnknownCountry
from app.taxes.models import TaxVersion
from app.taxes.rules import Income, Kind, Withholding, checked_income, checked_withholding, kept

_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)


def add_version(
    *, country: str, version: Withholding | Income, starts_on: date, note: str, by: uuid.UUID
) -> TaxVersion:
    """Append rates of a country that count from the first day of a month on; of one day the latest count.

    `by` is a person of the staff. Receipts that were issued stay as they are. Raises UnknownCountry, StartsNoMonth,
    BadBands, BadRate.
    """
    if not _COUNTRY.fullmatch(country):
        raise UnknownCountry(field="country")
    if starts_on.day != 1:
        raise StartsNoMonth(field="starts_on")
    if isinstance(version, Withholding):
        kind, data = Kind.RENT_WITHHOLDING, kept(checked_withholding(version))
    else:
        kind, data = Kind.RENT_INCOME, kept(checked_income(version))
    row = TaxVersion(
        id=new_id(), country=country, kind=kind.value, starts_on=starts_on, data=data, note=note, user_id=by
    )
    platform().add(row)
    platform().flush()
    return row
