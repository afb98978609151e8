"""What no form expects."""

import os
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

BAD_AMOUNTS = (
    "1e999",
    "NaN",
    "-0",
    "Infinity",
    "0.12345",
    "99999999999999999999",
    "١٢٣",
    "1_000",
    "0x10",
    "5,00,0.1.2",
)
TEXTS = (
    "a\x00b",
    "\u202egnp.exe",
    "💸👩‍👩‍👧‍👦",
    '=HYPERLINK("http://x","y")<script>alert(1)</script>{{ 7*7 }} ${7*7} %(name)s %s {0} \' OR 1=1; --',
    "../../etc/passwd\r\nBcc: all@example.com",
    "9" * 30,
    "x" * 70_000,
)
DAYS = ("0000-00-00", "9999-99-99", "2026-02-30", "99999-01-01", "0001-01-01", "9999-12-31")
IDS = ("00000000-0000-0000-0000-000000000000", "not-an-id", "-1", "99999999999999999999")
RAW = (b"%ED%A0%80", b"%FF%FE", b"%00", b"%C0%80", b"%")  # lone surrogate, no UTF-8, NUL, over-long, cut off
QUERY = (
    "1e999",
    "\x00",
    "\u202eabc",
    "💸",
    "9" * 40,
    "-1",
    "2026-13",
    "0001-01-01",
    "9999-12-31",
    "AAAA",
    "eyJhIjoxfQ",
    "x" * 4000,
)
BROKEN: tuple[tuple[str, bytes], ...] = (
    ("multipart/form-data", b"--x\r\n"),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nno end'),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\nnameless\r\n--x--\r\n"),
    ("application/json", b'{"a": '),
    ("text/plain", b"\xff\xfe\x00"),
    ("application/x-www-form-urlencoded; charset=utf-7", b"a=+AAA-"),
)

ALL = "EVERY_VALUE" in os.environ  # `make fuzz` sets it


def third(values: Sequence[T], number: int) -> Sequence[T]:
    """A third of the values, another for each of three numbers that follow; all of them in the long run."""
    return values if ALL else values[number % 3 :: 3]
