"""Words of late penalties for people."""

from collections.abc import Mapping

from flask_babel import LazyString, lazy_gettext, ngettext
from flask_babel import gettext as _

from app.latefees.rules import Base, Kind, Repeats, Terms
from app.web.filters import money, percent

WORDS: Mapping[str, LazyString] = {
    Kind.PERCENTAGE: lazy_gettext("A percentage"),
    Kind.FIXED: lazy_gettext("A fixed amount"),
    Base.UNPAID: lazy_gettext("Of what is unpaid"),
    Base.ORIGINAL: lazy_gettext("Of the whole charge"),
    Repeats.ONCE: lazy_gettext("Once"),
    Repeats.MONTHLY: lazy_gettext("Every calendar month"),
}


def cost(terms: Terms) -> str:
    """What being late costs: 5% of what is unpaid, or 10.00."""
    if terms.kind is Kind.FIXED:
        return money(terms.value)
    if terms.base is Base.UNPAID:
        return str(_("%(percent)s of what is unpaid", percent=percent(terms.value)))
    return str(_("%(percent)s of the whole charge", percent=percent(terms.value)))


def grace(days: int) -> str:
    """When it is charged for the first time."""
    if not days:
        return str(_("From the day after the due day"))
    said = "Once more than one day past due", "Once more than %(num)d days past due"
    return str(ngettext(*said, days))


def limits(terms: Terms) -> str:
    """The least balance and the cap, in words."""
    said = []
    if terms.minimum:
        said.append(_("not below %(amount)s unpaid", amount=money(terms.minimum)))
    if terms.cap:
        said.append(_("at most %(amount)s on one charge", amount=money(terms.cap)))
    return ", ".join(said)


def terms_told(terms: Terms) -> list[tuple[str, object]]:
    """The terms of a rule, in pairs of a label and words."""
    return [
        (_("What it costs"), cost(terms)),
        (_("When"), grace(terms.days)),
        (_("How often"), str(WORDS[terms.repeats])),
        (_("Where less is unpaid, nothing"), money(terms.minimum) if terms.minimum else _("No least balance")),
        (_("At most on one charge"), money(terms.cap) if terms.cap else _("No cap")),
    ]
