"""What is asked at each step. What may be left empty is; nothing typed is ever lost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, ValidationError

from portal.complaints.making.steps import Step
from portal.complaints.rules import (
    LONGEST_LINE,
    LONGEST_TEXT,
    MOST_FILES,
    About,
    Answer,
    Helper,
    Kind,
    Who,
)
from portal.kernel.fields import LongText, TextLine
from portal.kernel.files.fields import UploadField
from portal.kernel.files.kinds import FileKind
from portal.kernel.reading.ways import lazy_gettext as _

LONGEST_NAME = 200
YES_OR_NO = (("yes", _("Yes")), ("no", _("No")))


class OwnWords(LongText):
    """Somebody's own words, up to 20,000 characters; longer ones are kept and shown again."""

    def __init__(self, label: Any, validators: Sequence[Any] = (), **options: Any) -> None:
        super().__init__(label, validators, maximum=LONGEST_TEXT, **options)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Take the whole text. Raises ValueError with a kind sentence when it is too long."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(
                _("Your words are too long for one message. Make them shorter. Nothing is lost.")
            ) from error


def choice(
    label: Any, choices: Iterable[tuple[str, Any]], missing: Any, default: str | None = None
) -> RadioField:
    """One of a few, with a sentence for whoever chose none."""
    return RadioField(
        label,
        choices=[SelectChoice(value, words) for value, words in choices],
        validators=[InputRequired(missing)],
        default=default,
    )


def line(label: Any, **options: Any) -> TextLine:
    """One line that may be left empty."""
    return TextLine(label, [Length(max=LONGEST_LINE, message=_("Make this shorter."))], **options)


class KindForm(FlaskForm):
    """A complaint, a compliment or a worry."""

    kind = choice(
        _("Choose one"),
        (
            (Kind.COMPLAINT, _("Something is wrong")),
            (Kind.WORRY, _("I am worried")),
            (Kind.COMPLIMENT, _("Something is good")),
        ),
        _("Choose what you want to tell us"),
    )


class SafeForm(FlaskForm):
    """Whether they are safe right now."""

    safe = choice(
        _("Choose one"),
        (
            ("yes", _("Yes, I am safe")),
            ("no", _("No, I am not safe, or somebody else is not")),
        ),
        _("Choose yes or no"),
    )


class HappenedForm(FlaskForm):
    """What happened."""

    happened = OwnWords(
        _("Use your own words"), [InputRequired(_("Write a few words. It can be short."))]
    )


class AboutForm(FlaskForm):
    """Whom or what it is about; ``providers`` are those that work for the council."""

    about = choice(
        _("Choose one"),
        (
            (About.PROVIDER, _("A service that works with me")),
            (About.COUNCIL, _("The council")),
            (About.SOMEBODY_ELSE, _("Somebody else")),
            (About.NOT_SURE, _("I am not sure")),
        ),
        _("Choose who or what it is about"),
    )
    provider = SelectField(_("Which service?"), validate_choice=False, default="")
    about_whom = line(_("Who is it?"))

    def offer(self, providers: Iterable[tuple[str, str]]) -> None:
        """Let one of these be chosen, by id and name."""
        self.provider.choices = [
            SelectChoice("", _("Choose a service")),
            *(SelectChoice(id_, name) for id_, name in providers),
        ]

    def validate_provider(self, field: SelectField) -> None:
        """A service that is meant must be one of those that work for the council."""
        known = {str(value) for value, *_rest in field.iter_choices()} - {""}
        if self.about.data == About.PROVIDER and field.data not in known:
            raise ValidationError(_("Choose a service, or choose “I am not sure”"))


class WishForm(FlaskForm):
    """What should happen."""

    wish = OwnWords(_("Leave this empty if you do not know"))


class WhoForm(FlaskForm):
    """Who they are to the child (rules.md A6)."""

    who = choice(
        _("Choose one"),
        (
            (Who.YOUNG_PERSON, _("I am a child or a young person")),
            (Who.CARE_LEAVER, _("I have left care")),
            (Who.PARENT, _("I am a parent")),
            (Who.FOSTER_CARER, _("I am a foster carer")),
            (Who.SPECIAL_GUARDIAN, _("I am a special guardian")),
            (Who.ADOPTER, _("I am adopting, or I was adopted")),
            (Who.ADVOCATE, _("I am an advocate")),
            (Who.SOMEBODY_ELSE, _("I am somebody else who cares")),
        ),
        _("Choose who you are"),
    )
    on_behalf_of = line(_("If you write for a child: who is it? You can leave this empty."))


