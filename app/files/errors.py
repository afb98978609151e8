"""What is refused of documents, each with a sentence for people."""

from flask_babel import lazy_gettext as _

from app.core.errors import Invalid, NotFound, Refused


class BadFile(Invalid):
    """A file that is not kept."""

    code = "bad_document"
    field = "file"

    def __init__(self, **places: object) -> None:
        super().__init__(field="file", **places)


class EmptyFile(BadFile):
    """There is nothing in it."""

    code = "document_empty"
    sentence = _("This file is empty. Choose another one.")


class FileTooLarge(BadFile):
    """Larger than is kept."""

    code = "document_too_large"
    sentence = _("This file is larger than %(megabytes)s MB. Make it smaller, or send it in parts.")


class UnknownFile(BadFile):
    """By its content it is none of the kinds that are kept."""

    code = "document_unknown"
    sentence = _(
        "By its content this is neither a PDF, a picture (PNG, JPEG, WebP), a spreadsheet (XLSX, CSV), a Word document"
        " (DOCX) nor plain text. Save it as one of these and choose it again."
    )


class HasMacros(BadFile):
    """An office document with programs in it."""

    code = "document_has_macros"
    sentence = _("This document has macros in it. Save it without them and choose it again.")


class NameDiffers(BadFile):
    """The name promises something else than is in it."""

    code = "document_name_differs"
    sentence = _("The name ends in %(ending)s, but the content is not of that kind. Save the file again as what it is.")


class NoSuchDocument(NotFound):
    """No such document for whoever asks."""

    code = "no_such_document"
    sentence = _("There is no such document.")


class DocumentLost(NotFound):
    """Its row is there, and its content is not."""

    code = "document_lost"
    sentence = _("The content of this document cannot be found. Tell whoever runs this service.")


class SentTwice(Refused):
    """The second time a form is sent it must say what it said the first time."""

    code = "sent_twice"
    sentence = _("This form was already sent with another file. Reload the page and see what was kept.")
