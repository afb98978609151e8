"""Values, bodies and files that no form expects, drawn from a seeded chance."""

import random
from collections.abc import Callable
from functools import cache
from typing import Any

from tests.badinput.values import BAD_AMOUNTS, BROKEN, DAYS, IDS, QUERY, TEXTS
from tests.imports.bank import camt, ofx1, ofx2
from tests.imports.made import data, xlsx
from tests.imports.test_fuzz import mutated

ALPHABETS: tuple[str | range, ...] = (
    range(0x20),  # control characters
    range(0x202A, 0x202F),  # turns of direction
    range(0x660, 0x66A),  # digits of another script
    range(0x1F300, 0x1F6FF),  # emoji
    range(0xFFF0, 0x10000),
    "0123456789.,-+eE ",
    "'\"<>&;%{}()=+@\\/|`\r\n\t",
)
UNKNOWN = (
    "is_admin",
    "group_id",
    "roles",
    "user_id",
    "__class__",
    "recorded_by",
    "status",
    "amount[]",
    "x" * 300,
    "é💸",
)
EXTRA_AMOUNTS = (
    "-1",
    "0.00001",
    "1e5",
    "12345678901234567890",
    "1,5",
    "  ",
    "½",
    "--5",
    "1/3",
    "+.",
    "0.00000000000001",
)
KINDS = ("", "text/plain", "application/json", "application/xml", "multipart/form-data", "image/png", "a", "x" * 999)
NAMES = ("f.csv", "f.xlsx", "f.ofx", "f.xml", "", "..\\..\\f.csv", "f.csv\x00.exe", "💸.csv", "n" * 400 + ".csv", "f")


def text(chance: random.Random) -> str:
    """A text of one or two strange alphabets."""
    signs = "".join(
        each if isinstance(each, str) else "".join(map(chr, each)) for each in chance.choices(ALPHABETS, k=2)
    )
    return "".join(chance.choices(signs, k=chance.choice((1, 3, 12, 80, 2500))))


def value(chance: random.Random, kind: str) -> str:
    """One value for a field of this kind: an amount, a day, an id, or any text."""
    own: dict[str, tuple[str, ...]] = {
        "amount": (*BAD_AMOUNTS, *EXTRA_AMOUNTS),
        "date": DAYS,
        "month": (*DAYS, "2026-13", "0000-01"),
        "id": IDS,
    }
    if chance.random() < 0.3:
        return text(chance)
    return chance.choice(own[kind] if kind in own and chance.random() < 0.7 else (*TEXTS, *QUERY, *BAD_AMOUNTS))


@cache
def files() -> tuple[bytes, ...]:
    """Uploads that are sound before they are mutated."""
    rows: list[list[Any]] = [
        ["identifier", "display_name", "amount", "paid_at", "account"],
        ["UM1", "Ann", 5.5, "2026-01-02", "Cash"],
    ]
    return (
        data("members.csv"),
        data("mpesa_statement_october.csv"),
        data("mpesa_statement_full.csv")[:4000],
        xlsx(rows),
        ofx1(),
        ofx2(),
        camt(),
    )


def upload(chance: random.Random) -> bytes:
    """A file as somebody's broken program would have written it; now and then a sound one."""
    sound = chance.choice(files())
    return sound if chance.random() < 0.1 else mutated(sound, chance)


def body(chance: random.Random) -> tuple[str, bytes]:
    """A content type, and a body that need not be of it."""
    if chance.random() < 0.4:
        return chance.choice(BROKEN)
    parts: tuple[Callable[[], bytes], ...] = (
        lambda: chance.randbytes(chance.choice((0, 1, 50, 5000))),
        lambda: b"&" * 2000 + b"=" * 50,
        lambda: b'{"amount": NaN, "once": [[[[]]]]}',
        lambda: b"name=%ED%A0%80&amount=%FF%FE&x=%00",
        lambda: b"[" * 20_000,
    )
    return chance.choice((*KINDS, "application/x-www-form-urlencoded")), chance.choice(parts)()


def multipart(chance: random.Random, pairs: list[tuple[str, str]]) -> tuple[str, bytes]:
    """The form as multipart, with headers, boundaries and ends that are odd."""
    line = chance.choice(("\r\n", "\r\n", "\n"))
    parts = []
    for name, sent in pairs:
        told = chance.choice(
            (f'name="{name}"', f"name={name}", f'name="{name}"; filename=""', f'name="{name}"; filename="a.csv"', "")
        )
        more = chance.choice(("", "", f"Content-Type: text/plain; charset=utf-7{line}", f"X: {'y' * 3000}{line}"))
        parts.append(f"--b{line}Content-Disposition: form-data; {told}{line}{more}{line}{sent}{line}")
    end = chance.choice(("--b--" + line, "", "--b", "--b--\r\n--b\r\n"))
    kind = chance.choice(("multipart/form-data; boundary=b", 'multipart/form-data; boundary="b"; boundary=c'))
    return kind, ("".join(parts) + end).encode(errors="surrogatepass")
