"""The charts of investments: worth and cost over time, and what was gained on what was paid."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from flask_babel import gettext as _

from app.core.periods import Month
from app.groups.queries import group
from app.holdings.growth import Course, Moment, together
from app.holdings.portfolio import Line
from app.holdings.rules import RISKS, TYPES, ZERO, InvestmentType, Risk, roi
from app.ledgers.heads import today
from app.web import charts
from app.web.filters import day, money, month_short

MONTHS = 12
MOST_POINTS = 24
TONES = ("s1", "s2", "s3", "s4", "s5", "warn", "mute")
RISK_TONES = {Risk.LOW: "s1", Risk.MEDIUM: "s2", Risk.HIGH: "warn", Risk.VERY_HIGH: "bad"}


def _months(courses: Sequence[Course]) -> tuple[list[str], list[Moment]]:
    """The last twelve months, and what all investments cost and were worth at the end of each."""
    currency, now = group().currency, today()
    months = [Month.of(now).plus(step - MONTHS + 1) for step in range(MONTHS)]
    moments = [together(courses, min(month.last, now), currency) for month in months]
    return [month_short(month) for month in months], moments


def grown(courses: Sequence[Course]) -> charts.Figure:
    """By how much all investments had grown at the end of each of the last twelve months."""
    labels, moments = _months(courses)
    series = [charts.Series(_("Growth"), [moment.growth for moment in moments], "s1")]
    summary = _("Worth less cost of what was held at the end of each month.")
    return charts.columns("grown", _("Growth by month"), summary, labels, series, currency=group().currency)


def year(courses: Sequence[Course]) -> charts.Figure:
    """What all investments were worth and had cost at the end of each of the last twelve months."""
    labels, moments = _months(courses)
    series = [
        charts.Series(_("Worth"), [moment.worth for moment in moments], "s1"),
        charts.Series(_("Cost"), [moment.cost for moment in moments], "s3"),
    ]
    summary = _("What the investments were worth at the last valuation known then, and what they had cost.")
    return charts.line("worth", _("Worth and cost by month"), summary, labels, series, currency=group().currency)


def of_one(course: Course) -> tuple[charts.Figure, charts.Figure]:
    """One investment from its first day on: worth and cost in money, and the return in per cent."""
    currency = group().currency
    moments = [course.at(on, currency) for on in course.days(today())[-MOST_POINTS:]]
    labels = [day(moment.on) for moment in moments]
    went = [
        charts.Series(_("Worth"), [moment.worth for moment in moments], "s1"),
        charts.Series(_("Cost"), [moment.cost for moment in moments], "s3"),
    ]
    gained = [charts.Series(_("Return in per cent"), [moment.roi for moment in moments], "s2")]
    said = _("What it was worth and had cost whenever something changed.")
    told = _("Worth less cost, as a percentage of the cost, whenever something changed.")
    return (
        charts.line("growth", _("Growth"), said, labels, went, currency=currency),
        charts.line("roi", _("Return on what was paid"), told, labels, gained),
    )


def returns(lines: Sequence[Line]) -> charts.Figure:
    """The return of what is held, by type, in per cent."""
    found = by_type(lines)
    values = [roi(worth, cost) or ZERO for _kind, cost, worth in found]
    labels = [str(TYPES[kind]) for kind, _cost, _worth in found]
    summary = _("Worth less cost of what is held, as a percentage of the cost, by type.")
    series = [charts.Series(_("Return in per cent"), values, "s2")]
    return charts.columns("returns", _("Return by type"), summary, labels, series)


def by_type(lines: Sequence[Line]) -> list[tuple[InvestmentType, Decimal, Decimal]]:
    """(type, cost, worth) of what is held, only of types of which something is."""
    return [
        (kind, _sum(line.worth.cost for line in own), _sum(line.worth.current for line in own))
        for kind in InvestmentType
        if (own := [line for line in lines if line.investment.type == kind])
    ]


def by_risk(lines: Sequence[Line]) -> list[tuple[Risk, Decimal, Decimal]]:
    """(risk, cost, worth) of what is held, only of risks of which something is."""
    return [
        (risk, _sum(line.worth.cost for line in own), _sum(line.worth.current for line in own))
        for risk in Risk
        if (own := [line for line in lines if line.investment.risk == risk])
    ]


def types_split(lines: Sequence[Line]) -> charts.Figure:
    """What is held by type, at what it is worth."""
    found = by_type(lines)
    parts = [
        charts.Part(str(TYPES[kind]), worth, tone, text=money(worth))
        for (kind, _cost, worth), tone in zip(found, TONES, strict=False)
    ]
    return charts.split(_("By type"), parts)


def risks_split(lines: Sequence[Line]) -> charts.Figure:
    """What is held by risk, at what it is worth."""
    parts = [
        charts.Part(str(RISKS[risk]), worth, RISK_TONES[risk], text=money(worth))
        for risk, _cost, worth in by_risk(lines)
    ]
    return charts.split(_("By risk"), parts)


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)
