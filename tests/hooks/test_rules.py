"""Signatures, addresses that may be told, and waits."""

import ipaddress
from datetime import UTC, datetime, timedelta

import pytest

from app.core.errors import DomainError
from app.hooks import rules

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # the one of the example of Standard Webhooks


def test_the_signature_is_that_of_the_example_of_the_standard():
    body = b'{"test": 2432232314}'
    signed = rules.signature(SECRET, message_id="msg_p5jXN8AQM9LWM0D4loKWxJek", at=1614265330, body=body)
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_two_secrets_make_two_signatures():
    told = rules.headers([SECRET, rules.new_secret()], message_id="a", at=datetime(2026, 1, 1, tzinfo=UTC), body=b"{}")
    first, second = told["webhook-signature"].split(" ")
    assert first != second
    assert told["webhook-timestamp"] == "1767225600"


def test_the_body_is_the_same_for_the_same_facts():
    at, data = datetime(2026, 1, 1, tzinfo=UTC), {"group": "g"}
    expected = b'{"id":"m","type":"payment.create","timestamp":"2026-01-01T00:00:00Z","data":{"group":"g"}}'
    for _again in range(2):
        assert rules.body_of(message_id="m", event="payment.create", at=at, data=data) == expected


@pytest.mark.parametrize(
    "secret", ["", "whsec_", "whsec_AAAA", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_!!!", "whsec_" + "A" * 200]
)
def test_what_is_no_secret(secret):
    with pytest.raises(DomainError):
        rules.key_of_secret(secret)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "ftp://example.com/",
        "https://",
        "https:///path",
        "example.com",
        "https://user:pass@example.com/",
        "https://user@example.com/",
        "https://example.com/#part",
        "https://example.com/a b",
        "https://example.com\\@127.0.0.1/",
        "https://exämple.com/",
        "https://example.com:99999/",
        "https://[::1/",
        "https://example.com/\n",
        "https://example.com/" + "x" * 500,
        "javascript:alert(1)",
        "file:///etc/passwd",
    ],
)
def test_addresses_that_are_none(url):
    for loopback in (True, False):
        with pytest.raises(DomainError) as refused:
            rules.target(url, loopback=loopback)
        assert refused.value.field == "url"


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.5.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "[::]",
        "[::1]",
        "[fe80::1]",
        "[fc00::1]",
        "[fd00:ec2::254]",
        "[fec0::1]",
        "[ff02::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:169.254.169.254]",
        "[64:ff9b::a9fe:a9fe]",
        "[64:ff9b:1::7f00:1]",
        "[2002:7f00:1::]",
        "[2001:db8::1]",
        "metadata",
        "redis",
    ],
)
def test_addresses_inside_are_refused_in_production(host):
    with pytest.raises(DomainError) as refused:
        rules.target(f"https://{host}/", loopback=False)
    assert refused.value.code in ("hook_url_inside", "hook_url")


@pytest.mark.parametrize("number", ["1.1.1.1", "93.184.215.14", "2606:4700::1111", "64:ff9b::101:101"])
def test_the_public_internet_may_be_told(number):
    assert rules.may_be_told(ipaddress.ip_address(number), loopback=False)


@pytest.mark.parametrize("port", [22, 80, 6379, 5432, 8000])
def test_only_ports_of_the_web(port):
    with pytest.raises(DomainError) as refused:
        rules.target(f"https://example.com:{port}/", loopback=False)
    assert refused.value.code == "hook_port"


def test_the_parts_of_an_address():
    found = rules.target("https://example.com:8443/a?b=c", loopback=False)
    assert (found.secure, found.host, found.port, found.path) == (True, "example.com", 8443, "/a?b=c")
    assert rules.target("https://example.com", loopback=False).path == "/"


def test_this_machine_is_told_only_where_the_product_is_tested():
    assert rules.target("http://127.0.0.1:9999/x", loopback=True).port == 9999
    with pytest.raises(DomainError):
        rules.target("http://127.0.0.1:9999/x", loopback=False)
    with pytest.raises(DomainError):
        rules.target("http://10.0.0.1/", loopback=True)
    assert not rules.may_be_told(ipaddress.ip_address("10.0.0.1"), loopback=True)


def test_ten_tries_take_more_than_three_days():
    assert sum(rules.WAITS, timedelta()) > rules.FAILING_FOR
    assert rules.WAITS[0] <= rules.wait_after(1) <= rules.WAITS[0] * 1.2
    assert rules.wait_after(99) >= rules.WAITS[-1]


def test_an_address_that_fails_is_left_alone_longer_each_time_up_to_an_hour():
    assert [rules.hold_after(n).seconds for n in (1, 2, 3, 9, 500)] == [15, 30, 60, 3600, 3600]
