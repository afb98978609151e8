"""The books that reports are made of: the same as for the tests of the books."""

from tests.ledgers.conftest import books, held_clock

__all__ = ["books", "held_clock"]
