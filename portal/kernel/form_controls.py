"""How the kit shows a form: the control of each field, and the links of its errors."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import BooleanField, Field, FieldList, FileField, Form, FormField
from wtforms.fields import (
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
)

from portal.kernel.date_fields import DateField

CONTROLS: Sequence[tuple[type[Field], str]] = (
    (HiddenField, "hidden"),
    (PasswordField, "password"),
    (TextAreaField, "textarea"),
    (SelectMultipleField, "checkboxes"),
    (RadioField, "radios"),
    (SelectField, "select"),
    (BooleanField, "checkbox"),
    (FileField, "file"),
)


def control_of(field: Field) -> str:
    """The name of the kit's control for a field: "text", "date", "radios"..."""
    own = getattr(field, "control", None)
    if own is not None:
        return str(own)
    for kind, control in CONTROLS:
        if isinstance(field, kind):
            return control
    return "text"


def error_links(form: Form) -> list[tuple[str, str]]:
    """(id to jump to, sentence) for each error of a form, in the order of its fields.

    A date links to its first wrong box. An error of the whole form has an empty id.
    """
    links = [("", str(sentence)) for sentence in form.form_errors]
    for field in form:
        links += _links_of(field)
    return links


def _links_of(field: Field) -> list[tuple[str, str]]:
    if isinstance(field, FormField):
        return error_links(field.form)
    links = []
    if isinstance(field, FieldList):
        for entry in field:
            links += _links_of(entry)
    target = f"{field.id}-{field.wrong_part}" if isinstance(field, DateField) else field.id
    # A message that is translated when it is shown is no str yet; a list holds errors of parts.
    return links + [(target, str(one)) for one in field.errors if not isinstance(one, list)]
