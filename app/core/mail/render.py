"""From a template and its data to the texts of a mail, in the reader's language, with links to our own site only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import force_locale
from jinja2 import TemplateNotFound

from app.config import Settings
from app.core.platform_settings import platform_setting


@dataclass(frozen=True)
class Written:
    """A mail as it will be read."""

    subject: str
    text: str
    html: str | None


def link(place: str, **values: Any) -> str:
    """The absolute address of an endpoint, or of a path that begins with a slash.

    It is built from the settings and never from a request, whose Host header anyone can choose.
    """
    base = _settings().base_url.rstrip("/")
    if place.startswith("/"):
        return base + place
    parts = urlsplit(base)
    site = current_app.url_map.bind(parts.netloc, script_name=parts.path or "/", url_scheme=parts.scheme)
    return site.build(place, values, force_external=True)


def written(template: str, data: Mapping[str, Any], *, locale: str) -> Written:
    """Render `emails/<template>.txt` and, where there is one, `.html`. The first line of the text is the subject."""
    env = current_app.jinja_env
    places = {
        **data,
        "link": link,
        "site": _settings().base_url,
        "footer": platform_setting("mail_footer"),
        "html_lang": lambda: locale,
    }
    with force_locale(locale):
        text = env.get_template(f"emails/{template}.txt").render(places)
        try:
            html = env.get_template(f"emails/{template}.html").render(places)
        except TemplateNotFound as error:
            if error.name != f"emails/{template}.html":
                raise
            html = None
    subject, _, body = text.strip().partition("\n")
    return Written(one_line(subject), _tidy(body), html)


def one_line(text: str) -> str:
    """The text without line breaks: nothing in a header can begin another one."""
    return " ".join(text.split())


def _tidy(text: str) -> str:
    lines = [line.rstrip() for line in text.strip().splitlines()]
    kept = [line for n, line in enumerate(lines) if line or (n and lines[n - 1])]
    return "\n".join(kept) + "\n"


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
