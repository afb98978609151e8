"""What must be true after every fault: asked of the database in our own SQL, of the product's proof, of the mails."""

import hashlib
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

import psycopg

from app.ledgers.proof import prove
from tests.faults.deeds import Deed, Outcome, lines_of
from tests.faults.scene import THRESHOLD, Scene
from tests.faults.stack import Stack

STILL = 60  # seconds after the faults in which everything due must be done

# Each must find nothing. Written apart from the product's own checks, on purpose.
EMPTY: dict[str, str] = {
    "debits equal credits in each entry": """
        SELECT e.group_id, e.number, sum(p.amount), count(p.line) FROM entry e
        LEFT JOIN posting p ON (p.group_id, p.entry_id) = (e.group_id, e.id)
        GROUP BY e.group_id, e.number HAVING coalesce(sum(p.amount), 1) <> 0 OR count(p.line) < 2""",
    "debits equal credits in each group": """
        SELECT group_id, sum(amount) FROM posting GROUP BY 1 HAVING sum(amount) <> 0""",
    "the trial balance is the sum of the lines": """
        SELECT coalesce(k.group_id, s.group_id), coalesce(k.account_id, s.account_id), k.balance, s.total
        FROM account_balance k FULL JOIN (SELECT group_id, account_id, sum(amount) AS total, count(*) AS lines
          FROM posting GROUP BY 1, 2) s ON (s.group_id, s.account_id) = (k.group_id, k.account_id)
        WHERE coalesce(k.balance, 0) <> coalesce(s.total, 0) OR coalesce(k.postings, 0) <> coalesce(s.lines, 0)""",
    "no number is missing or there twice": """
        SELECT h.group_id, h.number, count(e.number), min(e.number), max(e.number) FROM ledger_head h
        LEFT JOIN entry e ON e.group_id = h.group_id GROUP BY 1, 2
        HAVING count(DISTINCT e.number) <> h.number OR count(e.number) <> h.number
            OR coalesce(max(e.number), 0) <> h.number OR coalesce(min(e.number), 1) <> 1""",
    "each entry carries the hash before it, and the head the last one": """
        SELECT group_id, number FROM (SELECT group_id, number, previous_hash, lag(hash, 1,
          sha256(convert_to(group_id::text, 'UTF8'))) OVER (PARTITION BY group_id ORDER BY number) AS before
          FROM entry) c
        WHERE previous_hash <> before
        UNION ALL SELECT h.group_id, h.number FROM ledger_head h
        JOIN entry e ON (e.group_id, e.number) = (h.group_id, h.number) WHERE e.hash <> h.hash""",
    "no pot is below zero or below what is held of it": """
        SELECT b.group_id, a.code, b.balance, b.held FROM account_balance b
        JOIN account a ON (a.group_id, a.id) = (b.group_id, b.account_id)
        WHERE a.floor <> 'none' AND b.balance * a.normal - b.held < 0""",
    "what is held is the sum of the open holds": """
        SELECT b.group_id, b.account_id FROM account_balance b LEFT JOIN hold h ON (h.group_id, h.account_id)
          = (b.group_id, b.account_id) AND NOT EXISTS (SELECT 1 FROM hold_release r
          WHERE (r.group_id, r.hold_id) = (h.group_id, h.id))
        GROUP BY b.group_id, b.account_id, b.held HAVING b.held <> coalesce(sum(h.amount), 0)""",
    "a payment is the sum of its parts": """
        SELECT p.group_id, p.id, p.amount FROM payment p WHERE p.amount <>
          coalesce((SELECT sum(amount) FROM contribution c WHERE (c.group_id, c.payment_id) = (p.group_id, p.id)), 0)
        + coalesce((SELECT sum(amount) FROM penalty_payment x WHERE (x.group_id, x.payment_id) = (p.group_id, p.id)), 0)
        + coalesce((SELECT sum(amount) FROM held_receipt h WHERE (h.group_id, h.payment_id) = (p.group_id, p.id)), 0)
        + coalesce((SELECT sum(amount) FROM penalty y WHERE (y.group_id, y.payment_id) = (p.group_id, p.id)
                     AND y.settled_at_once), 0)""",
    "a member's savings are the contributions that stand, and what was brought in": """
        SELECT m.group_id, m.id, b.balance, s.saved FROM member m
        JOIN account a ON (a.group_id, a.kind, a.owner_id) = (m.group_id, 'savings', m.id)
        JOIN account_balance b ON (b.group_id, b.account_id) = (a.group_id, a.id)
        CROSS JOIN LATERAL (SELECT coalesce(sum(c.amount), 0) AS saved FROM contribution c
          WHERE (c.group_id, c.member_id) = (m.group_id, m.id) AND NOT EXISTS (SELECT 1 FROM savings_reversal r
          WHERE (r.group_id, r.original_kind, r.original_id) = (c.group_id, 'payment', c.payment_id))) s
        CROSS JOIN LATERAL (SELECT coalesce(sum(p.amount), 0) AS brought FROM posting p JOIN entry e
          ON (e.group_id, e.id) = (p.group_id, p.entry_id) AND e.kind = 'opening_balance'
          WHERE (p.group_id, p.account_id) = (a.group_id, a.id)) o
        WHERE -b.balance <> s.saved - o.brought""",
    "an entry is undone once, and its undoing never": """
        SELECT e.group_id, e.number FROM entry e JOIN entry o ON (o.group_id, o.id) = (e.group_id, e.reverses_id)
        WHERE o.reverses_id IS NOT NULL
        UNION ALL SELECT group_id, count(*) FROM entry WHERE reverses_id IS NOT NULL
        GROUP BY group_id, reverses_id HAVING count(*) > 1""",
    "what was decided was asked once, and booked": """
        SELECT r.group_id, r.id FROM approval_request r JOIN approval_decision d
          ON (d.group_id, d.request_id) = (r.group_id, r.id)
        WHERE d.decision = 'approved' AND r.kind = 'transfer' AND (SELECT count(*) FROM entry e
          WHERE e.group_id = r.group_id AND e.idempotency_key = r.idempotency_key) <> 1
        UNION ALL SELECT r.group_id, r.id FROM approval_request r WHERE r.kind = 'transfer' AND NOT EXISTS (SELECT 1
          FROM approval_decision d WHERE (d.group_id, d.request_id) = (r.group_id, r.id))
          AND EXISTS (SELECT 1 FROM entry e WHERE e.group_id = r.group_id AND e.idempotency_key = r.idempotency_key)""",
    "nothing is done without its effect": """
        SELECT o.group_id, o.kind, o.key FROM outbox o JOIN mail_message m
          ON m.group_id = o.group_id AND m.id::text = o.payload->>'mail_id'
        WHERE o.kind = 'mail.send' AND o.done_at IS NOT NULL AND m.state IN ('queued', 'sending')
        UNION ALL SELECT o.group_id, o.kind, o.key FROM outbox o WHERE o.kind = 'statements.send'
          AND o.done_at IS NOT NULL AND EXISTS (SELECT 1 FROM jsonb_array_elements_text(o.payload->'member_ids') x(id)
          JOIN member w ON w.group_id = o.group_id AND w.id::text = x.id AND w.email IS NOT NULL
          WHERE NOT EXISTS (SELECT 1 FROM mail_message m WHERE m.group_id = o.group_id
            AND m.key = 'statement:' || (o.payload->>'period') || ':' || x.id))""",
    "nothing is dead": "SELECT group_id, kind, key, last_error FROM outbox WHERE dead_at IS NOT NULL",
    "what was done says so of the effect it had": """
        SELECT o.group_id, o.key FROM mail_message m JOIN outbox o
          ON o.group_id = m.group_id AND o.payload->>'mail_id' = m.id::text AND o.kind = 'mail.send'
        GROUP BY o.group_id, o.key HAVING count(*) <> 1""",
}


