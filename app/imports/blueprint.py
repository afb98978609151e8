"""The blueprint on which every module of views of this room hangs its pages."""

from app.groups.access import group_blueprint

bp = group_blueprint("imports", __name__, prefix="/imports")
