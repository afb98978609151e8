"""What is proved of documents: each is there, opens, and is what was added."""

from flask_babel import gettext as _

from app.core.rooms import Check
from app.files import queries
from app.files.errors import DocumentLost
from app.files.services import content_of


def documents_are_there() -> Check:
    """Every document opens and has the content that was added."""
    lines, faults = queries.every(), []
    for line in lines:
        try:
            content_of(line)
        except DocumentLost:
            faults.append(_("The content of document %(id)s is missing or was changed.", id=line.document.id))
    return Check(_("Documents"), len(lines), faults)


CHECKS = (documents_are_there,)
