"""Words of this room for templates and messages: rules, purposes of funds, cycles, and its own tabs."""

from flask import request, url_for
from flask_babel import LazyString, lazy_gettext
from flask_babel import gettext as _

from app.distributions.models import ShareOut
from app.distributions.rules import BASES, MEANINGS, RULES, Base, Cycle, Rule
from app.groups.access import may
from app.web.filters import day

PURPOSES = {
    "reserve": lazy_gettext("Reserve"),
    "education": lazy_gettext("Education"),
    "other": lazy_gettext("Other"),
}
TABS = (
    ("distributions.share_outs", lazy_gettext("Share-outs"), "group.see"),
    ("distributions.share_out_new", lazy_gettext("New share-out"), "money.record"),
    ("distributions.funds", lazy_gettext("Funds"), "group.see"),
)


def rule_word(rule: str) -> LazyString:
    """What a rule is called."""
    return RULES[Rule(rule)]


def rule_meanings() -> dict[str, LazyString]:
    """What each rule means, in a sentence."""
    return {str(rule): meaning for rule, meaning in MEANINGS.items()}


def base_word(base: str) -> LazyString:
    """Of what the funds' percentages are."""
    return BASES[Base(base)]


def purpose_word(purpose: str) -> LazyString:
    """What a fund is for."""
    return PURPOSES[purpose]


def cycle_of(row: ShareOut) -> Cycle:
    """The cycle of a share-out."""
    return Cycle(row.first_day, row.last_day)


def span(cycle: Cycle) -> str:
    """A cycle in words: from its first day to its last one."""
    return str(_("%(first)s to %(last)s", first=day(cycle.first), last=day(cycle.last)))


def distribution_tabs() -> list[tuple[LazyString, str, bool]]:
    """(label, address, is it this page) of the room's pages, as far as one may see them."""
    return [(text, url_for(name), name == request.endpoint) for name, text, right in TABS if may(right)]


def span_of(row: ShareOut) -> str:
    """The cycle of a share-out in words."""
    return span(cycle_of(row))
