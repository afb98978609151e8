"""What the rooms of a group refuse, each in a sentence for people."""

from flask_babel import lazy_gettext as _

from app.core.errors import Invalid, NotAllowed, NotFound, Refused


class MayNot(NotAllowed):
    """The member's roles do not allow this."""

    code = "may_not"
    sentence = _("Your role in this group does not allow that. Ask a leader if you need it.")


class GroupSuspended(NotAllowed):
    """The group was suspended or dissolved; its members may look and export, and change nothing."""

    code = "group_suspended"
    sentence = _("This group is suspended or dissolved. You can read everything, but nothing can be changed.")


class SecondFactorMissing(NotAllowed):
    """The group asks its officers for a second step at sign-in."""

    code = "second_factor_missing"
    sentence = _("This group asks its officers for a second step at sign-in. Set it up under Security, then come back.")


class SecondFactorFirst(Refused):
    """Somebody asks of all officers what they do not have themselves, and would shut themselves out."""

    code = "second_factor_first"
    sentence = _("Set up a second step for yourself first (Account, Security). Without it you would shut yourself out.")


class BadName(Invalid):
    """No name, or one without a letter or digit."""

    code = "bad_name"
    sentence = _("Enter a name with at least one letter or digit.")


class BadEmail(Invalid):
    """Not an e-mail address that mail can be sent to."""

    code = "bad_email"
    sentence = _("This is not an e-mail address. Write it like amina@example.com.")


class BadPhone(Invalid):
    """Not a phone number, or one whose country nobody can tell."""

    code = "bad_phone_number"
    sentence = _("This is not a phone number. Write it with its country code, like +254712345678.")


class BadCountry(Invalid):
    """Not the two letters of a country."""

    code = "bad_country"
    sentence = _("There is no such country. Choose one from the list.")


class UnknownRole(Invalid):
    """A role that does not exist."""

    code = "unknown_role"
    sentence = _("There is no role “%(name)s”.")


class NoRole(Invalid):
    """Nobody is in a group without a role."""

    code = "no_role"
    sentence = _("Choose at least one role.")


class AuditorIsOfficer(Invalid):
    """An auditor checks the officers, so nobody is both."""

    code = "auditor_is_officer"
    sentence = _("An auditor checks the officers and cannot be one. Take the other role away first.")


class LastLeader(Refused):
    """A group without a leader could give nobody a role any more."""

    code = "last_leader"
    sentence = _("This is the only leader who can sign in. Make someone else a leader first.")


class IdentifierTaken(Refused):
    """Another member has this number."""

    code = "identifier_taken"
    sentence = _("Another member already has the number “%(identifier)s”.")


class EmailTaken(Refused):
    """Another member has this address."""

    code = "email_taken"
    sentence = _("%(name)s already has the address %(email)s.")


class TooManyMembers(Refused):
    """The group's limit is reached."""

    code = "too_many_members"
    sentence = _(
        "This group may have %(limit)s members, and that would make %(wanted)s. Raise the limit in the settings."
    )


class WrongStatus(Refused):
    """A step that makes no sense from where the member stands."""

    code = "wrong_status"
    sentence = _("This cannot be done with a member who is %(standing)s.")


class StillHolds(Refused):
    """A member cannot leave while something of theirs is in the books."""

    code = "still_holds"
    sentence = _("%(name)s cannot leave yet: %(reasons)s")


class OwnAccess(Refused):
    """Nobody suspends oneself by mistake, or gives oneself rights."""

    code = "own_access"
    sentence = _("You cannot change your own access. Ask another leader.")


class Stale(Refused):
    """Someone else changed the record after this page was shown."""

    code = "stale"
    sentence = _("Someone else changed this after you opened the page. Look at the values below and save again.")


class NoAddress(Invalid):
    """An invitation needs an e-mail address."""

    code = "no_address"
    sentence = _("Enter the e-mail address to which the invitation goes.")


class AlreadySignsIn(Refused):
    """The member has a sign-in; there is nobody to invite."""

    code = "already_signs_in"
    sentence = _("%(name)s already signs in to this group.")


class NobodyInvited(Invalid):
    """The list was empty."""

    code = "nobody_invited"
    sentence = _("Write at least one person: a name and an e-mail address on each line.")


class InvitationEnded(NotFound):
    """The link was used, withdrawn, has expired, or never was one."""

    code = "invitation_ended"
    sentence = _("This invitation is no longer valid. Ask the group to send you a new one.")


class OtherAddress(Refused):
    """The person signed in is not the one who was invited."""

    code = "other_address"
    sentence = _("This invitation was sent to %(email)s. Sign in with that address to accept it.")


class ConfirmAddress(Refused):
    """The person has not shown yet that the address is theirs."""

    code = "confirm_address"
    sentence = _("Confirm your e-mail address first, then open this invitation again.")


class AlreadyHere(Refused):
    """The person is in the group as another member."""

    code = "already_here"
    sentence = _("You are already a member of this group.")


class BadPolicy(Invalid):
    """A rule of the group that cannot be used."""

    code = "bad_policy"
    sentence = _("This rule cannot be used.")


class PolicyInThePast(Invalid):
    """A new version would change how the past was judged."""

    code = "policy_in_the_past"
    sentence = _("New rules can start today at the earliest.")


class ThresholdTooSoon(Invalid):
    """Nobody switches the second person off for a movement of the same day."""

    code = "threshold_too_soon"
    sentence = _(
        "A higher threshold, or none, can start tomorrow at the earliest, so that everyone who approves movements hears"
        " of it before it holds."
    )


class UnknownSetting(NotFound):
    """There is no such setting."""

    code = "unknown_setting"
    sentence = _("There is no such setting.")


class ProtectedSetting(NotAllowed):
    """A setting that nobody changes in the browser."""

    code = "protected_setting"
    sentence = _("This setting is protected and cannot be changed here.")


class BadSetting(Invalid):
    """A value that a setting cannot have."""

    code = "bad_setting"
    sentence = _("Enter a value between %(lowest)s and %(highest)s.")
