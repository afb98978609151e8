"""The description of the API, OpenAPI 3.1, written from the endpoints themselves."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, Response, current_app
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema
from werkzeug.routing import Rule

from app.web.api.blueprint import PREFIX
from app.web.api.endpoints import LIST_SIZE, LONGEST_LIST, Endpoint
from app.web.api.once import KEY

bp = Blueprint("api_document", __name__, url_prefix=PREFIX)
REF = "#/components/schemas/{model}"
TYPES = {"UUIDConverter": {"type": "string", "format": "uuid"}, "IntegerConverter": {"type": "integer", "minimum": 0}}
# Where two rooms have a shape of one name Pydantic names the modules; outside the room is enough.
OF_A_MODULE = re.compile(r"app__([a-z]+)(?:__[a-z_]+?)*__([A-Z]\w*)", re.ASCII)
ARGUMENT = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")
SECURITY = {
    "type": "http",
    "scheme": "bearer",
    "description": "A token of the group, made on its page Settings, Tokens; sent as `Authorization: Bearer pp_…`.",
}
ABOUT = """Everything a group does on its pages, for programs.

- A token belongs to one group and acts for the member who made it; it can do what both may do.
- Amounts are text with a point, in the group's currency: `"1500.00"`. Days are `2026-01-31`, times have a zone.
- Every deed (all but GET) asks for an `Idempotency-Key`: sent again it gets the same answer and is not done again;
  with another body it is refused (422), and while the first is running, too (409).
