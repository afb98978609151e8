"""Founding a group, and its profile afterwards."""

import uuid
from collections.abc import Mapping
from typing import Any

from babel import Locale
from sqlalchemy.dialects import postgresql

from app.audit.log import record
from app.auth.models import UserAccount
from app.core import clock
from app.core.db import enter, platform, session
from app.core.errors import Invalid
from app.core.ids import new_id
from app.core.money import check_currency
from app.core.periods import UnknownZone, zone_named
from app.groups.contacts import name_of
from app.groups.errors import BadCountry, Stale, TooManyMembers
from app.groups.models import GroupPolicy, Member, SavingsGroup
from app.groups.policy import GroupRules
from app.groups.queries import group, places_taken
from app.groups.rules import fingerprint, slugs
from app.web.i18n import LANGUAGES

CATEGORIES = ("savings", "investment", "credit", "mixed")
PROFILE = ("name", "category", "country", "time_zone", "locale", "registration_number", "max_members")
MOST_MEMBERS = 10_000


def found_group(
    *,
    name: str,
    currency: str,
    country: str,
    time_zone: str,
    locale: str,
    founder_account: UserAccount,
    rules: Mapping[str, Any],
    category: str = "savings",
    founder_name: str | None = None,
    registration_number: str | None = None,
    max_members: int = 50,
    key: str | None = None,
) -> SavingsGroup:
    """Found a group and enter it in this unit of work; the founder is its leader and first member.

    `rules` are the first version of the policy. With a `key` a second press finds the first group. The slug is nobody
    else's and stays for good, however the group is renamed. Raises Invalid with the name of the field.
    """
    group_id = uuid.uuid5(founder_account.id, key) if key else new_id()
    enter(group_id)
    if key and (found := platform().get(SavingsGroup, group_id)):
        return found
    GroupRules.stored(rules)
    where = {"country": country, "time_zone": time_zone, "locale": locale}
    limits = {"registration_number": registration_number, "max_members": max_members}
    made = _insert(group_id, check_currency(currency), _checked({"name": name, "category": category} | where | limits))
    founder = _founder(made, founder_account, founder_name)
    first = GroupPolicy(version=1, effective_on=clock.today(made.time_zone), rules=dict(rules), recorded_by=founder.id)
    session().add(first)
    session().flush()
    record("create", "group", group_id, by=founder.id, after=_profile(made) | {"currency": made.currency})
    return made


def _insert(group_id: uuid.UUID, currency: str, profile: Mapping[str, Any]) -> SavingsGroup:
    for slug in slugs(profile["name"]):
        # Other groups cannot be seen from here, so the database is asked by trying.
        taken = (
            postgresql.insert(SavingsGroup)
            .values(id=group_id, slug=slug, currency=currency, status="active", **profile)
            .on_conflict_do_nothing(index_elements=["slug"])
            .returning(SavingsGroup.id)
        )
        if platform().scalar(taken) is not None:
            break
    return platform().get_one(SavingsGroup, group_id)


def _founder(made: SavingsGroup, account: UserAccount, name: str | None) -> Member:
    founder = Member(
        id=new_id(),
        user_id=account.id,
        identifier=account.email.lower(),
        display_name=name_of(name or account.name),
        email=account.email.lower(),
        phone=account.phone,
        joined_on=clock.today(made.time_zone),
        roles=["leader", "member"],
    )
    session().add(founder)
    session().flush()
    return founder


def edit_group(*, by: uuid.UUID, version: str | None = None, **changes: Any) -> SavingsGroup:
    """Change the group's profile (PROFILE; the currency and the slug never change).

    `version` is the fingerprint of the profile as it was shown. Raises Stale, TooManyMembers, Invalid.
    """
    edited = group()
    before = _profile(edited)
    if version is not None and version != fingerprint(before):
        raise Stale
    wanted = _checked(before | {name: changes[name] for name in PROFILE if name in changes})
    if wanted["max_members"] < (taken := places_taken()):
        raise TooManyMembers(field="max_members", limit=wanted["max_members"], wanted=taken)
    for name, value in wanted.items():
        setattr(edited, name, value)
    platform().flush()
    record("update", "group", edited.id, by=by, before=before, after=_profile(edited))
    return edited


def profile_version() -> str:
    """The fingerprint of the profile as it is now, for the form that shows it."""
    return fingerprint(_profile(group()))


def _profile(row: SavingsGroup) -> dict[str, Any]:
    return {name: getattr(row, name) for name in PROFILE}


def _checked(profile: Mapping[str, Any]) -> dict[str, Any]:
    try:
        zone_named(profile["time_zone"])
    except UnknownZone as error:
        raise UnknownZone(field="time_zone") from error
    country = str(profile["country"]).upper()
    if len(country) != 2 or country not in Locale("en").territories:
        raise BadCountry(field="country")
    for field, known in (("category", CATEGORIES), ("locale", LANGUAGES)):
        if profile[field] not in known:
            raise Invalid(field=field)
    if not 1 <= profile["max_members"] <= MOST_MEMBERS:
        raise Invalid(field="max_members")
    registration = (profile["registration_number"] or "").strip() or None
    return {**profile, "name": _named(profile["name"]), "country": country, "registration_number": registration}


def _named(name: str) -> str:
    try:
        return name_of(name)
    except Invalid as error:
        raise type(error)(field="name") from error
