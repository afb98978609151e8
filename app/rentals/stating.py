"""How a share and a turn are stated and told: what is refused of them, and the words for people. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _

from app.core.periods import Month
from app.rentals.errors import BadShare, BadTurn, OverWhole, PatternTooLong, TurnNotAsked
from app.rentals.rules import LONGEST_CYCLE, WHOLE, ZERO, Alternation, Row, over, plain, too_long

FINEST = Decimal("0.0001")
MOST_NAMED = 12

ALTERNATIONS: Mapping[Alternation, Any] = {
    Alternation.NONE: _("Every month"),
    Alternation.ODD_EVEN: _("Odd or even months"),
    Alternation.CYCLE: _("Once in a cycle of months"),
}


@dataclass(frozen=True, slots=True)
class Turn:
    """When a share counts: every month, in odd (1) or even (2) months, or in one month of a cycle."""

    alternation: Alternation = Alternation.NONE
    length: int | None = None
    position: int | None = None


def check_turn(turn: Turn) -> Turn:
    """The turn, when it is told as its kind asks. Raises BadTurn, TurnNotAsked."""
    if turn.alternation is Alternation.NONE:
        if turn.length is not None or turn.position is not None:
            raise TurnNotAsked(field="alternation")
        return turn
    if turn.alternation is Alternation.ODD_EVEN:
        # Whoever says that odd and even are a cycle of two says the same.
        if turn.length not in (None, 2) or turn.position not in (1, 2):
            raise BadTurn(field="cycle_position")
        return Turn(turn.alternation, None, turn.position)
    if turn.length is None or not 2 <= turn.length <= LONGEST_CYCLE:
        raise BadTurn(field="cycle_length")
    if turn.position is None or not 1 <= turn.position <= turn.length:
        raise BadTurn(field="cycle_position")
    return turn


def check_share(share: Decimal | None) -> Decimal | None:
    """The share, when it can be kept. Raises BadShare."""
    try:
        fine = share is None or (ZERO < share <= WHOLE and share == share.quantize(FINEST))
    except InvalidOperation:  # more digits than any share has
        fine = False
    if not fine:
        raise BadShare(field="share")
    return share


def check_rows(rows: Sequence[Row], anchor: Month | None) -> None:
    """Refuse assignments of a unit that go beyond the whole. Raises PatternTooLong, OverWhole naming the months."""
    if too_long(rows):
        raise PatternTooLong(field="cycle_length")
    if months := over(rows, anchor):
        raise OverWhole(field="share", months=named(months))


def named(months: Sequence[Month]) -> str:
    """Months for a sentence, the first twelve by name."""
    from_first = ", ".join(str(month) for month in months[:MOST_NAMED])
    more = len(months) - MOST_NAMED
    if more <= 0:
        return from_first
    return str(gettext("%(months)s and %(more)s", months=from_first, more=ngettext("one more", "%(num)d more", more)))


def turn_words(turn: Turn) -> str:
    """When a share counts, for people."""
    if turn.alternation is Alternation.ODD_EVEN:
        return str(gettext("Odd months") if turn.position == 1 else gettext("Even months"))
    if turn.alternation is Alternation.CYCLE:
        return str(gettext("Month %(position)s of %(length)s", position=turn.position, length=turn.length))
    return str(gettext("Every month"))


def share_words(share: Decimal | None) -> str:
    """How much, for people."""
    return str(gettext("What the fixed shares leave")) if share is None else f"{plain(share)}%"
