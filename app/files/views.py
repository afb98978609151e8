"""The pages of documents: adding one to a record, taking it down, taking it away."""

import uuid

from flask import Response, g
from flask_babel import gettext as _

from app.files import access, giving
from app.files.blueprint import bp
from app.files.forms import DocumentForm
from app.files.services import Upload, keep, take_away
from app.groups.access import needs
from app.web.attempt import attempt
from app.web.pages import go, page


@bp.get("/<kind>/<uuid:record_id>/new")
@needs("money.record")
def document_new(kind: str, record_id: uuid.UUID) -> Response:
    """The form that adds a document to a record."""
    entity = access.readable((kind, record_id))
    return page("files/document_new.html", entity=entity, form=DocumentForm(), back_url=access.page_of(entity))


@bp.post("/<kind>/<uuid:record_id>")
@needs("money.record")
def document_create(kind: str, record_id: uuid.UUID) -> Response:
    """Add a document to a record."""
    entity, form = access.readable((kind, record_id)), DocumentForm()
    told = {"entity": entity, "by": g.member.id, "key": form.key}
    wrong = attempt(form, lambda: keep(upload=Upload.of(form.file.data), title=form.title.data, **told))
    back = access.page_of(entity)
    if wrong:
        fragment = "files/_document_form.html"
        return page("files/document_new.html", fragment, status=wrong, entity=entity, form=form, back_url=back)
    return go(back, toast=_("The document was added"))


@bp.get("/<uuid:document_id>")
@needs("group.see")
def download(document_id: uuid.UUID) -> Response:
    """A document, as a file."""
    return giving.given(access.readable_document(document_id))


@bp.post("/<uuid:document_id>/removal")
@needs("money.record")
def remove(document_id: uuid.UUID) -> Response:
    """Take a document away."""
    line = access.readable_document(document_id)
    take_away(document_id, by=g.member.id)
    back = access.page_of((line.document.entity_kind, line.document.entity_id))
    return go(back, toast=_("The document was taken away"))