- Lists come in pages: take `next` as `after`.
- Errors are `application/problem+json` with a stable `code`.
- 202 says that the deed waits for a second person.
"""
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail", "errors", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "detail"],
                "properties": {"field": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
        "request_id": {"type": "string"},
    },
}
WAITING = {
    "type": "object",
    "required": ["waits", "approval_id"],
    "properties": {"waits": {"const": True, "type": "boolean"}, "approval_id": {"type": "string", "format": "uuid"}},
}


@dataclass(frozen=True)
class Described:
    """An endpoint at its place."""

    name: str
    method: str
    path: str
    rule: Rule
    spec: Endpoint
    permission: str
    about: str

    @property
    def tag(self) -> str:
        return self.name.split(".")[0].removesuffix("_api")


def endpoints(app: Flask) -> list[Described]:
    """Every endpoint of the API, by path."""
    found = []
    for rule in app.url_map.iter_rules():
        view: Any = app.view_functions[rule.endpoint]
        spec = getattr(view, "api", None)
        if spec is None:
            continue
        path, about = ARGUMENT.sub(r"{\1}", rule.rule), (view.__doc__ or "").strip()
        methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        found += [Described(rule.endpoint, name, path, rule, spec, view.permission, about) for name in methods]
    return sorted(found, key=lambda one: (one.path, one.method))


def document(app: Flask) -> dict[str, Any]:
    """The whole document."""
    described = endpoints(app)
    shapes, schemas = _schemas(described)
    paths: dict[str, dict[str, Any]] = {}
    for one in described:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one, shapes)
    told = {
        "openapi": "3.1.0",
        "info": {"title": "Plots & Prosper", "version": "1", "description": ABOUT},
        "servers": [{"url": app.config["SETTINGS"].base_url}],
        "security": [{"token": []}],
        "tags": [{"name": tag} for tag in sorted({one.tag for one in described})],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": SECURITY},
            "schemas": schemas | {"Problem": PROBLEM, "Waiting": WAITING},
        },
    }
    plain: dict[str, Any] = json.loads(OF_A_MODULE.sub(_outside, json.dumps(told)))
    return plain


def _outside(name: re.Match[str]) -> str:
    return name[1].title() + name[2]


Shapes = dict[tuple[type[BaseModel], JsonSchemaMode], dict[str, Any]]


def _schemas(described: Sequence[Described]) -> tuple[Shapes, dict[str, Any]]:
    wanted: list[tuple[type[BaseModel], JsonSchemaMode]] = []
    for one in described:
        wanted += [(shape, "validation") for shape in (one.spec.body, one.spec.query) if shape]
        wanted += [(one.spec.gives, "serialization")] if one.spec.gives else []
    shapes, defs = models_json_schema(list(dict.fromkeys(wanted)), ref_template=REF)
    names = Counter(OF_A_MODULE.sub(_outside, name) for name in defs.get("$defs", {}))
    if twice := [name for name, count in names.items() if count > 1]:
        raise ValueError(f"two shapes of one room are called alike: {', '.join(twice)}")
    # Titles are how generators name what they make: they must differ as the names do.
    titled = {name: schema | {"title": name} for name, schema in defs.get("$defs", {}).items()}
    # Parameters and forms are written field by field, from there as well: names that two rooms use differ there.
    for shape in {one.spec.query for one in described} | {one.spec.body for one in described if one.spec.upload}:
        if shape is not None:
            shapes[shape, "validation"] = titled[shapes[shape, "validation"]["$ref"].rpartition("/")[2]]
    return shapes, titled  # type: ignore[return-value]  # of the same models


def _operation(one: Described, shapes: Shapes) -> dict[str, Any]:
    spec = one.spec
    told: dict[str, Any] = {
        "operationId": one.name.replace("_api.", "_").replace(".", "_"),
        "summary": spec.summary,
        "description": f"{one.about}\n\nNeeds the right `{one.permission}`.",
        "tags": [one.tag],
        "security": [{"token": [one.permission]}],
        "parameters": list(_parameters(one, shapes)),
        "responses": _responses(one, shapes),
    }
    if spec.upload:
        told["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": _form(spec, shapes)}}}
    elif spec.body is not None:
        schema = shapes[spec.body, "validation"]
        told["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return told


def _form(spec: Endpoint, shapes: Shapes) -> dict[str, Any]:
    file = {
        "type": "object",
        "required": ["file"],
        "properties": {"file": {"type": "string", "contentMediaType": "application/octet-stream", "format": "binary"}},
    }
    if spec.body is None:
        return file
    # Fields and file stand side by side in the form, so they are written as one object.
    fields = shapes[spec.body, "validation"]
    file["required"] = [*fields.get("required", []), "file"]
    file["properties"] = {**fields["properties"], **file["properties"]}  # type: ignore[dict-item]  # JSON
    return file


def _parameters(one: Described, shapes: Shapes) -> Iterator[dict[str, Any]]:
    for name, converter in one.rule._converters.items():  # noqa: SLF001  # Werkzeug offers no other way to ask
        schema = TYPES.get(type(converter).__name__, {"type": "string"})
        yield {"name": name, "in": "path", "required": True, "schema": schema}
    if one.spec.query is not None:
        fields = shapes[one.spec.query, "validation"]
        for name, schema in fields["properties"].items():
            yield {"name": name, "in": "query", "required": name in fields.get("required", []), "schema": schema}
    if one.spec.paged:
        size = {"type": "integer", "minimum": 1, "maximum": LONGEST_LIST, "default": LIST_SIZE}
        for name, schema, about in (
            ("after", {"type": "string"}, "`next` of a page."),
            ("before", {"type": "string"}, "`previous` of a page."),
            ("limit", size, "How many at most."),
        ):
            yield {"name": name, "in": "query", "required": False, "schema": schema, "description": about}
    if one.method != "GET":
        schema = {"type": "string", "pattern": f"^{KEY.pattern}$", "minLength": 8, "maxLength": 100}
        yield {"name": "Idempotency-Key", "in": "header", "required": True, "schema": schema}


def _responses(one: Described, shapes: Shapes) -> dict[str, Any]:
    spec = one.spec
    told: dict[str, Any] = {str(spec.status): {"description": "Done", **_content(one, shapes)}}
    if spec.waits:
        waiting = {"application/json": {"schema": {"$ref": REF.format(model="Waiting")}}}
        told["202"] = {"description": "It waits for a second person.", "content": waiting}
    wrong = {"application/problem+json": {"schema": {"$ref": REF.format(model="Problem")}}}
    told["default"] = {"description": "A problem.", "content": wrong}
    return told


def _content(one: Described, shapes: Shapes) -> dict[str, Any]:
    spec = one.spec
    if spec.media:
        file = {} if spec.media == "application/json" else {"type": "string", "format": "binary"}
        return {"content": {spec.media: {"schema": file}}}
    if spec.gives is None:
        return {}
    schema = shapes[spec.gives, "serialization"]
    if spec.many:
        place = {"type": ["string", "null"]}
        schema = {
            "type": "object",
            "required": ["items", "next", "previous"],
            "properties": {"items": {"type": "array", "items": schema}, "next": place, "previous": place},
        }
    return {"content": {"application/json": {"schema": schema}}}


@bp.get("/openapi.json")
def openapi() -> Response:
    """The description of the API for programs; public, the same for everybody."""
    written: str | None = current_app.extensions.get("api_document")
    if written is None:
        written = current_app.extensions["api_document"] = json.dumps(document(current_app))
    return Response(written, mimetype="application/json")
