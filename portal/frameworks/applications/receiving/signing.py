"""The keys that sign receipts and check them, from the running application's secrets."""

from __future__ import annotations

from flask import current_app

from portal.frameworks.sealing.receipts import receipt_key
from portal.kernel.keys import SigningKey
from portal.kernel.sealing import signing_keys


def signs() -> SigningKey:
    """The key that signs new receipts: the statements' secret, which outlives the secret key."""
    return receipt_key(current_app.config["STATEMENT_KEY"])


def checks() -> list[SigningKey]:
    """Every key that signed receipts which may still be shown."""
    secrets = dict.fromkeys([current_app.config["STATEMENT_KEY"], *signing_keys()])
    return [receipt_key(secret) for secret in secrets]
