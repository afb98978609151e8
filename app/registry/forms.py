"""Forms of the register: shape and wording, no rules."""

import re
import uuid
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    EmailField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    SubmitField,
    TelField,
)
from wtforms import Form as InnerForm
from wtforms.validators import InputRequired, Length, NumberRange, Optional, StopValidation

from app.core.errors import DomainError
from app.groups.models import Member
from app.registry.errors import NotANumber
from app.registry.models import AllocationSet, Unit
from app.registry.picking import offered_parties, offered_units, party_typed, unit_typed
from app.registry.queries import PartyNamed
from app.registry.rules import KINDS, MOST_OWNERS, TYPES, USAGES, Share
from app.web.forms import DayField, Form, choices

REQUIRED = InputRequired(_("Fill this in."))
LINES = 3
OUTSIDE = ("", _("Somebody from outside the group"))
_NUMBER = re.compile(r"[0-9]{1,9}(?:[.,][0-9]{1,6})?", re.ASCII)


class NumberField(StringField):
    """A plain number such as 12.5 or 12,5; its `value` is a Decimal once it is valid, None when nothing was typed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.value: Decimal | None = None

    def process_data(self, value: Any) -> None:
        super().process_data(f"{value.normalize():f}" if isinstance(value, Decimal) else value)

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002  # the signature is WTForms'
        text = (self.data or "").strip()
        if not text:
            return
        if not _NUMBER.fullmatch(text):
            raise StopValidation(str(NotANumber()))
        self.value = Decimal(text.replace(",", "."))


class PartyField(StringField):
    """Somebody of the register, by code or name; its `party` is known once it is valid."""

    longest = 180
    party: PartyNamed | None = None

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002  # the signature is WTForms'
        if not (self.data or "").strip():
            return
        try:
            self.party = party_typed(self.data or "", field=self.name)
        except DomainError as error:
            raise StopValidation(str(error)) from error

    @property
    def suggestions(self) -> list[str]:
        """What is offered while one types."""
        return offered_parties()


class UnitField(StringField):
    """A unit by its code; its `unit` is known once it is valid."""

    longest = 60
    unit: Unit | None = None

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002  # the signature is WTForms'
        if not (self.data or "").strip():
            return
        try:
            self.unit = unit_typed(self.data or "", field=self.name)
        except DomainError as error:
            raise StopValidation(str(error)) from error

    @property
    def suggestions(self) -> list[str]:
        """What is offered while one types."""
        return offered_units()


class _Party(Form):
    code = StringField(_("Code"), [Length(max=40)], description=_("Unique in the register. Left empty, one is given."))
    name = StringField(_("Name"), [Length(max=120)], description=_("Of a member it stands with the member."))
    kind = RadioField(_("Kind"), [REQUIRED], choices=choices((str(kind), word) for kind, word in KINDS.items()))
    professional = BooleanField(
        _("Pays rent as a business or professional"),
        description=_("Withholds tax on rent where the law of the country asks it."),
    )
    family_count = IntegerField(
        _("Persons in the family"),
        [Optional(), NumberRange(min=0, max=99, message=_("Enter a number from 0 to 99."))],
        description=_("Counted by the family deduction of the tax on rent."),
    )
    email = EmailField(_("E-mail address"), [Length(max=254)])
    phone = TelField(_("Phone"), [Length(max=40)])
    address = StringField(_("Address"), [Length(max=300)])
    tax_id = StringField(
        _("Tax number"),
        [Length(max=64)],
        render_kw={"autocomplete": "off"},
        description=_("Kept encrypted. Leave empty to keep what is there."),
    )


class NewPartyForm(_Party):
    """Somebody from outside, a member, or the group itself."""

    member = SelectField(_("Who it is"), choices=[])

    def __init__(self, *args: Any, members: Iterable[Member] = (), group: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = [("group", group)] if group else []
        self.member.choices = choices([OUTSIDE, *own, *_people(members)])


def _people(members: Iterable[Member]) -> list[tuple[str, Any]]:
    return [(str(row.id), f"{row.identifier} · {row.display_name}") for row in members]


class PartyForm(_Party):
    """What is known of a party, with the fingerprint of what the page showed."""

    active = BooleanField(_("Takes part"), description=_("Put aside, it is offered no more; what it has stays."))
    member = SelectField(
        _("Who it is"), choices=[], description=_("Once somebody is a member, the name stands with the member.")
    )
    version = HiddenField()

    def __init__(self, *args: Any, members: Iterable[Member] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if members is None:  # it is a member, or the group, already
            del self.member
        else:
            self.member.choices = choices([OUTSIDE, *_people(members)])


class UnitForm(Form):
    """A unit."""

    code = StringField(_("Code"), [REQUIRED, Length(max=40)], description=_("As you call it, such as A-12."))
    type = SelectField(_("Type"), [REQUIRED], choices=choices((str(kind), word) for kind, word in TYPES.items()))
    area = NumberField(_("Area in m²"), description=_("Dues per square metre need it."))
    asset = SelectField(_("Asset it belongs to"), choices=[])
    address = StringField(_("Address"), [Length(max=300)])
    active = BooleanField(_("Takes part"), default=True, description=_("Put aside, it is offered no more."))
    version = HiddenField()

    def __init__(self, *args: Any, assets: Iterable[tuple[uuid.UUID, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asset.choices = choices([("", _("None")), *((str(asset_id), name) for asset_id, name in assets)])


class OwnerLine(InnerForm):
    """An owner of a deed and the share; empty lines are left out."""

    party = PartyField(_("Owner"))
    share = NumberField(_("Share in %"))

    @property
    def is_empty(self) -> bool:
        """Nothing was typed."""
        return not any((field.data or "").strip() for field in self)


class OwnersForm(Form):
    """A form with owners and their shares. `more` asks for further lines and does nothing else."""

    owners = FieldList(FormField(OwnerLine), min_entries=LINES, max_entries=MOST_OWNERS)
    more = SubmitField(_("More lines"))
    suggestions: list[str] = []
    share_needed = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.suggestions = offered_parties()

    def validate(self, extra_validators: Any = None) -> bool:
        """True when every line that was begun names an owner and a share."""
        valid = super().validate(extra_validators)
        filled = [line for line in self.filled() if not line.errors]
        for line in filled:
            if line.party.party is None:
                line.party.errors = [str(_("Name the owner."))]
            if line.share.value is None and self.share_needed:
                line.share.errors = [str(_("Enter the share."))]
        return valid and all(not line.errors for line in filled)

    def shares(self) -> list[Share]:
        """The owners that were named."""
        lines = self.filled()
        return [
            Share(line.party.party.id, line.share.value)
            for line in lines
            if line.party.party and line.share.value is not None
        ]

    def add_lines(self) -> None:
        """Three more, up to the most there can be."""
        for _place in range(min(LINES, MOST_OWNERS - len(self.owners))):
            self.owners.append_entry()

    def filled(self) -> list[OwnerLine]:
        """The lines that were begun."""
        return [entry.form for entry in self.owners if not entry.form.is_empty]


class DeedForm(OwnersForm):
    """A deed of a unit."""

    unit = UnitField(_("Unit"), [REQUIRED])
    indiviso = NumberField(_("Indiviso in %"), [REQUIRED], description=_("Its weight in dues and votes."))
    usage = SelectField(_("Used for"), [REQUIRED], choices=choices((str(use), word) for use, word in USAGES.items()))
    responsible = PartyField(_("Who answers for it"), description=_("Left empty, its first owner."))
    starts_on = DayField(_("From"), [REQUIRED])
    ends_on = DayField(_("Last day"), [Optional()])
    sets = SelectMultipleField(_("Sets it belongs to"), choices=[], coerce=uuid.UUID)

    def __init__(self, *args: Any, sets: Iterable[AllocationSet] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sets.choices = choices((str(row.id), row.name) for row in sets)


class PassOnForm(OwnersForm):
    """A sale: new owners from a day on."""

    from_on = DayField(_("First day of the new owners"), [REQUIRED])
    responsible = PartyField(_("Who answers for it"), description=_("Left empty, the first of them."))


class DeedChangeForm(Form):
    """Who answers for a deed, and what its unit is used for."""

    responsible = PartyField(_("Who answers for it"), [REQUIRED])
    usage = SelectField(_("Used for"), [REQUIRED], choices=choices((str(use), word) for use, word in USAGES.items()))


class EndForm(Form):
    """The last day of something."""

    on = DayField(_("Last day"), [REQUIRED])


class SetForm(Form):
    """A set of deeds."""

    name = StringField(_("Name"), [REQUIRED, Length(max=80)], description=_("Such as Tower A, or Lifts."))
    active = BooleanField(_("Takes part"), default=True, description=_("Put aside, it is offered no more."))


class SetDeedForm(Form):
    """A unit whose deed is put into a set."""

    unit = UnitField(_("Unit"), [REQUIRED])
