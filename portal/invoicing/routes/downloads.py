"""Taking invoices out of the portal: one as PDF, CSV, XLSX or UBL; a list's lines as a table.

Each download is recorded, and a page that reads (GET) can write nothing, by design: so the
buttons are small POST forms. Their answer is the file itself with status 200, in the same
request that commits the audit event; a file that cannot be made leaves no event. Nothing is
changed, so such a form needs no nonce: a second click is a second download, and is recorded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import UUID

from flask import Response, request
from flask.typing import ResponseReturnValue

from portal.identity.permissions import Permission
from portal.identity.viewing import actor, viewer
from portal.invoicing import list_queries, queries
from portal.invoicing.actions.exporting import exported, list_exported
from portal.invoicing.exports.document import IssuedInvoice
from portal.invoicing.exports.pdf import invoice_pdf
from portal.invoicing.exports.tables import invoice_csv, invoice_xlsx
from portal.invoicing.issuing import issued, issued_list
from portal.invoicing.routes.blueprint import routes
from portal.invoicing.rules import InvoiceState
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.database import Database, scope_of
from portal.kernel.errors import NotFound
from portal.kernel.months import Month
from portal.kernel.session import database, db
from portal.kernel.tenancy import Scope

TYPES = {
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml",
}
OF_A_LIST = frozenset({"csv", "xlsx"})


@routes.post("/<uuid:invoice_id>/download")
@requires(Permission.INVOICE_EXPORT)
def download(invoice_id: UUID) -> ResponseReturnValue:
    """One invoice as the file that the form's ``kind`` names.

    Raises NotFound for a kind there is not, NoEndpoint when a party has no electronic address.
    """
    kind = request.form.get("kind", "")
    if kind not in TYPES:
        raise NotFound
    invoice = queries.get_invoice(db(), invoice_id)
    content = _file(issued(db(), invoice), kind)
    exported(db(), actor(), invoice, kind, at=now())
    return attachment(content, kind, f"invoice-{invoice.reference}")


@routes.post("/export")
@requires(Permission.INVOICE_EXPORT)
def export() -> ResponseReturnValue:
    """The lines of every invoice in the list that the form's filters describe, as CSV or XLSX.

    CSV is sent as it is read, however long it is. Raises NotFound for another kind.
    """
    kind = request.form.get("kind", "")
    if kind not in OF_A_LIST:
        raise NotFound
    wanted = _wanted()
    person, at = viewer(), now()
    counted = list_queries.counted(db(), person.organisation_id, wanted, council=person.is_council)
    list_exported(
        db(),
        actor(),
        person.organisation_id,
        kind,
        invoices=counted.invoices,
        lines=counted.lines,
        at=at,
    )
    documents = _documents(
        database(), scope_of(db()), person.organisation_id, wanted, council=person.is_council
    )
    content = invoice_csv(documents) if kind == "csv" else invoice_xlsx(documents)
    return attachment(content, kind, f"invoices-{local_date(at).isoformat()}")


def _wanted() -> list_queries.Wanted:
    """What the list shows, from the fields of its filters.

    Raises NotFound for what cannot be read: a list that is not narrowed says too much.
    """
    form = request.form
    state, month, other = form.get("state"), form.get("month"), form.get("other_party")
    try:
        return list_queries.Wanted(
            state=InvoiceState(state) if state else None,
            month=Month.parse(month) if month else None,
            other_party=UUID(other) if other else None,
            words=form.get("words", "")[:100],
        )
    except ValueError:
        raise NotFound from None


def _documents(
    opened: Database,
    scope: Scope,
    organisation_id: UUID,
    wanted: list_queries.Wanted,
    *,
    council: bool,
) -> Iterator[IssuedInvoice]:
    """The list, read in a session of its own that writes nothing.

    A stream may take minutes; the request's own transaction, which holds SQLite's one writer,
    is committed before its first byte.
    """
    with opened.session(scope) as reading:
        yield from issued_list(reading, organisation_id, wanted, council=council)


def _file(document: IssuedInvoice, kind: str) -> bytes:
    match kind:
        case "pdf":
            return invoice_pdf(document)
        case "csv":
            return b"".join(invoice_csv([document]))
        case "xlsx":
            return invoice_xlsx([document])
        case _:
            from portal.invoicing.exports.ubl import invoice_xml  # lxml is 4 MB

            return invoice_xml(document)


def attachment(content: bytes | Iterator[bytes], kind: str, name: str) -> Response:
    """A file to keep, named by letters, figures and dashes alone; headers forbid storing it."""
    safe = re.sub(r"[^A-Za-z0-9-]+", "-", name).strip("-")
    response = Response(content, content_type=TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{safe}.{kind}"'
    return response