def everything(stack: Stack, scene: Scene, deeds: Iterable[Deed]) -> list[str]:
    """Every fault that is there now; nothing is said twice and nothing is left out."""
    before = stack.sink.counted()
    with stack.connect() as connection:
        found = [f"{name}: {row}" for name, sql in EMPTY.items() for row in connection.execute(sql).fetchmany(3)]
        found += _hashes(connection)
        found += _kept(connection, scene, deeds)
        states = connection.execute("SELECT message_id, state, key FROM mail_message").fetchall()
    found += _mails(states, before, stack.sink.counted())
    with stack.app.app_context():
        for group in scene.groups:
            found += [f"proof: {fault}" for check in prove(group.id) for fault in check.faults]
    return found


def looked_at() -> int:
    """How many invariants are asked each time, without the product's proof."""
    return len(EMPTY) + 3


_TEXT = """
SELECT e.group_id, e.number, e.hash, e.previous_hash, jsonb_build_array(e.number, e.id, e.kind,
  to_char(e.effective_on, 'YYYY-MM-DD'), extract(epoch FROM e.recorded_at)::text, e.source_kind, e.source_id,
  e.idempotency_key, e.reverses_id, e.replacement_id, e.note_digest, e.recorded_by, (SELECT jsonb_agg(
  jsonb_build_array(p.account_id, p.amount::text) ORDER BY p.line)::text FROM posting p
  WHERE (p.group_id, p.entry_id) = (e.group_id, e.id)))::text AS told
FROM entry e ORDER BY e.group_id, e.number"""


