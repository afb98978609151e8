"""The developers' page: every endpoint, shape and code in words, from the same source as the document."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from flask import Response, current_app

from app.core.errors import DomainError
from app.tokens.blueprint import developers
from app.web.api.document import Described, document, endpoints
from app.web.api.errors import Unfit
from app.web.error_pages import status_of
from app.web.pages import page


@developers.app_template_global()
def type_of(schema: dict[str, Any]) -> str:
    """A JSON schema in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " | ".join(type_of(part) for part in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(f"“{value}”" for value in schema["enum"])
    if schema.get("type") == "array":
        return f"[{type_of(schema.get('items', {}))}]"
    kind = schema.get("type", "")
    words = [" | ".join(kind) if isinstance(kind, list) else str(kind), schema.get("format", "")]
    return " ".join(word for word in words if word) or "any"


@developers.get("/developers")
def index() -> Response:
    """The API for people; public."""
    by_room: dict[str, list[Described]] = defaultdict(list)
    for one in endpoints(current_app):
        by_room[one.tag].append(one)
    described = document(current_app)
    return page(
        "tokens/developers.html",
        rooms=dict(sorted(by_room.items())),
        operations=_operations(described),
        shapes=described["components"]["schemas"],
        codes=sorted(_codes()),
        base=current_app.config["SETTINGS"].base_url,
    )


def _operations(described: dict[str, Any]) -> dict[tuple[str, str], Any]:
    return {(path, method): told for path, methods in described["paths"].items() for method, told in methods.items()}


def _codes() -> Iterator[tuple[str, int, str]]:
    """Each code with its status and its sentence, as it is written before its places are filled."""
    seen = set()
    for kind in _kinds(DomainError):
        if kind.code not in seen:
            seen.add(kind.code)
            status = status_of(kind([]) if kind is Unfit else kind.__new__(kind))
            yield kind.code, int(status), str(kind.sentence)


def _kinds(of: type[DomainError]) -> Iterator[type[DomainError]]:
    for kind in of.__subclasses__():
        yield kind
        yield from _kinds(kind)
