"""A security key in Python, and the browser in front of it (WebAuthn level 2, section 6).

It makes passkeys and signs with them; a test may make it lie about its count, its holder's
check, the place it signs for, or the challenge.
"""

from __future__ import annotations

import html
import json
import os
import re
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
HERE = "http://localhost"


@dataclass
class SecurityKey:
    """One device with one passkey; ``checks`` says whether it makes sure of its holder."""

    checks: bool = True
    origin: str = HERE
    site: str = "localhost"
    count: int = 0
    key_id: bytes = field(default_factory=lambda: os.urandom(16))
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    handle: str = ""

    def create(self, page: str) -> dict[str, str]:
        """What the form of a page sends after making a new passkey."""
        options, token = _asked(page, "create")
        self.handle = options["user"]["id"]
        public = self.private.public_key().public_numbers()
        cose = {
            1: 2, 3: -7, -1: 1, -2: public.x.to_bytes(32, "big"), -3: public.y.to_bytes(32, "big"),
        }  # fmt: skip
        attested = bytes(16) + len(self.key_id).to_bytes(2, "big") + self.key_id + cbor2.dumps(cose)
        told = self._told(ATTESTED) + attested
        made = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": told})
        client = self._client("webauthn.create", options["challenge"])
        return self._form(token, clientDataJSON=client, attestationObject=made)

    def sign(self, page: str, *, challenge: str = "") -> dict[str, str]:
        """What the form of a page sends after signing its challenge, or another one."""
        options, token = _asked(page, "get")
        self.count += 1
        told = self._told(0)
        client = self._client("webauthn.get", challenge or options["challenge"])
        signature = self.private.sign(told + sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._form(
            token,
            clientDataJSON=client,
            authenticatorData=told,
            signature=signature,
            userHandle=base64url_to_bytes(self.handle),
        )

    def _told(self, more: int) -> bytes:
        flags = PRESENT | more | (VERIFIED if self.checks else 0)
        site = sha256(self.site.encode()).digest()
        return site + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _form(self, token: str, **response: bytes) -> dict[str, str]:
        key_id = bytes_to_base64url(self.key_id)
        credential = {
            "id": key_id,
            "rawId": key_id,
            "type": "public-key",
            "response": {name: bytes_to_base64url(value) for name, value in response.items()},
        }
        return {"token": token, "credential": json.dumps(credential)}


def _asked(page: str, doing: str) -> tuple[dict[str, Any], str]:
    found = re.search(
        rf'data-passkey="{doing}" data-options="([^"]+)"(.*?)</form>', page, re.DOTALL
    )
    assert found is not None, "the page asks for no passkey"
    token = re.search(r'name="token" value="([^"]+)"', found[2])
    assert token is not None
    return json.loads(html.unescape(found[1])), token[1]
