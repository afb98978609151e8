"""Words for the templates of this room: names of types, risks and sales."""

from decimal import Decimal

from flask_babel import LazyString

from app.groups.queries import group
from app.holdings.queries import Holding, Worth
from app.holdings.rules import RISKS, SALES, TYPES, InvestmentType, Risk, SaleKind, roi, worth
from app.web.filters import number, percent


def investment_type(kind: str) -> LazyString:
    """What a type of investment is called."""
    return TYPES[InvestmentType(kind)]


def investment_risk(risk: str) -> LazyString:
    """What a risk is called."""
    return RISKS[Risk(risk)]


def sale_kind(kind: str) -> LazyString:
    """What a sale, a maturity or a default is called."""
    return SALES[SaleKind(kind)]


def units(value: Decimal) -> str:
    """A number of units, or the price of one, as people read it: without noughts at the end."""
    whole = value.to_integral_value()
    return number(whole.quantize(Decimal(1)) if value == whole else value.normalize())


def per_cent(value: Decimal | None) -> str:
    """A return as people read it, with its sign; a dash where there is none."""
    if value is None:
        return "–"
    return f"+{percent(value)}" if value > 0 else percent(value)


def investment_return(current: Decimal, cost: Decimal) -> str:
    """(current - cost) / cost as people read it."""
    return per_cent(roi(current, cost))


def part_worth(held: Holding, found: Worth) -> Decimal:
    """What a holder's part of an investment is worth, at cost until it was valued."""
    if found.value is None:
        return held.cost
    return worth(held.units, value=found.value, of_units=found.units, currency=group().currency)
