"""What a page showed, in a few letters, so that a click cannot mean something else."""

from __future__ import annotations

from hashlib import sha256

from portal.invoicing.drafting import Draft


def fingerprint(draft: Draft) -> str:
    """Changes with every unit, price and sum of the draft."""
    said = sha256(str(draft.total.pence).encode())
    for line in draft.lines:
        said.update(f"{line.terms.reference}|{line.price.pence}|{line.parts}|".encode())
        for charge in line.charges:
            unit = charge.unit.session_id or charge.unit.stay_id or charge.unit.correction_id
            if charge.unit.adjusts is not None:
                unit = charge.unit.adjusts.line_id
            said.update(unit.bytes if unit else b"")
            said.update(b"%d|%d|" % (charge.first_day.toordinal(), charge.parts))
    return said.hexdigest()[:32]
