"""Trying what a form asks for where tries are counted: what was counted stays, though the form is shown again."""

from collections.abc import Callable

from app.core.errors import DomainError
from app.web.error_pages import status_of
from app.web.forms import Form


def tried(form: Form, deed: Callable[[], object]) -> int | None:
    """Do the deed when the form is fine. None when it was done, else the status to show the form again with.

    Unlike `attempt` it sets no savepoint: the verbs of signing in count in transactions of their own and then refuse.
    """
    if not form.validate():
        return 422
    try:
        deed()
    except DomainError as error:
        form.refuse(error)
        return int(status_of(error))
    return None
