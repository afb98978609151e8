"""What signing in, passwords, links and second factors refuse, each with a sentence that tells nothing to strangers."""

from flask_babel import lazy_gettext as _

from app.core.errors import Invalid, NotAllowed, NotFound, Refused


class PasswordRefused(Invalid):
    """A password that would be guessed, or cannot be taken."""

    code = "password_refused"

    def __init__(self, **places: object) -> None:
        super().__init__(field="password", **places)


class PasswordTooShort(PasswordRefused):
    """Fewer characters than `least`."""

    code = "password_too_short"
    sentence = _("Use at least %(least)d characters. A few words that only you would put together do well.")


class PasswordTooLong(PasswordRefused):
    """More characters than `most`."""

    code = "password_too_long"
    sentence = _("Use at most %(most)d characters.")


class PasswordCommon(PasswordRefused):
    """On the list of passwords that are tried first, or one of them with figures and signs around it."""

    code = "password_common"
    sentence = _("This is among the passwords that are guessed first. Choose another one.")


class PasswordRegular(PasswordRefused):
    """One piece again and again, or a row of neighbours."""

    code = "password_regular"
    sentence = _("This repeats one piece or follows a row, so it is guessed quickly. Mix different words.")


class PasswordPersonal(PasswordRefused):
    """It holds a word that whoever knows the person, or this site, would try."""

    code = "password_personal"
    sentence = _("Leave “%(word)s” out of your password: people who know you would try that first.")


class BadPhone(Invalid):
    """Not a telephone number with its country code."""

    code = "bad_phone"
    sentence = _("Enter the number with its country code, like +254 712 345 678.")

    def __init__(self) -> None:
        super().__init__(field="phone")


class WrongPassword(Invalid):
    """The password of the person who is signed in, typed once more, is not right."""

    code = "wrong_password"
    sentence = _("That is not your password.")


class SignInRefused(Invalid):
    """One answer for an unknown address, a wrong password and a pause: a stranger learns nothing from it."""

    code = "sign_in_refused"
    sentence = _(
        "That address and password do not go together, or there were too many tries. "
        "Check both, wait half an hour, or set a new password."
    )


class AccountClosed(NotAllowed):
    """The account was suspended or given up; told only to someone with its password."""

    code = "account_closed"
    sentence = _("This account cannot be used. Write to us if you think that is a mistake.")


class ConfirmFirst(Invalid):
    """A week has passed without the address being confirmed; told only to someone with the password."""

    code = "confirm_first"
    sentence = _("Confirm your e-mail address first: open the link in the mail that we have just sent you.")


class WrongCode(Invalid):
    """A second factor that is wrong, used already or out of time, or a pause after too many tries."""

    code = "wrong_code"
    sentence = _(
        "That code is not right, or it was used already. Wait for the next one. "
        "After five wrong codes there is a pause of half an hour."
    )

    def __init__(self) -> None:
        super().__init__(field="code")


class LinkUsed(Refused):
    """A link that was never ours, was used, is too old, or belongs to something else: one answer for all of them."""

    code = "link_used"
    sentence = _("This link has been used or is too old. Ask for a new one.")


class AddressTaken(Refused):
    """Someone else confirmed this address in the meantime."""

    code = "address_taken"
    sentence = _("This address belongs to an account already. Nothing was changed.")


class SecondFactorOn(Refused):
    """There is a second factor already."""

    code = "second_factor_on"
    sentence = _("Your second step is switched on already.")


class SecondFactorOff(Refused):
    """There is no second factor, or none that was begun."""

    code = "second_factor_off"
    sentence = _("Your second step is not switched on. Start again.")


class PasskeyRefused(Invalid):
    """A passkey that is not known here, signed something else, or too late: one answer for all of them."""

    code = "passkey_refused"
    sentence = _("That passkey was not accepted. Try again, or use another way.")


class PasskeyUnknown(NotFound):
    """No passkey of this person."""

    code = "passkey_unknown"
    sentence = _("You have no such passkey.")


class TooManyPasskeys(Refused):
    """More than anyone has devices."""

    code = "too_many_passkeys"
    sentence = _("You have %(most)d passkeys already. Remove one that you no longer use.")


class PasswordPaused(Invalid):
    """The password was typed wrongly five times by someone who is signed in."""

    code = "password_paused"
    sentence = _(
        "That is not your password, or there were too many tries. After five there is a pause of half an hour."
    )

    def __init__(self) -> None:
        super().__init__(field="password")
