"""Doing what a form asks for, once it is valid, and saying where it went wrong."""

from collections.abc import Callable

from app.core import db
from app.core.errors import DomainError
from app.web.error_pages import status_of
from app.web.forms import Form


def attempt(form: Form, deed: Callable[[], object]) -> int | None:
    """Do the deed when the form is fine. None when it was done, else the status to show the form again with.

    A refusal of the domain is written beside its field, or above the form; what the deed had begun is undone, so that
    the page can still be read from the database.
    """
    if not form.validate():
        return 422
    try:
        with db.attempt():
            deed()
    except DomainError as error:
        form.refuse(error)
        return int(status_of(error))
    return None
