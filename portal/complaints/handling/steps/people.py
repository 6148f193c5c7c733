"""The steps with whoever complained, and with those who look into it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from portal.complaints.handling.actions import people, taking_up
from portal.complaints.handling.forms import case as case_forms
from portal.complaints.handling.forms import people as parts_forms
from portal.complaints.handling.queries import Whole, files_of
from portal.complaints.handling.steps.offered import has_people, is_open, unanswered
from portal.complaints.handling.steps.page import PEOPLE, SENDER, StepPage
from portal.complaints.sharing import actions as sharing
from portal.complaints.sharing.forms import ShareForm
from portal.complaints.sharing.queries import provider_name, suppliers
from portal.identity.queries import colleagues


def _accounts(session: Session, whole: Whole, form: Any, _today: date) -> None:
    form.offer_accounts(colleagues(session, whole.complaint.council_id))
    form.provider_name = provider_name(session, whole.complaint.provider_id)


def _suppliers(session: Session, whole: Whole, form: Any, today: date) -> None:
    files = files_of(session, whole.complaint.id) if whole.complaint.attachments else []
    form.offer_all(whole.complaint, suppliers(session), files, today)


WITH_PEOPLE: Mapping[str, StepPage] = {
    "message": StepPage(
        SENDER, "Write to them", "Send", "Your message is sent.",
        case_forms.TextForm, taking_up.write, is_open, writes="text",
    ),
    "advocate": StepPage(
        SENDER, "Note about an advocate", "Save", "The note about an advocate is saved.",
        parts_forms.AdvocateForm, taking_up.note_advocate, is_open,
        lead="An advocate is offered to everybody at first contact.",
    ),
    "point": StepPage(
        SENDER, "Add a point", "Add", "The point is added.",
        parts_forms.PointForm, taking_up.add_point, unanswered,
        lead="One thing that they complain about, in your words. Do not name the young person.",
    ),
    "person": StepPage(
        PEOPLE, "Name a person", "Save", "The person is named.",
        parts_forms.PersonForm, people.add_person, is_open, prepare=_accounts,
        lead="One person has one part in a case. Name first whom it is about: they look into "
        "nothing here.",
    ),
    "declaration": StepPage(
        PEOPLE, "Note a declaration", "Save", "The declaration is noted.",
        parts_forms.DeclareForm, people.declare, lambda whole: has_people(whole, undeclared=True),
        lead="What somebody without an account told you of conflicts. Leave the field empty if "
        "nothing stands between them and the case.",
    ),
    "leave": StepPage(
        PEOPLE, "Somebody leaves", "Save", "Their part has ended.",
        parts_forms.OneOfThePeopleForm, people.leave, has_people,
        lead="They stay named in the case, so that they take no other part in it.",
    ),
    "share": StepPage(
        PEOPLE, "Share it with a provider", "Share", "It is shared with the provider.",
        ShareForm, sharing.share, is_open, prepare=_suppliers,
        lead="The provider sees what you share here and nothing else: not the reference, not "
        "the day it came, and not who complained unless they agreed and you tick it.",
    ),
}  # fmt: skip
