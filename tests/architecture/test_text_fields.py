"""What somebody types is never longer than its column: PostgreSQL would answer with an error."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module

import pytest
from wtforms import Field, Form
from wtforms.form import BaseForm
from wtforms.meta import DefaultMeta
from wtforms.validators import Length

import portal
from portal.kernel.fields import LongText, TextLine
from portal.models import load_models

# Limited elsewhere, or never kept.
LIMITED_ELSEWHERE = {
    "complaints.following.forms.EnterForm.passphrase": "compared, not kept",
    "complaints.following.forms.EnterForm.reference": "looked up, not kept",
    "complaints.guidance.contacts.forms.ContactForm.phone": "read as a telephone number",
    "complaints.guidance.contacts.forms.ContactForm.text_number": "read as a telephone number",
    "frameworks.applications.receiving.forms.CheckForm.receipt": "read, not kept",
    "frameworks.questions.forms.OptionForm.code": "held by what a question may say",
    "frameworks.questions.forms.OptionForm.label": "held by what a question may say",
    "frameworks.questions.forms.QuestionForm.code": "held by what a question may say",
    "frameworks.questions.forms.QuestionForm.required_option": "held by what a question may say",
    "invoicing.forms.SubmitForm.number": "held by what an invoice's number may be",
    "referrals.making.forms.StartForm.reference": "looked up, not kept",
}
load_models()
for _module in pkgutil.walk_packages(portal.__path__, "portal."):
    if "form" in _module.name.rpartition(".")[2]:
        import_module(_module.name)


def _forms(form: type[BaseForm] = Form) -> Iterator[type[BaseForm]]:
    for one in form.__subclasses__():
        yield one
        yield from _forms(one)


def _texts() -> dict[str, Field]:
    """Every field of the portal's forms into which people type text, filters left out."""
    return {
        f"{form.__module__.removeprefix('portal.')}.{form.__name__}.{name}": unbound.bind(
            form=None, name=name, _meta=DefaultMeta()
        )
        for form in _forms()
        if form.__module__.startswith("portal.") and not form.__name__.endswith("Filters")
        for name in dir(form)
        if issubclass(getattr(unbound := getattr(form, name), "field_class", int), Field)
        and issubclass(unbound.field_class, TextLine | LongText)
    }


TEXTS = _texts()


@pytest.mark.parametrize("name", sorted(TEXTS.keys() - LIMITED_ELSEWHERE.keys()))
def test_a_text_field_says_what_is_too_long(name: str) -> None:
    field = TEXTS[name]
    limits = [one.max for one in field.validators if isinstance(one, Length) and one.max > 0]
    assert limits or getattr(field, "maximum", None)


def test_what_is_limited_elsewhere_is_a_field_without_a_limit() -> None:
    assert len(TEXTS) > 90
    assert LIMITED_ELSEWHERE.keys() <= TEXTS.keys()
