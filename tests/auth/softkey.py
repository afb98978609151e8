"""A passkey in software, which can be told to lie."""

import hashlib
import json
import secrets
import struct
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class SoftKey:
    """One credential. Every argument of its answers may be replaced, to see whether that is noticed."""

    origin: str = "http://localhost"
    host: str = "localhost"
    count: int = 0
    counts: bool = True
    user_handle: str | None = None
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def register(self, options: dict[str, Any], *, flags: int = PRESENT | VERIFIED, **lies: Any) -> str:
        """The answer to options for a new passkey."""
        self.user_handle = options["user"]["id"]
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        held = bytes(16) + struct.pack(">H", len(self.id)) + self.id + cbor2.dumps(cose)
        data = self._data(flags | ATTESTED) + held
        said = {
            "clientDataJSON": self._client("webauthn.create", options, lies),
            "attestationObject": bytes_to_base64url(cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})),
            "transports": ["internal", "made-up"],
        }
        return self._written(said)

    def sign(self, options: dict[str, Any], *, flags: int = PRESENT | VERIFIED, **lies: Any) -> str:
        """The answer to options for proving who one is."""
        self.count += self.counts
        data = self._data(flags)
        client = self._client("webauthn.get", options, lies)
        client_bytes = json.dumps(self._last).encode()
        signature = self.key.sign(data + hashlib.sha256(client_bytes).digest(), ec.ECDSA(hashes.SHA256()))
        said = {
            "clientDataJSON": client,
            "authenticatorData": bytes_to_base64url(lies.get("data", data)),
            "signature": bytes_to_base64url(signature),
            "userHandle": lies.get("user_handle", self.user_handle),
        }
        return self._written(said)

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + struct.pack(">I", self.count)

    def _client(self, kind: str, options: dict[str, Any], lies: dict[str, Any]) -> str:
        self._last = {
            "type": lies.get("kind", kind),
            "challenge": lies.get("challenge", options["challenge"]),
            "origin": lies.get("origin", self.origin),
        }
        return bytes_to_base64url(json.dumps(self._last).encode())

    def _written(self, said: dict[str, Any]) -> str:
        name = bytes_to_base64url(self.id)
        response = {key: value for key, value in said.items() if value is not None}
        return json.dumps(
            {"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": {}}
        )
