"""The run: so many posts of a seed, what each was answered, and what was wrong with the answers."""

import random
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from flask import Flask

from app.core.db import Unit, session, transaction
from tests.badinput.forms import Found
from tests.badinput.site import Site, site
from tests.fuzz.posts import KEPT, ROLES, Post, make
from tests.isolation.world import CANARIES

SLOWEST = 5.0  # seconds of this thread's own time, which a busy machine does not lengthen
NOBODYS = {"outsider", "stranger", "anonymous"}
# What a refusal may leave behind in a group, each with its reason.
OUTLIVES: dict[str, str] = {"data_key": "made at first use, also by what was then refused"}


@dataclass
class Result:
    """The figures of a run."""

    seed: str
    statuses: Counter[str] = field(default_factory=Counter)
    ways: Counter[str] = field(default_factory=Counter)
    reached: set[str] = field(default_factory=set)
    findings: list[str] = field(default_factory=list)
    kept: int = 0
    slowest: float = 0.0

    def __str__(self) -> str:
        lines = [f"seed {self.seed}: {sum(self.statuses.values())} posts to {len(self.reached)} forms"]
        lines += ["answers: " + ", ".join(f"{count} x {name}" for name, count in sorted(self.statuses.items()))]
        lines += ["ways: " + ", ".join(f"{count} {name}" for name, count in self.ways.most_common())]
        lines += [f"{self.kept} refusals showed again what was typed; slowest answer {self.slowest:.2f} s of work"]
        return "\n".join([*lines, f"{len(self.findings)} findings", *self.findings])


class Posting(Site):
    """The site as one role sees it; every table of our group is watched."""

    watch = ""

    def _counts(self) -> Any:
        connection = Unit.outer
        assert connection is not None
        group = str(self.world.ours.group_id)
        connection.exec_driver_sql("select set_config('app.group_id', %s, true)", (group,))
        return connection.exec_driver_sql(self.watch).one()


def watched(here: Site) -> str:
    """One statement that counts every table of the chosen group, with the head of its books."""
    with here.app.app_context(), transaction(group_id=here.world.ours.group_id):
        tables = (
            session()
            .connection()
            .exec_driver_sql(
                "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public'"
                " AND column_name = 'group_id'"
                " AND has_table_privilege(quote_ident(table_schema) || '.' || quote_ident(table_name), 'SELECT')"
                " ORDER BY 1"
            )
        )
        counted = [f'(SELECT count(*) FROM "{name}")' for name in tables.scalars() if name not in OUTLIVES]
    return "SELECT (SELECT (number, hash)::text FROM ledger_head), " + ", ".join(counted)


class Fuzzer:
    """Everybody's browsers, and every form there is."""

    def __init__(self, app: Flask) -> None:
        self.here = site(app)
        self.world = self.here.world
        Posting.watch = watched(self.here)
        self.sites = {role: Posting(app, self.world) for role in set(ROLES)}
        for role, posting in self.sites.items():
            posting.open(role)
        rules = app.url_map.bind("localhost")
        named = {(rules.match(path, method="POST")[0], path): form for path, form in self.here.forms.items()}
        # By the name of the view: ids and slugs are new in every run, and a seed must mean the same posts again.
        self.forms = {f"{number} {key[0]}": named[key] for number, key in enumerate(sorted(named))}

    def play(self, seed: str, numbers: Iterable[int]) -> Result:
        """Send these posts of the seed."""
        result = Result(seed)
        forms: list[Found] = list(self.forms.values())
        names = {id(form): name for name, form in self.forms.items()}
        for number in numbers:
            post = make(random.Random(f"{seed}/{number}"), forms, self.world)
            self._one(result, post, f"{seed}/{number} {names[id(post.form)]}")
            result.reached.add(names[id(post.form)])
        return result

    def _one(self, result: Result, post: Post, name: str) -> None:
        sender, began = self.sites[post.role], time.thread_time()
        if "X-CSRFToken" in post.told.get("headers", {}):
            post.told["headers"]["X-CSRFToken"] = sender.asker.token
        answer, grew = sender.post(post.path, post.body, token=post.token, **post.told)
        took = time.thread_time() - began
        result.slowest = max(result.slowest, took)
        result.ways[post.way] += 1
        result.statuses[f"{answer.status_code // 100}xx"] += 1
        text = answer.get_data().decode(errors="replace")
        if post.keeps and answer.status_code == 422:
            result.kept += KEPT in text
        for said in wrong(post, answer, text, grew=grew, took=took):
            result.findings.append(f"{name} by {post.role}, {post.way}: {answer.status}: {said}")


def wrong(post: Post, answer: Any, text: str, *, grew: bool, took: float) -> list[str]:
    """What is wrong with the answer."""
    refused = answer.status_code >= 400
    shown = [each for each in CANARIES if each in text] if post.role != "outsider" else []
    tests = {
        "a fault": answer.status_code >= 500,
        "shows a traceback": "Traceback (most recent" in text,
        f"shows {shown}": bool(shown),
        f"took {took:.1f} s": took > SLOWEST,
        "refused, and yet something was written": refused and grew,
        "was taken": post.refused and grew,
        "somebody from outside wrote into the group": grew and post.role in NOBODYS and post.path.startswith("/g/"),
        "a post without its token was let through": post.way == "csrf" and answer.status_code != 400,
        "what was typed is gone": post.keeps and answer.status_code == 422 and KEPT not in text,
    }
    return [said for said, is_wrong in tests.items() if is_wrong]
