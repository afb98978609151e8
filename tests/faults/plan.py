"""The schedule: which fault in which round, and who does what meanwhile. A seed makes one schedule, always the same."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from tests.faults.deeds import Plan

HANDS = 4  # people at work at the same time
DEEDS = 3  # of each of them in a round

POINTS = (
    "web.before_commit",
    "web.before_wake",
    "web.committed",
    "worker.before_commit",
    "worker.committed",
    "outbox.counted",
    "outbox.effect.mail.send",
    "outbox.effect.statements.send",
    "outbox.done",
    "mail.begun",
    "mail.sent",
    "mail.ended",
    "statements.chunk",
)
# Kind, variants, how often in a deck. The letters are those of the goals; F8 and F9 have no provider to fail yet.
FAULTS: tuple[tuple[str, tuple[str, ...], int], ...] = (
    ("F1", ("worker and horse",), 6),
    ("F2", ("parent only", "horse only"), 2),
    ("F3", ("web worker", "web worker", "web master"), 4),
    ("F4", POINTS, len(POINTS)),
    ("F5", ("flushed", "killed", "paused"), 4),
    ("F6", ("killed", "restarted", "terminated", "cut", "silent", "backend killed"), 6),
    ("F7", ("transfer", "contribution", "penalty", "large", "cash_entry", "statements"), 6),
    ("F8", ("same file at once", "overlapping files"), 2),
    ("F9", ("no answer to a mail",), 2),
    ("F10", ("web", "worker"), 2),
    ("F11", ("forward", "back", "web forward", "worker back"), 3),
    ("F12", ("40001", "40P01", "53100", "volume"), 4),
    ("F13", ("down", "slow", "later", "never"), 3),
)
_WORK: tuple[str, ...] = ("transfer", "transfer", "contribution", "contribution", "penalty", "cash_entry", "large")
_WORK += ("approval", "reversal", "payment_reversal", "file", "statements", "reading")


@dataclass(frozen=True)
class Round:
    """A fault, when in the round it strikes, for how long it is held, and the deeds of each hand."""

    number: int
    kind: str
    variant: str
    after: float
    held: float
    pick: int
    hands: tuple[tuple[Plan, ...], ...]


def schedule(seed: str, count: int) -> Iterator[Round]:
    """`count` rounds. All variants come before any comes again more often than it should."""
    rng = random.Random(seed)  # it must be the same again
    decks: list[tuple[str, str]] = []
    turn = {kind: rng.randrange(len(variants)) for kind, variants, _times in FAULTS}
    for number in range(count):
        if not decks:
            decks = [*_deck(turn)]
            rng.shuffle(decks)
        kind, variant = decks.pop()
        hands = tuple(tuple(_plan(rng) for _ in range(DEEDS)) for _ in range(HANDS))
        after, held = round(rng.uniform(0, 0.35), 3), round(rng.uniform(0.3, 1.5), 3)
        yield _shaped(Round(number, kind, variant, after, held, rng.randrange(1000), hands), rng)


def _deck(turn: dict[str, int]) -> Iterator[tuple[str, str]]:
    for kind, variants, times in FAULTS:
        for _ in range(times):
            yield kind, variants[turn[kind] % len(variants)]
            turn[kind] += 1


def _plan(rng: random.Random, kind: str = "") -> Plan:
    return Plan(
        kind=kind or rng.choice(_WORK),
        key=f"{rng.getrandbits(128):032x}",
        group=rng.randrange(12),
        pick=rng.randrange(10_000),
        amount=Decimal(rng.randrange(100, 500_000)) / 100,
    )


def _shaped(made: Round, rng: random.Random) -> Round:
    """Give a round the deeds that its fault needs: copies at once, files that overlap, mails to lose."""
    first: tuple[Plan, ...] = ()
    match made.kind:
        case "F7":
            first = (replace(_plan(rng, made.variant), copies=rng.randrange(2, 31)),)
        case "F8" if made.variant == "same file at once":
            first = (replace(_plan(rng, "file"), copies=rng.randrange(2, 7)),)
        case "F8":
            one = _plan(rng, "file")
            near = [replace(_plan(rng, "file"), group=one.group, pick=one.pick + n) for n in (1, 2, 3)]
            return replace(
                made, hands=tuple((plan, *rest) for plan, rest in zip((one, *near), made.hands, strict=True))
            )
        case "F1" | "F2" | "F4" | "F9" | "F13":
            first = (_plan(rng, "statements"),)
    return replace(made, hands=((*first, *made.hands[0]), *made.hands[1:]))
