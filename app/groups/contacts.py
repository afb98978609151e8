"""Names, addresses and phone numbers as people type them, made into the one form that is stored."""

import unicodedata

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from app.core import mail
from app.groups.errors import BadEmail, BadName, BadPhone

LONGEST_NAME = 120


def name_of(text: str) -> str:
    """A name without superfluous space. Raises BadName."""
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not any(sign.isalnum() for sign in name) or len(name) > LONGEST_NAME:
        raise BadName(field="display_name")
    return name


def email_of(text: str) -> str:
    """An address in lower case, so that it is known again however it was typed. Raises BadEmail."""
    try:
        checked = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise BadEmail(field="email") from error
    address = (checked.ascii_email or "").lower()
    if not mail.usable(address):
        raise BadEmail(field="email")
    return address


def phone_of(text: str, country: str) -> str:
    """A phone in E.164; one without a country code is taken as the group's. Raises BadPhone."""
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException as error:
        raise BadPhone(field="phone") from error
    if not phonenumbers.is_possible_number(number):
        raise BadPhone(field="phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
