"""Shapes of the group itself: profile, rules and settings."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field
from pydantic import WithJsonSchema as Described

from app.core.money import MAX_AMOUNT
from app.groups import services
from app.groups.catalogue import Category, Kind, Setting
from app.groups.models import SavingsGroup
from app.groups.policy import LONGEST_DISCLAIMER, Policy
from app.web.api.shapes import Amount, AmountOrNothing, Day, Long, Moment, Shape, Text
from app.web.i18n import LANGUAGES

Sort = Literal["savings", "investment", "credit", "mixed"]
Language = Annotated[str, Described({"type": "string", "enum": list(LANGUAGES)})]
Words = Literal[""] | Annotated[Long, Field(max_length=1_000)]


class GroupOut(Shape):
    """The group. `places_taken` counts members against `max_members`; `version` names the profile shown here."""

    slug: str
    name: str
    category: Sort
    status: str
    currency: str
    country: str
    time_zone: str
    locale: str
    registration_number: str | None
    max_members: int
    places_taken: int
    created_at: Moment
    set_up_at: Moment | None
    version: str


class GroupIn(Shape):
    """The group's profile, all of it; the currency and the name in addresses never change.

    With the `version` that was read, it is refused when somebody changed the profile meanwhile.
    """

    name: Annotated[Text, Field(max_length=120)]
    category: Sort
    country: Annotated[Text, Field(min_length=2, max_length=2)]
    time_zone: Text
    locale: Language
    registration_number: Annotated[Text, Field(max_length=60)] | None
    max_members: Annotated[int, Field(ge=1, le=10_000)]
    version: Annotated[Text, Field(max_length=32)] | None = None


class RulesOut(Shape):
    """A version of the rules: above `approval_threshold` a second person approves, null asks for nobody."""

    version: int
    effective_on: Day
    in_force: bool
    approval_threshold: AmountOrNothing | None
    maximum_amount: Amount
    disclaimer: str | None


class RulesIn(Shape):
    """Rules from a day on. All is said, null too: what is left out by mistake must not lift a rule."""

    effective_on: Day
    approval_threshold: AmountOrNothing | None
    maximum_amount: Amount
    disclaimer: Annotated[Long, Field(max_length=LONGEST_DISCLAIMER)] | None


class RulesOn(Shape):
    """The day whose rules are asked for; left out, today."""

    on: Day | None = None


class SettingSearch(Shape):
    """Settings of one page."""

    category: Category | None = None


class SettingOut(Shape):
    """A setting: a secret is not told, a protected one is not changed."""

    name: str
    category: Category
    kind: Kind
    label: str
    value: bool | int | str | None
    lowest: int | None
    highest: int | None
    secret: bool
    protected: bool


class SettingsIn(Shape):
    """Settings that change; what is left out or null stays as it is."""

    contact_email: Words | None = None
    meeting_place: Words | None = None
    payment_instructions: Words | None = None
    alert_above: Annotated[int, Field(ge=0, le=int(MAX_AMOUNT))] | None = None
    idle_minutes: int | None = None
    officers_second_factor: bool | None = None
    tell_of_new_members: bool | None = None
    monthly_statements: bool | None = None
    remind_days_before: int | None = None


def group_out(row: SavingsGroup, *, taken: int) -> GroupOut:
    """The group as it is told."""
    names = GroupOut.model_fields.keys() - {"places_taken", "version"}
    told = {name: getattr(row, name) for name in names}
    return GroupOut.model_validate(told | {"places_taken": taken, "version": services.profile_version()})


def rules_out(policy: Policy, current: Policy) -> RulesOut:
    """A version of the rules as it is told."""
    told = {name: getattr(policy.group, name) for name in ("approval_threshold", "maximum_amount", "disclaimer")}
    about = {"version": policy.version, "effective_on": policy.effective_on}
    return RulesOut.model_validate(told | about | {"in_force": policy.version == current.version})


def setting_out(known: Setting, values: Mapping[str, Any]) -> SettingOut:
    """A setting as it is told."""
    bounded = known.kind is Kind.WHOLE
    told = {name: getattr(known, name) for name in ("name", "category", "kind", "secret", "protected")}
    bounds = {"lowest": known.lowest if bounded else None, "highest": known.highest if bounded else None}
    value = None if known.secret else values[known.name]
    return SettingOut.model_validate(told | bounds | {"label": str(known.label), "value": value})
