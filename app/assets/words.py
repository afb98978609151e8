"""What ways and states of assets are called by people."""

from flask_babel import lazy_gettext as _

WAYS = {
    "converted": _("Converted from investments"),
    "bought": _("Bought with everybody’s savings"),
    "given": _("Received for nothing"),
}


def way_word(way: str) -> object:
    """How an asset came to the group."""
    return WAYS[way]
