"""Shapes of the overview."""

from decimal import Decimal

from app.core.rooms import Figure
from app.home.overview import FirstStep
from app.ledgers.schemas import EntryRowOut
from app.web.api.shapes import Balance, Shape


class FigureOut(Shape):
    """A key figure: an amount or a count, with the page of its working for who may see it."""

    label: str
    amount: Balance | None
    count: int | None
    note: str | None
    url: str | None


class StepOut(Shape):
    """Something a new group does first."""

    title: str
    done: bool
    url: str


class OverviewOut(Shape):
    """What a member sees first: key figures, what a new group does first, and the last entries of the books."""

    figures: list[FigureOut]
    first_steps: list[StepOut]
    recent: list[EntryRowOut]


def figure_out(figure: Figure) -> FigureOut:
    """A figure as it is told."""
    return FigureOut(
        label=str(figure.label),
        amount=Decimal(figure.value) if figure.money else None,
        count=None if figure.money else int(figure.value),
        note=str(figure.note) if figure.note else None,
        url=figure.url,
    )


def step_out(step: FirstStep) -> StepOut:
    """A first step as it is told."""
    return StepOut(title=str(step.title), done=step.done, url=step.url)
