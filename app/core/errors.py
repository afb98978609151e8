"""Errors in the words of the domain: a stable code, a sentence for people, no knowledge of HTTP."""

from typing import ClassVar

from flask_babel import LazyString
from flask_babel import lazy_gettext as _


class DomainError(Exception):
    """What a rule or a verb refuses.

    Places of the sentence, written %(name)s, are filled from the keyword arguments, which stay readable in `places`.
    `field` names the form field or column to which the sentence belongs. A sentence without places may hold a bare
    per cent sign; one with places writes it as %%.
    """

    code: ClassVar[str] = "refused"
    sentence: ClassVar[LazyString | str] = _("This cannot be done.")

    def __init__(self, *, field: str | None = None, **places: object) -> None:
        super().__init__(self.code, places)
        self.field = field
        self.places = places

    def __str__(self) -> str:
        """The sentence, in the reader's language, now."""
        return str(self.sentence) % self.places if self.places else str(self.sentence)


class Refused(DomainError):
    """Right in itself, but not allowed as things stand."""


class Invalid(DomainError):
    """What was given cannot be used."""

    code = "invalid"
    sentence = _("This cannot be used.")


class NotFound(DomainError):
    """There is no such thing for whoever asks."""

    code = "not_found"
    sentence = _("There is no such record.")


class NotAllowed(DomainError):
    """Whoever asks may not do this."""

    code = "not_allowed"
    sentence = _("You are not allowed to do this.")
