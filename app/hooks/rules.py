"""What is told, how it is signed, when it is tried again, and which addresses may be told at all."""

import base64
import binascii
import hashlib
import hmac
import ipaddress
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask_babel import lazy_gettext as _

from app.hooks.errors import BadHookUrl, BadPort, BadSecret, InsideUrl

# The catalogue: `<entity>.<action>` of the audit log. What is not here is told to nobody.
EVENTS: dict[str, object] = {
    "payment.create": _("A payment was recorded"),
    "payment.reverse": _("A payment was reversed"),
    "penalty.create": _("A penalty was levied"),
    "penalty.waive": _("A penalty was waived"),
    "penalty.reverse": _("A penalty was reversed"),
    "penalty_waiver.reverse": _("A waiver of a penalty was taken back"),
    "contribution_window.create": _("A month of contributions was opened"),
    "contribution_window.waive": _("A member need not pay for a month"),
    "held_receipt.allocate": _("Money that was held was allocated"),
    "held_receipt.return": _("Money that was held was given back"),
    "statement_line.allocate": _("A line of an imported statement was allocated"),
    "statement_line.reverse": _("What was made of a line of a statement was taken back"),
    "entry.create": _("An entry was made by hand"),
    "entry.reverse": _("An entry was reversed"),
    "opening_balances.create": _("Opening balances were recorded"),
    "month.close": _("A month was closed"),
    "account.create": _("A category was added"),
    "cash_account.create": _("A cash account was added"),
    "cash_account.update": _("A cash account was changed"),
    "cash_account.reconcile": _("A cash account was reconciled"),
    "approval_request.create": _("A movement waits for a second person"),
    "approval_request.approve": _("A movement was approved"),
    "approval_request.reject": _("A movement was rejected"),
    "approval_request.withdraw": _("A movement was withdrawn"),
    "member.create": _("A member was added"),
    "member.update": _("A member was changed"),
    "member.suspend": _("A member was suspended"),
    "member.activate": _("A member was let back in"),
    "member.deactivate": _("A member was paused"),
    "member.leave": _("A member left"),
    "member.erase": _("A member was erased: forget your copy"),
    "invitation.invite": _("Somebody was invited"),
    "invitation.accept": _("An invitation was accepted"),
    "invitation.withdraw": _("An invitation was withdrawn"),
    "group.update": _("The group’s profile was changed"),
    "policy.update": _("The rules were changed"),
    "settings.update": _("Settings were changed"),
    "investment.create": _("An investment was recorded"),
    "investment.suspend": _("An investment was suspended"),
    "investment.activate": _("An investment is active again"),
    "investment.reverse": _("An investment was reversed"),
    "investment_sale.create": _("An investment was sold, matured or lost"),
    "investment_sale.reverse": _("A sale of an investment was reversed"),
    "investment_income.create": _("An investment brought income"),
    "investment_income.reverse": _("Income of an investment was reversed"),
    "valuation.create": _("An investment was valued"),
    "valuation.reverse": _("A value of an investment was taken back"),
    "member_payment.pay": _("A member was paid"),
    "member_payment.reverse": _("A payment to a member was reversed"),
    "document.create": _("A document was added"),
    "document.delete": _("A document was taken away"),
    "buy_out.create": _("A buy-out was offered"),
    "buy_out.accept": _("A side of a buy-out consented"),
    "buy_out.approve": _("A buy-out took effect"),
    "buy_out.reject": _("A buy-out was declined"),
    "buy_out.withdraw": _("The offer of a buy-out was withdrawn"),
    "buy_out.reverse": _("A buy-out was reversed"),
    "share_out.create": _("A surplus was shared out"),
    "share_out.reverse": _("A share-out was reversed"),
    "share_out_payment.create": _("A share-out was made payable"),
    "share_out_payment.reverse": _("What made a share-out payable was reversed"),
    "fund.create": _("A fund was opened"),
    "fund.update": _("A fund was renamed"),
    "client_payment.pay": _("A client paid rent"),
    "client_payment.reverse": _("A rent payment was reversed"),
    "deposit_movement.pay": _("A deposit was received, given back or kept"),
    "deposit_movement.reverse": _("A movement of a deposit was reversed"),
    "credit_refund.pay": _("A credit was paid back"),
    "credit_refund.reverse": _("A credit that was paid back was reversed"),
    "owner_payout.pay": _("An owner was paid"),
    "owner_payout.reverse": _("A payout to an owner was reversed"),
    "statement_run.send": _("Statements are being sent"),
    "import_file.import": _("A file was imported"),
}
TEST = "hook.test"
# Where the API tells more of a record, by its id; left out of the message while there is no such endpoint.
NOUNS = {
    "payment": "payments",
    "penalty": "penalties",
    "contribution_window": "windows",
    "held_receipt": "held-receipts",
    "account": "accounts",
    "cash_account": "cash-accounts",
    "approval_request": "approvals",
    "member": "members",
    "invitation": "invitations",
    "investment": "investments",
    "investment_sale": "investment-sales",
    "buy_out": "buy-outs",
    "client_payment": "client-payments",
    "deposit_movement": "deposit-movements",
    "credit_refund": "credit-refunds",
    "owner_payout": "owner-payouts",
    "statement_run": "statement-runs",
    "import_file": "imports",
}

