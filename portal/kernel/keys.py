"""Keys made of the secrets of the configuration, and what is signed with them (Ed25519).

A key is made for one purpose and tells nothing of the secret or of another purpose's key. This is
the only place that makes one, and libsodium, which opens bids as well, does what is done with it.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import blake2b

from nacl.exceptions import CryptoError
from nacl.signing import SigningKey, VerifyKey

__all__ = ["SigningKey", "VerifyKey", "derived_key", "is_signed", "signature", "signing_key"]

KEY_BYTES = 32
OURS = b"placewell keys"


def derived_key(secret: str, purpose: str) -> bytes:
    """The 32 bytes that a secret gives for a purpose: always the same (keyed BLAKE2b, RFC 7693).

    The secret may be of any length, and BLAKE2b takes a key of 64 bytes: its digest is the key.
    """
    key = blake2b(secret.encode()).digest()
    return blake2b(purpose.encode(), key=key, digest_size=KEY_BYTES, person=OURS).digest()


def signing_key(secret: str, purpose: str) -> SigningKey:
    """The key that signs for a purpose; whoever has its ``verify_key`` can tell what it signed."""
    return SigningKey(derived_key(secret, purpose))


def signature(key: SigningKey, said: str) -> str:
    """The signature of a text, in base64 as addresses have it (RFC 4648, section 5)."""
    return urlsafe_b64encode(key.sign(said.encode()).signature).decode()


def is_signed(key: VerifyKey, said: str, signature: str) -> bool:
    """Whether this is the signature of the text by the key's other half."""
    try:
        key.verify(said.encode(), urlsafe_b64decode(signature))
    except (CryptoError, ValueError):
        return False
    return True
