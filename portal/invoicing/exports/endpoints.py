"""Electronic addresses of parties: the schemes that Peppol's code list allows here.

A party without a VAT number needs one of the others (PEPPOL-EN16931-R010, R020 ask for
an address of both parties). Company numbers are not on the list.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from portal.invoicing.exports.document import Party
from portal.kernel.errors import DomainError

VAT_NUMBER_SCHEME = "9932"


class NoEndpoint(DomainError):
    """A party has no electronic address, which an e-invoice cannot do without."""

    def __init__(self, party: Party) -> None:
        super().__init__(
            f"{party.legal_name} has no electronic address. Add its VAT number, GS1 location"
            " number, D-U-N-S number or legal entity identifier, then download the e-invoice."
        )


def _is_gln(number: str) -> bool:
    """GS1 location number: 13 digits, the last a weighted check digit."""
    if not re.fullmatch(r"[0-9]{13}", number):
        return False
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(number))
    return weighted % 10 == 0


def _is_lei(number: str) -> bool:
    """Legal entity identifier: 20 characters, ISO 7064 mod 97-10."""
    if not re.fullmatch(r"[0-9A-Z]{18}[0-9]{2}", number):
        return False
    return int("".join(str(int(character, 36)) for character in number)) % 97 == 1


def _is_duns(number: str) -> bool:
    return re.fullmatch(r"[0-9]{9}", number) is not None


def _is_vat_number(number: str) -> bool:
    return re.fullmatch(r"GB([0-9]{9}|[0-9]{12}|GD[0-9]{3}|HA[0-9]{3})", number) is not None


SCHEMES: dict[str, tuple[Callable[[str], bool], str]] = {
    "0060": (_is_duns, "Enter the D-U-N-S number as 9 digits."),
    "0088": (_is_gln, "Enter the GS1 location number as its 13 digits."),
    "0199": (_is_lei, "Enter the legal entity identifier as its 20 characters."),
    VAT_NUMBER_SCHEME: (_is_vat_number, "Enter the VAT number as GB and its digits."),
}


def endpoint_problem(scheme: str, identifier: str) -> str | None:
    """The sentence that says what is wrong with an electronic address, or None."""
    if scheme not in SCHEMES:
        return "Choose the kind of electronic address: " + ", ".join(SCHEMES) + "."
    fits, sentence = SCHEMES[scheme]
    return None if fits(identifier) else sentence


def endpoint_of(party: Party) -> tuple[str, str]:
    """Scheme and identifier of the party: its own, else its VAT number. Raises NoEndpoint."""
    if party.endpoint_scheme and party.endpoint_id:
        return party.endpoint_scheme, party.endpoint_id
    if party.vat_number:
        return VAT_NUMBER_SCHEME, party.vat_number
    raise NoEndpoint(party)
