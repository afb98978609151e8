"""An endpoint: a view whose body, query and answer have shapes, which its description is written from."""

import inspect
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, Generic, TypeVar, get_args, get_origin, get_type_hints

from flask import Response, g, request

from app.web.api.errors import OtherMedia, Unfit
from app.web.api.once import Told, once
from app.web.api.shapes import Shape, read_body, read_query, told
from app.web.boundary import SAFE
from app.web.keyset import Slice

S = TypeVar("S", bound=Shape)
View = Callable[..., Any]
LIST_SIZE, LONGEST_LIST = 50, 200
PLACES = frozenset({"after", "before", "limit"})


@dataclass(frozen=True)
class Listing(Generic[S]):
    """A page of a list, and where the next and the previous one begin."""

    items: Sequence[S]
    after: str | None = None
    before: str | None = None

    def told(self) -> dict[str, Any]:
        """As it is answered."""
        return {"items": [told(item) for item in self.items], "next": self.after, "previous": self.before}


@dataclass(frozen=True)
class Waiting:
    """The deed waits for a second person; answered with 202 and the id of the request."""

    request_id: Any


def listed(found: Slice[Any], shape: Callable[[Any], S]) -> Listing[S]:
    """A page of rows as their shapes."""
    return Listing([shape(row) for row in found.rows], found.after, found.before)


def whole(rows: Iterable[Any], shape: Callable[[Any], S]) -> Listing[S]:
    """A list that always comes whole."""
    return Listing([shape(row) for row in rows])


@dataclass(frozen=True)
class Endpoint:
    """What the description says of a view, and how its answer is written."""

    summary: str
    covers: Sequence[str]  # the views of pages whose work this endpoint does
    status: int
    body: type[Shape] | None
    query: type[Shape] | None
    gives: type[Shape] | None
    many: bool
    media: str | None  # of an answer that is a file
    upload: bool
    waits: bool
    paged: bool
    secret: bool


def endpoint(
    summary: str,
    *,
    covers: str | Sequence[str] = (),
    status: int = 200,
    media: str | None = None,
    upload: bool = False,
    paged: bool = False,
    secret: bool = False,
) -> Callable[[View], Callable[..., Response]]:
    """Make an endpoint of a view, under the route and `needs`.

    The shapes are read from its annotations: a parameter `body` is filled from JSON, `query` from the address; the
    answer is a Shape, a Listing of them, one of these or Waiting, None for 204, or a Response of the type `media`.
    `covers` names the views of pages whose work it does; `paged` says that the list goes on by `after`; `upload` that
    a file is sent as multipart/form-data, with the fields of `body` beside it. What is not a GET asks for a key and is
    done once; a `secret` answer is not kept, so sent again it is done again.
    """

    def mark(view: View) -> Callable[..., Response]:
        hints = get_type_hints(view)
        answer, many, waits = _answer(hints.get("return"))
        pages = (covers,) if isinstance(covers, str) else tuple(covers)
        made = 204 if answer is None and media is None else status
        taken: dict[str, Any] = {"body": hints.get("body"), "query": hints.get("query"), "upload": upload}
        given: dict[str, Any] = {"gives": answer, "many": many, "media": media, "waits": waits, "secret": secret}
        spec = Endpoint(summary, pages, made, paged=paged, **taken, **given)

        @wraps(view)
        def wrapped(**path: Any) -> Response:
            return _serve(spec, view, path)

        wrapped.api = spec  # type: ignore[attr-defined]  # read by the description and the architecture test
        return wrapped

    return mark


def _answer(hint: Any) -> tuple[type[Shape] | None, bool, bool]:
    """The shape that is answered, whether as a list, and whether the deed may wait instead."""
    parts = get_args(hint) if get_origin(hint) not in (None, Listing) else (hint,)
    waits = Waiting in parts
    for part in parts:
        if get_origin(part) is Listing:
            return get_args(part)[0], True, waits
        if inspect.isclass(part) and issubclass(part, Shape):
            return part, False, waits
    return None, False, waits


def _serve(spec: Endpoint, view: Callable[..., Any], path: dict[str, Any]) -> Response:
    path |= _from_address(spec)
    if request.method in SAFE:
        made = view(**path)
        return made if isinstance(made, Response) else _written(*_told(spec, made))
    body = _body(spec)
    (status, answer), again = once(lambda: _told(spec, view(**path, **body)), keeps=not spec.secret)
    response = _written(status, answer)
    if again:
        response.headers["Idempotent-Replay"] = "true"
    return response


def _from_address(spec: Endpoint) -> dict[str, Any]:
    told_here = request.args.to_dict()
    if spec.paged:
        g.page_size = _limit(told_here.get("limit"))
        told_here = {name: value for name, value in told_here.items() if name not in PLACES}
    if spec.query is not None:
        return {"query": read_query(spec.query, told_here)}
    if told_here:
        raise Unfit([(name[:100], "There is no such field.") for name in told_here])
    return {}


def _limit(text: str | None) -> int:
    if text is None:
        return LIST_SIZE
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= LONGEST_LIST):
        raise Unfit([("limit", f"A number from 1 to {LONGEST_LIST}.")])
    return int(text)


def _body(spec: Endpoint) -> dict[str, Any]:
    if spec.upload:
        return _uploaded(spec)
    if spec.body is None:
        if request.get_data() not in (b"", b"{}"):
            raise Unfit([("", "This deed takes no body.")])
        return {}
    if request.mimetype != "application/json":
        raise OtherMedia(media="application/json")
    return {"body": read_body(spec.body, request.get_data())}


def _uploaded(spec: Endpoint) -> dict[str, Any]:
    if request.mimetype != "multipart/form-data":
        raise OtherMedia(media="multipart/form-data")
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Unfit([("file", "This field is missing.")])
    fields = {"body": read_query(spec.body, request.form.to_dict())} if spec.body is not None else {}
    return {"file": file, **fields}


def _told(spec: Endpoint, made: Any) -> Told:
    if isinstance(made, Waiting):
        return 202, {"waits": True, "approval_id": str(made.request_id)}
    if made is None:
        return 204, {}
    answer = made.told() if isinstance(made, Listing) else told(made)
    return spec.status, answer


def _written(status: int, answer: dict[str, Any]) -> Response:
    return Response("" if status == 204 else json.dumps(answer), status, mimetype="application/json")
