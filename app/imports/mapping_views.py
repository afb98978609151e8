"""The page on which a person says which column of a statement is which."""

import uuid

from flask import Response, g, request, url_for
from flask_babel import gettext as _

from app.groups.access import needs
from app.imports import choosing, files
from app.imports.blueprint import bp
from app.imports.choosing import Offer
from app.imports.mapping_forms import MappingForm, mapping_form
from app.web.attempt import attempt
from app.web.pages import go, page


@bp.get("/<uuid:file_id>/columns")
@needs("imports.run")
def mapping(file_id: uuid.UUID) -> Response:
    """What the columns of a file seem to be, to be said by a person."""
    told = files.told(file_id)
    found = choosing.offer(told)
    return _page(told, found, mapping_form(found))


@bp.post("/<uuid:file_id>/columns")
@needs("imports.run")
def mapping_save(file_id: uuid.UUID) -> Response:
    """Show how the file would be read, or keep what its columns are and go on to the preview."""
    told = files.told(file_id)
    found = choosing.offer(told, request.form.get("header", type=int))
    form = mapping_form(found)
    if form.look.data:
        return _page(told, found, form, status=200 if form.validate() else 422)
    if wrong := attempt(form, lambda: _save(file_id, form)):
        return _page(told, found, form, status=wrong)
    toast = _("The columns are known now, for the next statements too")
    return go(url_for("imports.preview", file_id=file_id), toast=toast)


def _save(file_id: uuid.UUID, form: MappingForm) -> None:
    choosing.save(file_id, header=int(form.header.data), **form.reading, by=g.member.id, key=form.key)


def _page(told: files.Told, found: Offer, form: MappingForm, status: int = 200) -> Response:
    return page(
        "imports/mapping.html",
        "imports/_mapping_form.html",
        status=status,
        told=told,
        found=found,
        form=form,
        samples=choosing.samples(found, **form.reading),
    )
