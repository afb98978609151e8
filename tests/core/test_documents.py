"""Papers look the same for the same data, say what the data says, and run nothing of it."""

import io
import subprocess
import sys
import threading
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from app.core import documents
from app.core.documents import DocumentFailed, pdf, pictures, qr_svg

AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
EVIL = '#[evil] $x^2$ *bold* _it_ <label> @ref // "quotes" \\ -- https://e.example = `raw` #read("base.typ")'
IN_A_FORKED_CHILD = """
import os
from datetime import UTC, datetime
from app.core import documents
from tests.core.test_documents import AT, statement
documents.pdf("statement", statement(), AT)
if os.fork() == 0:
    try:
        documents.pdf("statement", statement(), AT)
    except documents.CompiledBeforeFork:
        os._exit(7)
    os._exit(0)
print(os.waitstatus_to_exitcode(os.wait()[1]))
"""


def statement(**changed):
    columns = [
        {"title": title, "align": side, "width": width}
        for title, side, width in (
            ("Day", "left", "auto"), ("What", "left", 3), ("Reference", "left", 2),
            ("In", "right", "auto"), ("Out", "right", "auto"), ("Balance", "right", "auto"),
        )
    ]  # fmt: skip
    events = [["1 Oct 2026", "Contribution", "PMYCKZ5KPT", "5,000.00", "", "46,500.00"]]
    data = {
        "lang": "en",
        "title": "Statement",
        "period": "1 – 31 October 2026",
        "page": "Page {page} of {pages}",
        "foot": "Umoja Savings Group · UM006",
        "group": {"name": "Umoja Savings Group", "initials": "US", "lines": ["Kisumu, Kenya"]},
        "facts": [{"label": "Member", "value": "Daniel Mwangi"}],
        "headline": {"label": "Savings", "value": "KES 46,500.00", "note": "on 31 October 2026"},
        "figures": [{"label": "Paid in", "value": "5,000.00"}],
        "tables": [listing("Savings", columns, events), listing("Penalties", columns, [])],
        "disclaimer": "External records are the truth.",
        "check": {
            "title": "Check this statement", "text": "Scan the code.", "address": "https://plots.example/c/7Q4K",
            "hash_title": "Hash", "hash": "5f2a8c1e" * 8, "qr": qr_svg("https://plots.example/c/7Q4K"),
        },
    }  # fmt: skip
    return data | changed


def listing(title, columns, rows):
    return {
        "title": title,
        "columns": columns,
        "rows": [{"cells": cells, "strong": False} for cells in rows],
        "empty": "Nothing here.",
        "note": "",
    }


def text_of(data):
    read = PdfReader(io.BytesIO(data))
    return "".join("".join(page.extract_text().split()) for page in read.pages).replace("\u200b", "")


def test_a_statement_says_what_its_data_says():
    said = text_of(pdf("statement", statement(), AT))
    for words in (
        "UmojaSavingsGroup",
        "DanielMwangi",
        "PMYCKZ5KPT",
        "46,500.00",
        "Nothinghere.",
        "Page1of1",
        "5f2a8c1e" * 8,
    ):
        assert words in said


def test_the_same_data_gives_the_same_bytes():
    first = pdf("statement", statement(), AT)
    assert first.startswith(b"%PDF-")
    assert first == pdf("statement", statement(), AT)
    assert first != pdf("statement", statement(), AT.replace(day=22))


def test_text_that_looks_like_markup_is_printed_as_text():
    evil = {"name": EVIL, "initials": "#x", "lines": [EVIL]}
    data = statement(group=evil, title=EVIL, foot=EVIL, facts=[{"label": EVIL, "value": EVIL}], disclaimer=EVIL)
    assert text_of(pdf("statement", data, AT)).count("".join(EVIL.split())) >= 6


@pytest.mark.parametrize(
    "text", ["", " ", "x" * 3000, "شكراً جزيلاً", "נועה", "名前", "🎉", "a\u202eb", "a\x01b", "é\u0301"]
)
def test_any_text_can_be_printed(text):
    assert pdf("statement", statement(facts=[{"label": "Member", "value": text}]), AT)


def test_a_long_statement_numbers_its_pages_and_repeats_the_head_of_its_table():
    data = statement()
    data["tables"][0]["rows"] *= 120
    said = text_of(pdf("statement", data, AT))
    assert said.count("DayWhatReferenceInOutBalance") >= 3
    assert "Page3of" in said


def test_a_picture_of_each_page_can_be_looked_at():
    assert [page[:4] for page in pictures("statement", statement(), AT)] == [b"\x89PNG"]


def test_data_that_does_not_fit_its_template_is_our_fault_and_says_where():
    with pytest.raises(DocumentFailed, match=r"statement: .*disclaimer"):
        pdf("statement", {key: value for key, value in statement().items() if key != "disclaimer"}, AT)


def test_without_the_fonts_of_the_assets_the_bundled_ones_serve(monkeypatch, tmp_path):
    monkeypatch.setattr(documents, "_FONTS", tmp_path / "none")
    monkeypatch.setattr(documents, "_press", documents._Press())
    assert "DanielMwangi" in text_of(pdf("statement", statement(), AT))


def test_threads_take_turns():
    made: list[bytes] = []
    threads = [threading.Thread(target=lambda: made.append(pdf("statement", statement(), AT))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 8
    assert len(set(made)) == 1


def test_the_child_of_a_process_that_has_compiled_is_refused_and_does_not_hang():
    done = subprocess.run(
        [sys.executable, "-c", IN_A_FORKED_CHILD], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "7"
