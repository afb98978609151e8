"""A template of its own for tests of mail, so that they say nothing about the wording of any room."""

import uuid
from collections.abc import Iterator

import pytest
from flask import Flask
from jinja2 import ChoiceLoader, DictLoader

TEMPLATES = {
    "emails/hello.txt": "{% extends 'emails/base.txt' %}{% block subject %}Hello {{ name }}{% endblock %}"
    "{% block body %}Open {{ link('/mailbox') }} & smile{% endblock %}",
    "emails/hello.html": "{% extends 'emails/base.html' %}{% block title %}Hello {{ name }}{% endblock %}"
    "{% block body %}<p>{{ name }}</p>{{ button(link('health.healthz'), 'Go') }}{% endblock %}",
    "emails/bare.txt": "Bare\n\nonly text",
    "emails/broken.txt": "{{ nobody.name }}",
}


@pytest.fixture
def letters(app: Flask) -> Iterator[None]:
    """The templates `hello`, `bare` and `broken`."""
    before = app.jinja_env.loader
    app.jinja_env.loader = ChoiceLoader([DictLoader(TEMPLATES), before])  # type: ignore[list-item]  # Flask sets one
    app.jinja_env.cache.clear()  # type: ignore[union-attr]  # there is one
    yield
    app.jinja_env.loader = before


@pytest.fixture
def address() -> str:
    """An address nobody else in this process writes to: the mailbox is not rolled back."""
    return f"a{uuid.uuid4().hex[:10]}@example.com"
