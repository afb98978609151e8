"""Endpoints on which the columns of a statement are said."""

import uuid

from flask import g

from app.groups.access import needs
from app.imports import choosing, files
from app.imports.blueprint import api
from app.imports.mapping_schemas import (
    ColumnsOut,
    MappingIn,
    MappingOut,
    SampleOut,
    columns_out,
    mapping_out,
    sample_out,
)
from app.web.api.endpoints import Listing, endpoint, whole
from app.web.api.once import deed_key


@api.get("/imports/<uuid:file_id>/columns")
@needs("imports.run")
@endpoint("What the columns of a statement seem to be", covers="imports.mapping")
def columns(file_id: uuid.UUID) -> ColumnsOut:
    """Proposed by titles and by what stands below them; the order of days is null where the file does not tell it."""
    return columns_out(choosing.offer(files.told(file_id)))


@api.post("/imports/<uuid:file_id>/columns/preview")
@needs("imports.run")
@endpoint("How a statement would be read by these columns", covers="imports.mapping_save")
def columns_preview(file_id: uuid.UUID, body: MappingIn) -> Listing[SampleOut]:
    """The first rows; nothing is kept."""
    found = choosing.offer(files.told(file_id), body.header)
    return whole(choosing.samples(found, **body.reading), sample_out)


@api.post("/imports/<uuid:file_id>/columns")
@needs("imports.run")
@endpoint("Say what the columns of a statement are", covers="imports.mapping_save", status=201)
def columns_save(file_id: uuid.UUID, body: MappingIn) -> MappingOut:
    """For this file, and for the next ones of its cash account that have the same titles."""
    kept = choosing.save(file_id, header=body.header, **body.reading, by=g.member.id, key=deed_key())
    return mapping_out(kept)
