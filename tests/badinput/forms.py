"""The forms of the pages, as a browser finds them in the HTML."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit

UUID = re.compile(r"^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$")
ROW = re.compile(r"-(\d+|[0-9a-f-]{32,36})(?=-|$)")
NOT_TYPED = {"csrf_token", "once"}
PLAIN = {
    "date": "2026-11-02",
    "month": "2026-10",
    "email": "new.person@example.com",
    "tel": "+254712345678",
    "number": "7",
    "password": "correct horse battery staple",
}


@dataclass
class Input:
    """One named control."""

    name: str
    kind: str
    value: str
    options: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    is_amount: bool = False

    @property
    def plausible(self) -> str:
        """What somebody would send."""
        if self.options:
            return self.value or next((option for option in self.options if option), "")
        if self.value or self.name in NOT_TYPED or self.kind == "hidden":
            return self.value
        return "100" if self.is_amount else PLAIN.get(self.kind, "Something")

    @property
    def names_a_record(self) -> bool:
        return any(UUID.match(value) for value in (self.value, *self.options))


@dataclass
class Found:
    """One form."""

    action: str
    method: str
    inputs: list[Input] = field(default_factory=list)

    @property
    def path(self) -> str:
        return urlsplit(self.action).path

    def data(self, **changed: str) -> dict[str, str]:
        """What a browser would send, with some of it changed; of the boxes and choices the first that stands."""
        pressed = {"file", "button", "submit"}  # a browser sends only the button that was pressed
        return {each.name: each.plausible for each in self.inputs if each.kind not in pressed} | changed

    def choice(self, name: str, label: str) -> str:
        """The value of the choice that reads like this. Raises StopIteration when there is none."""
        asked = next(each for each in self.inputs if each.name == name)
        return next(value for value, text in zip(asked.options, asked.labels, strict=True) if label in text)

    @property
    def typed(self) -> list[Input]:
        """What a person, or whoever tampers, may change: of the rows of a grid the first stands for all."""
        found: dict[str, Input] = {}
        for each in self.inputs:
            if each.name not in NOT_TYPED and each.kind != "file":
                found.setdefault(ROW.sub("-n", each.name), each)
        return list(found.values())


class _Reader(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__(convert_charrefs=True)
        self.url = url
        self.found: list[Found] = []
        self.open: Found | None = None
        self.select: Input | None = None
        self.area: Input | None = None
        self.links: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in told:
            self.links.add(told["href"])
        if tag == "form":
            self.open = Found(told.get("action") or self.url, told.get("method", "get").lower())
            self.found.append(self.open)
        if self.open is None:
            return
        if tag == "option" and self.select is not None:
            self._option(told)
        elif told.get("name") and tag in {"input", "select", "textarea", "button"}:
            self._control(tag, told)

    def _option(self, told: dict[str, str]) -> None:
        assert self.select is not None
        self.select.options.append(told.get("value", ""))
        self.select.labels.append("")
        if "selected" in told:
            self.select.value = told.get("value", "")

    def _control(self, tag: str, told: dict[str, str]) -> None:
        assert self.open is not None
        kind = told.get("type", "text") if tag == "input" else tag
        made = Input(told["name"], kind, told.get("value", ""), is_amount=told.get("inputmode") == "decimal")
        if kind in {"checkbox", "radio"} and any(each.name == made.name for each in self.open.inputs):
            return
        self.open.inputs.append(made)
        self.select = made if tag == "select" else None
        self.area = made if tag == "textarea" else None

    def handle_data(self, data: str) -> None:
        if self.select is not None and self.select.labels:
            self.select.labels[-1] += data.strip()
        if self.area is not None:
            self.area.value += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.area is not None:
            self.area.value = self.area.value.removeprefix("\r").removeprefix("\n")  # as a browser reads it
            self.area = None
        if tag == "select":
            self.select = None
        if tag == "form":
            self.open = None


def read(html: str, url: str) -> list[Found]:
    """The forms of a page."""
    reader = _Reader(url)
    reader.feed(html)
    return reader.found


def asked_by(html: str, url: str) -> Iterator[str]:
    """The names that a page's own links and searches put into its query string."""
    reader = _Reader(url)
    reader.feed(html)
    for link in reader.links:
        parts = urlsplit(link)
        if parts.path in {"", urlsplit(url).path}:
            yield from (name for name, _value in parse_qsl(parts.query, keep_blank_values=True))
    for form in reader.found:
        if form.method == "get" and form.path == urlsplit(url).path:
            yield from (each.name for each in form.inputs)
