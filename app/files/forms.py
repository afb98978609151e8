"""The form that adds a document."""

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import StringField
from wtforms.validators import Length

from app.files.rules import ACCEPT, LONGEST_TITLE, MEGABYTES
from app.web.forms import Form


class DocumentForm(Form):
    """A file and what it is called."""

    accept = ACCEPT  # what the browser offers; what comes is looked at by its content
    file = FileField(
        _("File"),
        [FileRequired(_("Choose a file."))],
        description=_("PDF, picture, XLSX, DOCX, CSV or text, at most %(megabytes)s MB.", megabytes=MEGABYTES),
    )
    title = StringField(
        _("Title"), [Length(max=LONGEST_TITLE)], description=_("Left empty, it is called as the file is.")
    )
