"""What people do during a run: each deed is sent again under its key until the house says yes or no, or it is late."""

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from tests.faults.person import Answer, Person, hidden
from tests.faults.scene import THRESHOLD, Group, Scene

ENOUGH = 25.0  # seconds after which a person gives up


class Outcome(StrEnum):
    """What the person knows at the end."""

    DONE = "done"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Plan:
    """A deed as the schedule wrote it: nothing in it depends on what will have happened until then."""

    kind: str
    key: str
    group: int
    pick: int  # which of whatever there is then
    amount: Decimal
    copies: int = 1  # how many send it at the same moment


@dataclass
class Deed:
    """A plan and what became of it."""

    plan: Plan
    group: Group
    outcome: Outcome = Outcome.UNKNOWN
    lost: int = 0  # answers that never came, or were 5xx
    began: float = 0.0
    answered: float = 0.0
    places: set[str] = field(default_factory=set)  # where the answers led: one place, however often it was sent
    told: str = ""


Try = Callable[[Deed, Scene], Answer]


def carry_out(plan: Plan, scene: Scene) -> Deed:
    """Do it as often as the plan says at once; each of the hands goes on until it knows."""
    deed = Deed(plan, scene.groups[plan.group % len(scene.groups)], began=time.monotonic())
    if plan.copies == 1:
        _insist(deed, scene)
        return deed
    hands = [threading.Thread(target=_insist, args=(deed, scene)) for _ in range(plan.copies)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    return deed


def _insist(deed: Deed, scene: Scene) -> None:
    until = deed.began + ENOUGH
    while True:
        answer = KINDS[deed.plan.kind](deed, scene)
        if answer.stranger or answer.status == 400:  # the session is gone, or the token is another session's
            _who(deed).sign_in()
        elif answer.lost:
            deed.lost += 1
        elif answer.status in (303, 204):
            deed.outcome, deed.answered = Outcome.DONE, time.monotonic()
            deed.places.add(answer.location)
            return
        elif answer.status not in (200, 400, 429):
            if deed.outcome is not Outcome.DONE:
                deed.outcome, deed.told = Outcome.REFUSED, f"{answer.status} {said(answer.text)}"
            return
        else:
            deed.told = f"{answer.status} {said(answer.text)}"
        if time.monotonic() > until:
            return
        time.sleep(0.15)


def said(html: str) -> str:
    """What a page says went wrong, for a report."""
    found = re.findall(r'role="alert"[^>]*>(.{0,600}?)</(?:div|ul|section)>', html, re.DOTALL)
    text = " ".join(re.sub(r"<[^>]+>", " ", " ".join(found)).split())
    return text.removeprefix("One thing needs attention").strip()[:120]


def _who(deed: Deed) -> Person:
    return deed.group.people["leader" if deed.plan.kind == "approval" else "treasurer"]


def _between(deed: Deed) -> tuple[object, object]:
    cash, pick = deed.group.cash, deed.plan.pick
    return cash[pick % 3], cash[(pick + 1 + pick // 3 % 2) % 3]


def _transfer(deed: Deed, scene: Scene) -> Answer:
    source, target = _between(deed)
    told = {"source": source, "target": target, "amount": deed.plan.amount, "on": scene.day}
    return _who(deed).post(deed.group.url("ledger/transfers"), deed.plan.key, **told)


def _large(deed: Deed, scene: Scene) -> Answer:
    source, target = _between(deed)
    told = {"source": source, "target": target, "amount": deed.plan.amount + THRESHOLD, "on": scene.day}
    return _who(deed).post(deed.group.url("ledger/transfers"), deed.plan.key, **told)


def _approval(deed: Deed, _scene: Scene) -> Answer:
    person = _who(deed)
    page = person.get(deed.group.url("ledger/approvals"))
    if page.status != 200:
        return page
    waiting = re.findall(r'href="[^"]*/ledger/approvals/([0-9a-f-]{36})"', page.text)
    if not waiting:
        return Answer(404)
    first = [*dict.fromkeys(waiting)][:2]  # those decided already follow
    return person.post(deed.group.url(f"ledger/approvals/{first[deed.plan.pick % len(first)]}/approval"), "")


def _cash_entry(deed: Deed, scene: Scene) -> Answer:
    category = ("bank_charges", "other_expense", "other_income")[deed.plan.pick % 3]
    told = {"cash_account": deed.group.cash[deed.plan.pick % 3], "category": category, "on": scene.day}
    return _who(deed).post(deed.group.url("ledger/cash-entries"), deed.plan.key, amount=deed.plan.amount, **told)


def _contribution(deed: Deed, scene: Scene) -> Answer:
    person, url = _who(deed), deed.group.url("savings/record")
    told = {
        "member": deed.group.members[deed.plan.pick % len(deed.group.members)],
        "amount": deed.plan.amount,
        "paid_on": scene.day,
        "method": "cash",
        "cash_account": deed.group.cash[deed.plan.pick % 3],
        "type": "regular",
        "window": "",
        "reference": f"R{deed.plan.key[:6]}",
    }
    answer = person.post(url, deed.plan.key, **told)
    for _again in range(6):  # what was read may no longer be so when it is sent
        seen = hidden(answer.text, "seen")
        if answer.status not in (200, 409) or not seen:
            return answer
        answer = person.post(url, deed.plan.key, seen=seen, **told)
    return Answer(429) if answer.status == 409 else answer


def _penalty(deed: Deed, scene: Scene) -> Answer:
    told = {"member": deed.group.members[deed.plan.pick % len(deed.group.members)], "on": scene.day, "window": ""}
    return _who(deed).post(
        deed.group.url("savings/penalties"), deed.plan.key, amount=deed.plan.amount, note="Came late", **told
    )


def _reversal(deed: Deed, _scene: Scene) -> Answer:
    """Undo one of the latest entries by hand; what has a record of its own or was undone already is refused."""
    person = _who(deed)
    page = person.get(deed.group.url("ledger/entries?kind=transfer"))
    if page.status != 200:
        return page
    numbers = re.findall(r'href="[^"]*/ledger/entries/(\d+)"', page.text)
    if not numbers:
        return Answer(404)
    number = numbers[deed.plan.pick % len(numbers)]
    told = {"reason": "Typed twice", "when": "today", "replacement": ""}
    return person.post(deed.group.url(f"ledger/entries/{number}/reversal"), deed.plan.key, **told)


def _payment_reversal(deed: Deed, _scene: Scene) -> Answer:
    person = _who(deed)
    page = person.get(deed.group.url("savings/payments"))
    if page.status != 200:
        return page
    found = sorted(set(re.findall(r'href="[^"]*/savings/payments/([0-9a-f-]{36})"', page.text)))
    if not found:
        return Answer(404)
    url = deed.group.url(f"savings/payments/{found[deed.plan.pick % len(found)]}/reversal")
    return person.post(url, deed.plan.key, reason="Bounced", when="today")


def lines_of(plan: Plan, group: Group, scene: Scene) -> tuple[bytes, list[str]]:
    """A bank's file: its lines overlap with those of other files, and one of them is printed twice."""
    first = plan.pick % 400
    receipts = [f"FX{n:08d}" for n in range(first, first + 6)]
    rows = ["Receipt No.,Completion Time,Details,Transaction Status,Paid In,Withdrawn,Balance"]
    for n, receipt in enumerate(receipts, first):
        day = f"{scene.day:%d/%m/%Y} {8 + n % 400 // 60:02d}:{n % 60:02d}:{n * 7 % 60:02d}"
        whose = n % len(group.members)
        text = f"Pay Bill Online from 2547***{100 + whose} - SOMEBODY Acc. {group.identifiers[whose]}"
        rows.append(f"{receipt},{day},{text},Completed,{100 + n}.00,,")
    return "\n".join([*rows, rows[-1]]).encode() + b"\n", receipts


def _file(deed: Deed, scene: Scene) -> Answer:
    """Upload a file, then confirm what it shows; sent twice it is one file, and each line counts once."""
    person, group = _who(deed), deed.group
    content, _receipts = lines_of(deed.plan, group, scene)
    place = {"cash_account": group.cash[1]}
    answer = person.upload(group.url("imports/new/statement"), deed.plan.key, "bank.csv", content, **place)
    if answer.status != 303 or answer.stranger:
        return answer
    return person.post(f"{answer.location}/confirmation", deed.plan.key, charges="y")


def _statements(deed: Deed, scene: Scene) -> Answer:
    month = scene.month
    for _back in range(deed.plan.pick % 120):
        month = month.previous
    return _who(deed).post(deed.group.url("statements/runs"), deed.plan.key, period=month)


def _reading(deed: Deed, _scene: Scene) -> Answer:
    pages = ("", "ledger/", "ledger/entries", "savings/", "savings/payments", "statements/runs")
    answer = _who(deed).get(deed.group.url(pages[deed.plan.pick % len(pages)]))
    return Answer(204) if answer.status == 200 else answer


KINDS: dict[str, Try] = {
    "transfer": _transfer,
    "large": _large,
    "approval": _approval,
    "cash_entry": _cash_entry,
    "contribution": _contribution,
    "penalty": _penalty,
    "reversal": _reversal,
    "payment_reversal": _payment_reversal,
    "file": _file,
    "statements": _statements,
    "reading": _reading,
}