def _hashes(connection: psycopg.Connection[Any]) -> Iterator[str]:
    """The chain, walked here and not in the database."""
    for group_id, number, own, before, told in connection.execute(_TEXT):
        if hashlib.sha256(bytes(before) + told.encode()).digest() != bytes(own):
            yield f"chain: entry {number} of {group_id} is not what its hash says"


_RECORDS = {
    "transfer": "SELECT idempotency_key, (SELECT sum(amount) FROM posting p"
    " WHERE (p.group_id, p.entry_id) = (e.group_id, e.id) AND amount > 0) FROM entry e WHERE idempotency_key = ANY(%s)",
    "contribution": "SELECT idempotency_key, amount FROM payment WHERE idempotency_key = ANY(%s)",
    "penalty": "SELECT idempotency_key, amount FROM penalty WHERE idempotency_key = ANY(%s)",
    "large": "SELECT idempotency_key, amount FROM approval_request WHERE idempotency_key = ANY(%s)",
    "file": "SELECT idempotency_key, 0 FROM import_file WHERE idempotency_key = ANY(%s)",
}
_RECORDS["cash_entry"] = _RECORDS["transfer"]


def _kept(connection: psycopg.Connection[Any], scene: Scene, deeds: Iterable[Deed]) -> Iterator[str]:
    """What was acknowledged is there exactly once and says the same; what was refused is not there at all."""
    asked = list(deeds)
    for kind, sql in _RECORDS.items():
        mine = [deed for deed in asked if deed.plan.kind == kind]
        rows = connection.execute(sql, ([deed.plan.key for deed in mine],)).fetchall()
        there, amounts = Counter(row[0] for row in rows), {row[0]: row[1] for row in rows}
        for deed in mine:
            yield from _judged(deed, there[deed.plan.key], amounts.get(deed.plan.key))
    yield from _lines(connection, scene, [deed for deed in asked if deed.plan.kind == "file"])
    for deed in asked:
        if len({place.split("?")[0] for place in deed.places}) > 1 and deed.plan.kind not in ("approval", "reading"):
            yield f"one key led to several places: {deed.plan.kind} {deed.plan.key} {deed.places}"


def _judged(deed: Deed, times: int, amount: Decimal | None) -> Iterator[str]:
    plan, who = deed.plan, f"{deed.plan.kind} {deed.plan.key}"
    if times > 1 or (deed.outcome is Outcome.DONE and times != 1):
        yield f"acknowledged and there {times} times: {who}"
    if deed.outcome is Outcome.REFUSED and times and plan.kind != "file":
        yield f"refused and there all the same: {who} ({deed.told})"
    expected = plan.amount + (THRESHOLD if plan.kind == "large" else 0)
    if times and plan.kind != "file" and amount != expected:
        yield f"there with another amount, {amount} instead of {expected}: {who}"


def _lines(connection: psycopg.Connection[Any], scene: Scene, files: list[Deed]) -> Iterator[str]:
    """Each line of a confirmed file is there once, however many files print it, and was booked once."""
    sql = "SELECT group_id, key, count(*), count(DISTINCT id) FROM statement_line GROUP BY 1, 2"
    there: dict[tuple[uuid.UUID, str], int] = {}
    for row in connection.execute(sql):
        there[row[0], str(row[1]).rsplit(":", 1)[-1].upper()] = row[2]
        if row[2] != 1:
            yield f"a line of a bank's file is there {row[2]} times: {row[1]}"
    for deed in files:
        if deed.outcome is Outcome.DONE:
            _content, receipts = lines_of(deed.plan, deed.group, scene)
            have = {key for group, key in there if group == deed.group.id}
            missing = [receipt for receipt in receipts if not any(receipt in key for key in have)]
            if missing:
                yield f"lines of a confirmed file are missing: {missing} of {deed.plan.key}"


def _mails(states: list[Any], before: Counter[str], after: Counter[str]) -> Iterator[str]:
    """No mail was taken twice; one that is called sent was taken, and one that never left was not."""
    for message_id, times in after.items():
        if times > 1:
            yield f"a mail was taken {times} times: {message_id}"
    for message_id, state, key in states:
        if state == "sent" and after[message_id] != 1:
            yield f"a mail is called sent and was taken {after[message_id]} times: {key}"
        if state in ("failed", "bounced", "queued") and before[message_id]:
            yield f"a mail is called {state} and was taken: {key}"


def waiting(stack: Stack, *, due: bool = False) -> int:
    """How many messages are not done; with `due` those that could be done now."""
    sql = "SELECT (SELECT count(*) FROM {0} WHERE {1}) + (SELECT count(*) FROM {2} WHERE {1})"
    open_ones = "done_at IS NULL AND dead_at IS NULL" + (" AND due_at <= now()" if due else "")
    with stack.connect() as connection:
        row = connection.execute(sql.format("outbox", open_ones, "platform_outbox")).fetchone()
        return int(str(row[0])) if row else 0
