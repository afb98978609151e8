"""What the pages of levies show, and the levy that a form says."""

import uuid
from decimal import Decimal

from flask_babel import gettext as _

from app.dues.configs import Levy, edit_config, make_config, terms_of
from app.dues.forms import LevyForm, id_or_none
from app.dues.models import AssessmentConfig
from app.dues.rules import Basis, Frequency, Method, NotWhole, Terms
from app.dues.words import dues_word
from app.ledgers.accounts import account
from app.ledgers.heads import today
from app.ledgers.queries import expense_accounts
from app.registry.lists import set_lines
from app.registry.queries import set_row
from app.web.filters import money


def levy_form(row: AssessmentConfig | None = None) -> LevyForm:
    """The form, with what a levy says now."""
    sets = [(line.set.id, line.set.name) for line in set_lines(today()) if line.set.active or _has(row, line.set.id)]
    categories = [(account.id, account.label) for account in expense_accounts()]
    return LevyForm(data=_said(row) if row else None, sets=sets, categories=categories)


def _has(row: AssessmentConfig | None, set_id: uuid.UUID) -> bool:
    return row is not None and row.set_id == set_id


def _said(row: AssessmentConfig) -> dict[str, object]:
    same = ("name", "basis", "method", "frequency", "yearly", "day_due", "split_by_owners", "not_whole", "base_amount")
    told: dict[str, object] = {name: getattr(row, name) for name in same}
    return told | {"allocation_set": str(row.set_id or ""), "category": str(row.category_id or "")}


def levy_of(form: LevyForm) -> Levy:
    """The levy that a valid form says. What a levy on members has no use for is left out."""
    on_deeds = form.basis.data == Basis.DEEDS
    terms = Terms(
        basis=Basis(form.basis.data),
        method=Method(form.method.data),
        base=form.base_amount.amount or Decimal(0),
        frequency=Frequency(form.frequency.data),
        yearly=bool(form.yearly.data),
        split_by_owners=bool(form.split_by_owners.data),
        not_whole=NotWhole(form.not_whole.data) if on_deeds else NotWhole.REFUSE,
        day_due=form.day_due.data or 1,
    )
    name = " ".join((form.name.data or "").split())
    return Levy(name, terms, id_or_none(form.allocation_set.data), id_or_none(form.category.data))


def add(form: LevyForm, *, by: uuid.UUID) -> uuid.UUID:
    """Make the levy of the form; its id."""
    return make_config(levy_of(form), by=by, key=form.key).id


def change(form: LevyForm, row: AssessmentConfig, *, by: uuid.UUID) -> None:
    """Change a levy as the form says."""
    edit_config(row.id, levy_of(form), by=by)


def told(row: AssessmentConfig) -> list[tuple[str, object]]:
    """What a levy says, in pairs of a label and words."""
    terms = terms_of(row)
    pairs: list[tuple[str, object]] = [
        (_("On whom"), dues_word(terms.basis)),
        (_("How the amount is found"), dues_word(terms.method)),
        (_("Amount"), money(terms.base) if not terms.yearly else _("%(amount)s a year", amount=money(terms.base))),
        (_("How often"), dues_word(terms.frequency)),
        (_("Day due"), str(terms.day_due)),
    ]
    if terms.basis is Basis.DEEDS:
        named = set_row(row.set_id).name if row.set_id else _("All deeds")
        billed = _("Each owner by own share") if terms.split_by_owners else _("Who answers for the unit")
        pairs += [(_("Over which deeds"), named), (_("Billed to"), billed)]
    if terms.method is Method.INDIVISO:
        pairs.append((_("When the parts of the building do not total 100%"), dues_word(terms.not_whole)))
    if row.category_id:
        pairs.append((_("For which expenses"), account(row.category_id).label))
    return pairs
