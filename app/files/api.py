"""Endpoints of documents."""

import uuid

from flask import Response, g
from werkzeug.datastructures import FileStorage

from app.files import access, giving, queries
from app.files.blueprint import api
from app.files.schemas import DocumentIn, DocumentOut, document_out
from app.files.services import Upload, keep, take_away
from app.groups.access import needs
from app.web.api.endpoints import Listing, endpoint, whole
from app.web.api.once import deed_key


@api.get("/documents/<kind>/<uuid:record_id>")
@needs("group.see")
@endpoint("Documents of a record")
def documents_list(kind: str, record_id: uuid.UUID) -> Listing[DocumentOut]:
    """The latest first; for whoever may see the record."""
    return whole(queries.of(access.readable((kind, record_id))), document_out)


@api.post("/documents/<kind>/<uuid:record_id>")
@needs("money.record")
@endpoint("Add a document", covers=("files.document_new", "files.document_create"), status=201, upload=True)
def document_add(kind: str, record_id: uuid.UUID, body: DocumentIn, file: FileStorage) -> DocumentOut:
    """PDF, PNG, JPEG, WebP, XLSX, DOCX, CSV or text by its content, at most 7 MB; kept encrypted."""
    entity = access.readable((kind, record_id))
    made = keep(entity=entity, upload=Upload.of(file), title=body.title, by=g.member.id, key=deed_key())
    return document_out(queries.document(made.id))


@api.get("/documents/<uuid:document_id>")
@needs("group.see")
@endpoint("A document")
def document(document_id: uuid.UUID) -> DocumentOut:
    """For whoever may see its record."""
    return document_out(access.readable_document(document_id))


@api.get("/documents/<uuid:document_id>/content")
@needs("group.see")
@endpoint("The content of a document", covers="files.download", media="application/octet-stream")
def content(document_id: uuid.UUID) -> Response:
    """As an attachment, of the media type that it is by its content."""
    return giving.given(access.readable_document(document_id))


@api.post("/documents/<uuid:document_id>/removal")
@needs("money.record")
@endpoint("Take a document away", covers="files.remove")
def remove(document_id: uuid.UUID) -> None:
    """Its content is destroyed; that it was there is kept."""
    access.readable_document(document_id)
    take_away(document_id, by=g.member.id)
