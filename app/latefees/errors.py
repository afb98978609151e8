"""What late penalties refuse, each with the sentence that says how to go on."""

from flask_babel import lazy_gettext as _

from app.core.errors import Invalid, NotFound, Refused


class NoSuchRule(NotFound):
    """There is no penalty rule with this id in the group."""

    code = "no_such_penalty_rule"
    sentence = _("There is no such penalty rule in this group.")


class NoSuchProposal(NotFound):
    """There is no proposed penalty with this id in the group."""

    code = "no_such_penalty_proposal"
    sentence = _("There is no such proposed penalty in this group.")


class RuleNameTaken(Invalid):
    """Another rule of the group is called so."""

    code = "penalty_rule_name_taken"
    sentence = _("There is a penalty rule called “%(name)s” already. Choose another name.")


class RulePlaceTaken(Invalid):
    """One rule in use for each levy, for each set, and for all dues."""

    code = "penalty_rule_place_taken"
    sentence = _("“%(name)s” is in use for just these dues. Stop it first, or change it.")


class OnePlace(Invalid):
    """A rule is of a levy, of a set, or of all dues."""

    code = "penalty_rule_one_place"
    sentence = _("Choose a levy or a set of deeds, not both.")


class NoSuchPlace(Invalid):
    """There is no such levy or set in the group."""

    code = "no_such_place_of_rule"
    sentence = _("Choose one of the group’s levies or sets of deeds.")


class BadDays(Invalid):
    """Days that are none."""

    code = "bad_days_past_due"
    sentence = _("Choose between 0 and 3,650 days.")


class BadPercentage(Invalid):
    """Not a percentage that a penalty may have."""

    code = "bad_penalty_percentage"
    sentence = _("Choose a percentage above 0 and up to 100, with at most four decimals.")


class BadLimit(Invalid):
    """A limit below nought."""

    code = "bad_penalty_limit"
    sentence = _("This may not be below nought.")


class NothingChosen(Invalid):
    """Nothing was chosen in the list."""

    code = "no_penalty_chosen"
    sentence = _("Choose at least one of the proposals.")


class DecidedAlready(Refused):
    """All that was chosen was decided or withdrawn meanwhile."""

    code = "penalties_decided_already"
    sentence = _("These were decided or withdrawn meanwhile. Reload the page.")


class PaidMeanwhile(Refused):
    """What is known of payments has changed since it was proposed."""

    code = "penalty_paid_meanwhile"
    sentence = _(
        "%(count)s of these no longer come to what was proposed, because of payments recorded since. Look for late dues"
        " again, and review what stands then."
    )


class ReasonNeeded(Invalid):
    """Why a penalty is not charged is kept."""

    code = "penalty_reason_missing"
    sentence = _("Say why they are declined.")