SECRET_PREFIX = "whsec_"  # noqa: S105  # of every secret of the Standard Webhooks form
# After each failed try; ten tries take a little more than three days.
WAITS = tuple(timedelta(seconds=s) for s in (30, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400))
TRIES = len(WAITS) + 1
FAILING_FOR = timedelta(days=3)
BOTH_VALID = timedelta(hours=24)
LONGEST_HOLD = 3600  # seconds
PORTS = (443, 8443)
LONGEST_URL = 500

# Public by their number, and yet doors into the inside of a host's cloud or of its network.
_INNER = ("168.63.129.16/32", "192.0.0.0/24", "192.88.99.0/24", "fec0::/10")
_DOORS = tuple(ipaddress.ip_network(text) for text in _INNER)
_NAT64 = tuple(ipaddress.ip_network(text) for text in ("64:ff9b::/96", "64:ff9b:1::/48"))
IP = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class Target:
    """Where a message goes: the parts of an address that was checked."""

    secure: bool
    host: str
    port: int
    path: str


def target(url: str, *, loopback: bool) -> Target:
    """The parts of an address. `loopback` lets this machine be told, on any port and without TLS, as tests need it.

    Raises BadHookUrl, InsideUrl, BadPort. A name is looked up only when something is sent: see `may_be_told`.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise BadHookUrl(field="url") from error
    plain = url.isascii() and url.isprintable() and " " not in url and "\\" not in url and len(url) <= LONGEST_URL
    if not plain or not host or "@" in parts.netloc or parts.fragment or parts.scheme not in ("https", "http"):
        raise BadHookUrl(field="url")
    here = loopback and _is_here(host)
    if parts.scheme == "http" and not here:
        raise BadHookUrl(field="url")
    port = port or (443 if parts.scheme == "https" else 80)
    if not here:
        _check_outside(host, port)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme == "https", host, port, path)


def _is_here(host: str) -> bool:
    number = _number(host)
    return host == "localhost" if number is None else number.is_loopback


def _number(host: str) -> IP | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _check_outside(host: str, port: int) -> None:
    number = _number(host)
    # Other spellings of numbers (127.1, 0x7f000001, 2130706433) are names here, and names have a word at their end.
    if number is None and ("." not in host.rstrip(".") or host.rstrip(".").rpartition(".")[2].isdigit()):
        raise InsideUrl(field="url")
    if number is not None and not may_be_told(number, loopback=False):
        raise InsideUrl(field="url")
    if port not in PORTS:
        raise BadPort(field="url")


def may_be_told(number: IP, *, loopback: bool) -> bool:
    """Whether a machine with this number is on the public internet; an address within an address counts as itself."""
    if isinstance(number, ipaddress.IPv6Address):
        inner = number.ipv4_mapped or number.sixtofour or _through_nat(number)
        if inner is not None:
            return may_be_told(inner, loopback=loopback)
    if number.is_loopback:
        return loopback
    door = any(number in network for network in _DOORS if network.version == number.version)
    return number.is_global and not number.is_multicast and not number.is_reserved and not door


def _through_nat(number: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    found = any(number in network for network in _NAT64)
    return ipaddress.IPv4Address(int(number) & 0xFFFFFFFF) if found else None


def new_secret() -> str:
    """A fresh secret of 256 bits."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def key_of_secret(secret: str) -> bytes:
    """The bytes of a secret. Raises BadSecret."""
    try:
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadSecret(field="secret") from error
    if not secret.startswith(SECRET_PREFIX) or not 24 <= len(key) <= 64:
        raise BadSecret(field="secret")
    return key


def signature(secret: str, *, message_id: str, at: int, body: bytes) -> str:
    """`v1,` and the base64 of HMAC-SHA256 over id, time and body with a point between, by Standard Webhooks."""
    signed = f"{message_id}.{at}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key_of_secret(secret), signed, hashlib.sha256)).decode()


def headers(secrets_: list[str], *, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """What goes with a message: its id, when it was sent, a signature for each secret that is valid."""
    second = int(at.timestamp())
    signed = (signature(secret, message_id=message_id, at=second, body=body) for secret in secrets_)
    return {
        "content-type": "application/json",
        "user-agent": "Plots-and-Prosper-Hooks/1",
        "webhook-id": message_id,
        "webhook-timestamp": str(second),
        "webhook-signature": " ".join(signed),
    }


def body_of(*, message_id: str, event: str, at: datetime, data: dict[str, Any]) -> bytes:
    """The message: what happened, when, to which record. The same facts give the same bytes."""
    moment = at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    told = {"id": message_id, "type": event, "timestamp": moment, "data": data}
    return json.dumps(told, separators=(",", ":"), ensure_ascii=True).encode()


def wait_after(tries: int) -> timedelta:
    """How long until the next try, up to a fifth more than written, so that not all come at once."""
    return WAITS[min(tries, len(WAITS)) - 1] * (1 + secrets.randbelow(200) / 1000)


def hold_after(failures: int) -> timedelta:
    """How long an address is left alone after so many failures in a row, whatever else waits for it."""
    return timedelta(seconds=min(15 * 2 ** min(failures - 1, 10), LONGEST_HOLD))