class NameForm(FlaskForm):
    """A name, or none."""

    named = choice(
        _("Choose one"),
        (("no", _("No, I do not want to give my name")), ("yes", _("Yes"))),
        _("Choose yes or no"),
    )
    name = TextLine(
        _("What is your name?"), [Length(max=LONGEST_NAME, message=_("Make this shorter."))]
    )

    def validate_name(self, field: TextLine) -> None:
        """Whoever wants to give a name gives one."""
        if self.named.data == "yes" and not field.data:
            raise ValidationError(_("Write your name, or choose “No”"))


class TellForm(FlaskForm):
    """Whether the service may learn who they are; no unless they say yes."""

    tell = choice(
        _("Choose one"),
        (("no", _("No, keep my name from them")), ("yes", _("Yes, you can tell them"))),
        _("Choose yes or no"),
        default="no",
    )


class AnswerForm(FlaskForm):
    """How to be answered, and where."""

    answer_by = choice(
        _("Choose one"),
        (
            (Answer.HERE, _("Only here, with my code and my four words")),
            (Answer.EMAIL, _("By email")),
            (Answer.PHONE, _("By phone")),
            (Answer.TEXT, _("By text message")),
            (Answer.LETTER, _("By letter")),
            (Answer.SOMEBODY, _("Through somebody I trust")),
        ),
        _("Choose how we should answer"),
    )
    email = line(_("Email address"))
    phone = line(_("Phone number"))
    text = line(_("Mobile number"))
    letter = OwnWords(_("Address"))
    somebody = OwnWords(_("Who is it, and how can we reach them?"))

    def validate_answer_by(self, field: RadioField) -> None:
        """A way to be answered needs somewhere to answer to."""
        if field.data in (None, Answer.HERE) or self.contact:
            return
        raise ValidationError(_("Tell us where to answer, or choose “Only here”"))

    def validate_email(self, field: TextLine) -> None:
        """An e-mail address has an @ in it; more than that, only sending can tell."""
        if self.answer_by.data == Answer.EMAIL and field.data and "@" not in field.data:
            raise ValidationError(_("An email address has an @ in it, like sam@school.example"))

    @property
    def contact(self) -> str:
        """Where to answer, for the way that was chosen."""
        chosen = self.answer_by.data
        return "" if chosen in (None, Answer.HERE) else str(self[chosen].data or "")


class ContactForm(FlaskForm):
    """When it is safe to be reached."""

    safe_times = line(_("When is a good time?"))
    message = choice(
        _("If you do not answer, may we leave a message?"),
        (("no", _("No, somebody else could see or hear it")), ("yes", _("Yes, that is safe"))),
        _("Choose yes or no"),
    )


class HelperForm(FlaskForm):
    """Somebody to help them: offered to everybody (rules.md A8)."""

    helper = choice(
        _("Choose one"),
        (
            (Helper.WANTED, _("Yes, please find me an advocate")),
            (Helper.HAS_ONE, _("I have somebody who helps me")),
            (Helper.NO, _("No, thank you")),
        ),
        _("Choose yes or no"),
    )
    helper_contact = OwnWords(_("Who is it, and how can we reach them?"))


class FilesForm(FlaskForm):
    """Photos, recordings and documents."""

    files = UploadField(
        _("Choose files"),
        kinds=tuple(FileKind),
        most=MOST_FILES,
        description=_("Photos, sound, film, PDF or Word. At most 10 MB each."),
    )


class NeedsForm(FlaskForm):
    """How to talk with them."""

    speaks = line(_("Which language do you like best?"))
    needs = OwnWords(_("Is there anything that helps you to read, hear or talk?"))


FORMS: dict[Step, type[FlaskForm]] = {
    Step.KIND: KindForm,
    Step.SAFE: SafeForm,
    Step.HAPPENED: HappenedForm,
    Step.ABOUT: AboutForm,
    Step.WISH: WishForm,
    Step.WHO: WhoForm,
    Step.NAME: NameForm,
    Step.TELL: TellForm,
    Step.ANSWER: AnswerForm,
    Step.CONTACT: ContactForm,
    Step.HELPER: HelperForm,
    Step.FILES: FilesForm,
    Step.NEEDS: NeedsForm,
}
