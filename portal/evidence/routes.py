"""A provider's own evidence; for a council, the providers whose evidence lapses first."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from portal.evidence import queries
from portal.evidence.documents import routes as documents
from portal.evidence.forms import ProviderFilters
from portal.identity.permissions import Permission
from portal.identity.viewing import can, viewer
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("evidence", __name__, url_prefix="/evidence")
routes.register_blueprint(documents.routes)


@routes.get("")
@requires(Permission.EVIDENCE_READ)
def index() -> ResponseReturnValue:
    """A provider sees its own evidence; a council chooses whose to see."""
    today = local_date(now())
    if viewer().is_council:
        return _providers()
    wallet = queries.wallet_of(db(), viewer().organisation_id, today)
    return render(
        "evidence/wallet.html",
        wallet=wallet,
        provider_id=viewer().organisation_id,
        may_send=can(Permission.EVIDENCE_SEND),
        may_see_changes=can(Permission.BANK_READ),
    )


def _providers() -> ResponseReturnValue:
    today = local_date(now())
    form = ProviderFilters(request.args)
    page = queries.providers_by_lapse(
        db(), name=form.name.data or "", cursor=request.args.get("page")
    )
    rows = [(provider, queries.next_lapse(day, today)) for provider, day in page.rows]
    return render(
        "evidence/providers.html",
        fragment="results",
        filters=form,
        page=page,
        rows=rows,
        may_see_changes=can(Permission.BANK_READ),
    )
