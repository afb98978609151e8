"""Where a request may go, whatever a name server says, and whom it believes."""

import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.hooks import transport
from app.hooks.rules import Target, target
from tests.hooks.receiver import receiver

OUTSIDE = Target(secure=True, host="example.com", port=443, path="/")


def says(monkeypatch, *numbers):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, 443)) for number in numbers]
    asked = []

    def look(*given, **_more):
        asked.append(given[0])
        return found

    monkeypatch.setattr(socket, "getaddrinfo", look)
    return asked


@pytest.mark.parametrize(
    "inner", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fe80::1%eth0", "::ffff:10.0.0.1"]
)
def test_a_name_that_leads_inside_is_refused_when_something_is_sent(monkeypatch, inner):
    says(monkeypatch, "93.184.215.14", inner)
    monkeypatch.setattr(socket, "create_connection", lambda *_a, **_m: pytest.fail("connected"))
    went = transport.post(OUTSIDE, {}, b"{}", loopback=False)
    assert (went.code, went.problem, went.fine) == (None, "inside", False)


def test_the_number_that_was_checked_is_the_one_that_is_told(monkeypatch):
    asked, opened = says(monkeypatch, "93.184.215.14"), []

    def connect(place, timeout):
        opened.append(place)
        assert 0 < timeout <= transport.SECONDS
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    assert transport.post(OUTSIDE, {}, b"{}", loopback=False).problem == "no_connection"
    assert asked == ["example.com"]  # once: a second answer could be another
    assert opened == [("93.184.215.14", 443)]


def test_a_name_that_nobody_has(monkeypatch):
    def fail(*_given, **_more):
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    assert transport.post(OUTSIDE, {}, b"{}", loopback=False).problem == "no_such_host"


def test_a_name_server_that_sleeps_holds_nobody(monkeypatch):
    let_go = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_m: let_go.wait(5) and [])
    went = transport.post(OUTSIDE, {}, b"{}", loopback=False, seconds=0.2)
    let_go.set()
    assert went.problem == "time_out"


def test_without_tls_only_this_machine_is_told(monkeypatch):
    says(monkeypatch, "93.184.215.14")
    plain = Target(secure=False, host="localhost", port=80, path="/")
    assert transport.post(plain, {}, b"{}", loopback=True).problem == "inside"


def test_where_the_product_runs_for_people_this_machine_is_not_told():
    with receiver() as other:
        went = transport.post(target(other.url, loopback=True), {}, b"{}", loopback=False)
    assert went.problem == "inside"
    assert other.heard == []


@pytest.fixture
def certificate(tmp_path):
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "x")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    signed = made.sign(key, hashes.SHA256())
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (tmp_path / "cert").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    (tmp_path / "key").write_bytes(key.private_bytes(*form))
    return tmp_path / "cert", tmp_path / "key"


def trusting(certificate):
    trust = ssl.create_default_context()
    trust.load_verify_locations(certificate[0])
    return trust


def test_tls_is_checked_against_the_name_and_the_systems_certificates(certificate):
    with receiver(certificate=certificate) as other:
        goes = target(other.url, loopback=True)
        assert goes.secure
        trusted = transport.post(goes, {"a": "b"}, b"{}", loopback=True, trust=trusting(certificate))
        assert (trusted.code, trusted.problem) == (200, None)
        assert other.heard[0][0]["host"] == f"localhost:{goes.port}"
        assert transport.post(goes, {}, b"{}", loopback=True).problem == "not_secure"
        named = Target(secure=True, host="127.0.0.1", port=goes.port, path="/")
        assert transport.post(named, {}, b"{}", loopback=True, trust=trusting(certificate)).problem == "not_secure"
    assert len(other.heard) == 1
