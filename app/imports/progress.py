"""How far a long import is in the background."""

import sqlalchemy as sa

from app.core.db import session
from app.core.outbox import Outbox
from app.imports.models import ImportFile
from app.imports.statement_import import JOB


def message_of(file: ImportFile) -> Outbox | None:
    """The message that carries a long import, if it was one."""
    return session().scalar(sa.select(Outbox).where(Outbox.key == f"{JOB}:{file.id}"))
