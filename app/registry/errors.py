"""What the register refuses, each with a sentence for people."""

from flask_babel import lazy_gettext as _

from app.core.errors import Invalid, NotFound, Refused


class CodeMissing(Invalid):
    """No code, or more than forty characters, or nothing that can be read."""

    code = "code_missing"
    sentence = _("Give it a code of at most 40 characters with a letter or a digit in it.")


class CodeTaken(Refused):
    """Another one has this code."""

    code = "code_taken"
    sentence = _("The code “%(code)s” is taken already.")


class NameMissing(Invalid):
    """Somebody from outside the group without a name."""

    code = "party_name_missing"
    sentence = _("Enter a name of at most 120 characters.")


class NameNotHere(Invalid):
    """A name for somebody whose name stands elsewhere."""

    code = "name_not_here"
    sentence = _("The name of a member or of the group stands with the member or the group; it is not given here.")


class SetNameTaken(Refused):
    """Another set has this name."""

    code = "set_name_taken"
    sentence = _("There is a set called “%(name)s” already.")


class BadDetail(Invalid):
    """Longer than any tax number, telephone or address."""

    code = "bad_detail"
    sentence = _("This is longer than %(limit)s characters.")


class BadFamilyCount(Invalid):
    """Not a number of persons."""

    code = "bad_family_count"
    sentence = _("Enter how many persons are counted, from 0 to 99.")


class MemberHasParty(Refused):
    """A member is one party and no more."""

    code = "member_has_party"
    sentence = _("This member stands in the register already, as %(code)s.")


class PartyLinked(Refused):
    """Whose party it is does not change."""

    code = "party_linked"
    sentence = _("This party is a member, or the group itself, already.")


class GroupHasParty(Refused):
    """The group is one party and no more."""

    code = "group_has_party"
    sentence = _("The group itself stands in the register already, as %(code)s.")


class GroupIsCompany(Invalid):
    """The group cannot be a natural person, nor a member at once."""

    code = "group_is_company"
    sentence = _("The group itself is no natural person and no member. Choose company, and no member.")


class NoSuchParty(NotFound):
    """No party of this group has that id."""

    code = "no_such_party"
    sentence = _("There is no such party.")


class NoSuchUnit(NotFound):
    """No unit of this group has that id."""

    code = "no_such_unit"
    sentence = _("There is no such unit.")


class NoSuchDeed(NotFound):
    """No deed of this group has that id."""

    code = "no_such_deed"
    sentence = _("There is no such deed.")


class NoSuchSet(NotFound):
    """No set of deeds has that id."""

    code = "no_such_set"
    sentence = _("There is no such set.")


class NoSuchAsset(NotFound):
    """No asset of the group has that id."""

    code = "unknown_asset"
    sentence = _("There is no such asset.")


class PartyInactive(Refused):
    """A party that was put aside takes no new part."""

    code = "party_inactive"
    sentence = _("%(party)s was put aside. Take it up again first.")


class UnitInactive(Refused):
    """A unit that was put aside takes no new part."""

    code = "unit_inactive"
    sentence = _("Unit %(unit)s was put aside. Take it up again first.")


class BadArea(Invalid):
    """Not an area in square metres."""

    code = "bad_area"
    sentence = _("Enter an area in square metres above zero, with at most two decimals.")


class BadPercent(Invalid):
    """Not a percentage that can be kept."""

    code = "bad_percentage"
    sentence = _("Enter a percentage between 0 and 100, with at most four decimals.")


class NoOwners(Invalid):
    """A deed that nobody holds."""

    code = "no_owners"
    sentence = _("Name at least one owner.")


class OwnerTwice(Invalid):
    """The same party twice on one deed."""

    code = "owner_twice"
    sentence = _("%(party)s stands among the owners twice. Write one line with the whole share.")


class SharesNotWhole(Invalid):
    """The shares of a deed's owners do not total 100."""

    code = "shares_not_whole"
    sentence = _("The owners’ shares come to %(total)s%%, and must come to exactly 100%%.")


class DaysBackwards(Invalid):
    """An end before the beginning."""

    code = "days_backwards"
    sentence = _("The last day comes before the first one.")


class DeedsOverlap(Refused):
    """Two deeds of one unit would be in force in one month."""

    code = "deeds_overlap"
    sentence = _("Unit %(unit)s has another deed in force in %(month)s. End that one first.")


class DeedEnded(Refused):
    """It was withdrawn or has ended."""

    code = "deed_ended"
    sentence = _("This deed has ended or was withdrawn already.")


class UnknownParty(Invalid):
    """Nobody in the register was meant by what was typed."""

    code = "unknown_party"
    sentence = _("Nobody in the register is “%(text)s”. Choose from the suggestions, or add the party first.")


class SeveralParties(Invalid):
    """Several parties are called so."""

    code = "several_parties"
    sentence = _("Several are called so: %(names)s. Write the code.")


class UnknownUnit(Invalid):
    """No unit has the code that was typed."""

    code = "unknown_unit"
    sentence = _("There is no unit “%(text)s”. Choose from the suggestions, or add the unit first.")


class SentOtherwise(Refused):
    """The second time a form is sent it must say what it said the first time."""

    code = "sent_otherwise"
    sentence = _("This form was already sent with other content. Reload the page and see what was recorded.")


class NotANumber(Invalid):
    """Not a number where one is asked for."""

    code = "not_a_number"
    sentence = _("Enter a number such as 12.5.")


class NoDeed(Invalid):
    """A unit that nobody holds a deed of."""

    code = "no_deed"
    sentence = _("Unit %(unit)s has no deed yet. Add it first.")
