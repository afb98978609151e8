"""The blueprint of this room's pages, which its views files fill."""

from flask import Blueprint

bp = Blueprint("auth", __name__)
