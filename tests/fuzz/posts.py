"""One random post: which form, by whom, what is wrong with it, and what the answer must therefore be."""

import io
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.badinput.forms import Found, Input
from tests.fuzz import nasty
from tests.isolation.world import World

OTHERS = ("treasurer", "secretary", "member", "auditor", "outsider", "stranger", "anonymous")
ROLES = ("leader",) * 8 + OTHERS
KEPT = "Kept as typed 7391"


@dataclass
class Post:
    """What is sent, and what is expected of the answer."""

    form: Found
    role: str
    way: str
    path: str
    body: Any
    token: bool = True
    told: dict[str, Any] = field(default_factory=dict)
    refused: bool = False  # whatever the role, this must not be taken
    keeps: bool = False  # a refusal shows KEPT again


Pairs = list[tuple[str, str]]


def make(chance: random.Random, forms: list[Found], world: World) -> Post:
    """The next post of this chance."""
    uploads = [form for form in forms if any(each.kind == "file" for each in form.inputs)]
    form = chance.choice(uploads if chance.random() < 0.12 else forms)
    ways = [each for each in WAYS if each is not _file or form in uploads] + [_file] * 6 * (form in uploads)
    way = chance.choice(ways)
    post = Post(form, chance.choice(ROLES), way.__name__.strip("_"), form.path, form.data())
    way(post, chance, world)
    if chance.random() < 0.2:
        post.told.setdefault("headers", {})["HX-Request"] = "true"
    return post


def kind_of(each: Input) -> str:
    if each.names_a_record:
        return "id"
    return "amount" if each.is_amount else each.kind


def _typed(post: Post, chance: random.Random, most: int = 3) -> list[Input]:
    return chance.sample(post.form.typed, min(len(post.form.typed), chance.randint(1, most)))


def _values(post: Post, chance: random.Random, world: World) -> None:
    changed = _typed(post, chance)
    post.body |= {each.name: nasty.value(chance, kind_of(each)) for each in changed}
    free = [each for each in post.form.typed if each.kind in {"text", "textarea"} and not each.is_amount]
    free = [each for each in free if each not in changed and not each.value]
    if free:
        post.body[free[0].name] = KEPT
        post.keeps = True


def _missing(post: Post, chance: random.Random, world: World) -> None:
    for each in _typed(post, chance):
        post.body.pop(each.name, None)


def _twice(post: Post, chance: random.Random, world: World) -> None:
    for each in _typed(post, chance):
        post.body[each.name] = [each.plausible, nasty.value(chance, kind_of(each))][:: chance.choice((1, -1))]
    if chance.random() < 0.3:
        post.body["once"] = ["a" * 32, "b" * 32]


def _arrays(post: Post, chance: random.Random, world: World) -> None:
    for each in _typed(post, chance):
        sent = post.body.pop(each.name, each.plausible)
        post.body[each.name + chance.choice(("[]", "[0]", "[a]", "-0", ".x", "-99999999"))] = sent


def _unknown(post: Post, chance: random.Random, world: World) -> None:
    post.body |= {name: nasty.value(chance, "text") for name in chance.sample(nasty.UNKNOWN, 2)}


def _foreign_fields(post: Post, chance: random.Random, world: World) -> None:
    named = [each for each in post.form.typed if each.names_a_record]
    for each in chance.sample(named, min(len(named), 2)):
        post.body[each.name] = chance.choice(list(world.theirs.ids.values()))
    post.refused = bool(named)


def _foreign_address(post: Post, chance: random.Random, world: World) -> None:
    ours, theirs = world.ours, world.theirs
    swaps = [
        (ours.ids[table], theirs.ids[table]) for table in ours.ids if table in theirs.ids and len(ours.ids[table]) > 9
    ]
    swaps = [pair for pair in (*swaps, (ours.slug, theirs.slug)) if pair[0] in post.path]
    if swaps and post.role != "outsider":
        post.path = post.path.replace(*chance.choice(swaps))
        post.refused = True


def _csrf(post: Post, chance: random.Random, world: World) -> None:
    post.token, post.refused = False, True
    post.body.pop("csrf_token", None)
    if chance.random() < 0.7:
        post.body["csrf_token"] = chance.choice(("", "0", "ImEi.aR.x", nasty.text(chance)))


def _bodies(post: Post, chance: random.Random, world: World) -> None:
    kind, post.body = nasty.body(chance)
    post.told = {"content_type": kind}
    if chance.random() < 0.7:
        post.told["headers"] = {"X-CSRFToken": "token"}


def _multipart(post: Post, chance: random.Random, world: World) -> None:
    pairs = list(post.body.items()) or [("name", "x")]
    kind, post.body = nasty.multipart(chance, pairs)
    post.told = {"content_type": kind, "headers": {"X-CSRFToken": "token"}}


def _huge(post: Post, chance: random.Random, world: World) -> None:
    if chance.random() < 0.8:  # these are slow
        return _values(post, chance, world)
    name = chance.choice([each.name for each in post.form.typed] or ["name"])
    # What becomes three or twelve signs on its way is sent less often, or the client is all the work.
    size = chance.choice((600_000, 3_000_000, 10_000_000))
    post.body[name] = chance.choice(("x" * size, "0" * size, "💸" * (size // 12), "\x00" * (size // 3)))
    post.told["headers"] = {"X-CSRFToken": "token"}
    return None


def _file(post: Post, chance: random.Random, world: World) -> None:
    for each in post.form.inputs:
        if each.kind == "file":
            post.body[each.name] = (io.BytesIO(nasty.upload(chance)), chance.choice(nasty.NAMES))
    post.told["content_type"] = "multipart/form-data"


def _plain(post: Post, chance: random.Random, world: World) -> None:
    """As a browser would send it."""


Way = Callable[[Post, random.Random, World], None]
WAYS: tuple[Way, ...] = (
    _values, _values, _values, _values, _missing, _twice, _arrays, _unknown, _foreign_fields, _foreign_address, _csrf,
    _bodies, _multipart, _huge, _file, _plain,
)  # fmt: skip
