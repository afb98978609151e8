"""The application as a worker sees it: one per process, made after the fork, with the worker's database role."""

from functools import lru_cache

from flask import Flask

from app.factory import create_app


@lru_cache(maxsize=1)
def application() -> Flask:
    """This process's application."""
    return create_app(role="worker")
