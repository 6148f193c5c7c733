"""Whatever somebody sends is met kindly, and nothing that they typed is lost."""

from __future__ import annotations

from io import BytesIO

import pytest
from lxml import html

from portal.complaints.making.forms import FORMS
from portal.complaints.making.steps import Step
from portal.complaints.rules import LONGEST_TEXT, MOST_FILES
from tests.complaints.making.test_sending import DIARY
from tests.complaints.somebody import ALDERMOOR, WORDS, Somebody, somebody_at
from tests.support.visits import Visits

# How a form is met does not depend on the database; that texts arrive on both is in test_sending.
pytestmark = pytest.mark.parametrize("visits", ["sqlite"], indirect=True, scope="package")
TEXTS = {
    "20,000 characters": "Very long. " * 1818 + "ab",
    "20,000 emoji": "😀" * LONGEST_TEXT,
    "right to left": "أخذوا حقيبتي ولم يعتذر أحد. \u202eאף אחד לא התנצל",
    "markup": "<script>alert(1)</script><b>bold</b> & {{ 7 * 7 }} %(name)s </textarea>",
    "several lines": "One.\n\nTwo.\n  Three.",
    "family": "👨‍👩‍👧‍👦 and é as e\u0301",
}
TAGS = ("script", "img", "svg", "iframe", "body", "input", "details", "video", "math", "style")
PAYLOADS = [
    payload
    for tag in TAGS
    for number in range(5)
    for payload in (
        f"<{tag} onload=alert({number})>",
        f"\"><{tag} src=x onerror=alert({number})>",
        f"</textarea><{tag}>alert({number})</{tag}>",
        f"'-alert({number})-' {{{{{tag}}}}} javascript:alert({number})//<{tag}",
    )
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_text_is_shown_again_as_it_was_typed(visits: Visits, text: str) -> None:
    assert len(text) <= LONGEST_TEXT
    somebody = somebody_at(visits.app)
    somebody.say("what", kind="complaint")
    assert somebody.say("happened", happened=text).status_code == 303
    again = html.fromstring(somebody.get("/tell-us/happened").text)
    assert again.xpath("string(//textarea)").removeprefix("\n") == text.strip()


def test_200_hostile_payloads_stay_text_in_every_field(visits: Visits) -> None:
    assert len(PAYLOADS) == 200
    hostile = "\n".join(PAYLOADS)
    line = PAYLOADS[1]
    somebody = somebody_at(visits.app)
    reference, words = somebody.send_all(
        happened={"happened": hostile},
        about={"about": "somebody-else", "about_whom": line},
        wish={"wish": hostile},
        who={"who": "young-person", "on_behalf_of": line},
        name={"named": "yes", "name": line},
        answer={"answer_by": "letter", "letter": hostile},
        contact={"safe_times": line, "message": "no"},
        helper={"helper": "has-one", "helper_contact": hostile},
        files={"files": (BytesIO(DIARY), "<svg onload=alert(1)>.txt")},
        needs={"speaks": line, "needs": hostile},
    )
    somebody.open(reference, words)
    somebody.post("/follow/reply", {"text": hostile})
    pages = [somebody.get("/follow/read")]
    pages.append(somebody.post("/follow/reply", {"text": hostile * 3}))
    for page in pages:
        tree = html.fromstring(page.text)
        assert [one.get("src") for one in tree.xpath("//script")] == [
            one for one in tree.xpath("//script/@src") if one.startswith("/static/")
        ]
        assert not tree.xpath("//main//*[self::img or self::iframe or self::video or self::math]")
        assert not tree.xpath("//@onload | //@onerror")


@pytest.mark.parametrize("step", [step for step in FORMS if step not in (Step.FILES, Step.NEEDS)])
def test_an_empty_form_is_asked_again_in_kind_words(visits: Visits, step: Step) -> None:
    somebody = somebody_at(visits.app)
    somebody.say("what", kind="complaint")
    answered = somebody.say(step)
    if step in (Step.WISH, Step.TELL):
        assert answered.status_code == (303 if step is Step.WISH else 422)
        return
    assert answered.status_code == 422
    tree = html.fromstring(answered.text)
    (error, *_more) = tree.xpath("//ul[contains(@class,'error-summary')]//a")
    assert error.text_content() and tree.xpath("//*[@id=$id]", id=error.get("href")[1:])


def test_a_text_that_is_too_long_is_shown_again_whole(visits: Visits) -> None:
    somebody = somebody_at(visits.app)
    somebody.say("what", kind="complaint")
    long = "a" * (LONGEST_TEXT + 1)
    answered = somebody.say("happened", happened=long)
    assert answered.status_code == 422 and "Nothing is lost" in answered.text
    assert html.fromstring(answered.text).xpath("string(//textarea)").strip() == long


def test_a_wrong_file_costs_neither_the_right_one_nor_a_word(visits: Visits) -> None:
    somebody = somebody_at(visits.app)
    somebody.say_all(files=None, needs=None)
    two = [(BytesIO(DIARY), "diary.txt"), (BytesIO(b"MZ\x90\x00" * 40), "game.exe")]
    answered = somebody.say("files", files=two)
    assert answered.status_code == 422 and "game.exe" in answered.text
    assert "diary.txt" in somebody.get("/tell-us/files").text
    somebody.say("files")
    somebody.say("needs")
    check = somebody.get("/tell-us/check").text
    assert WORDS in check and "diary.txt" in check and "game.exe" not in check


REFUSED = {
    "": "This is not a kind of file that can be taken",
    "/cy": "Nid yw hwn yn fath o ffeil y gellir ei dderbyn",
    "/ar": "هذا ليس من أنواع الملفات التي يمكن قبولها",
}


@pytest.mark.parametrize("front", REFUSED)
def test_a_wrong_file_is_refused_in_the_readers_language(visits: Visits, front: str) -> None:
    somebody = somebody_at(visits.app, front=f"{front}{ALDERMOOR}")
    somebody.say_all(files=None, needs=None)
    answered = somebody.say("files", files=(BytesIO(b"MZ\x90\x00" * 40), "game.exe"))
    (error,) = html.fromstring(answered.text).xpath("//ul[contains(@class,'error-summary')]//a")
    assert error.text_content().startswith(f"game.exe: {REFUSED[front]}")
    too_many = [(BytesIO(DIARY), f"{number}.txt") for number in range(MOST_FILES + 1)]
    answered = somebody.say("files", files=too_many)
    (error,) = html.fromstring(answered.text).xpath("//ul[contains(@class,'error-summary')]//a")
    assert str(MOST_FILES) in error.text_content()
    assert ("You can add" in error.text_content()) == (front == "")


def test_a_file_of_30_mb_is_met_kindly_and_nothing_is_lost(visits: Visits) -> None:
    """The largest form is 20 MB; the rest is read and thrown away, so that the answer is seen."""
    somebody = somebody_at(visits.app)
    somebody.say_all(files=None, needs=None)
    named = b'Content-Disposition: form-data; name="files"; filename="film.mp4"\r\n\r\n'
    answered = somebody.client.post(
        f"{somebody.front}/tell-us/files",
        data=b"--x\r\n" + named + b"\0" * 30 * 1024 * 1024 + b"\r\n--x--\r\n",
        content_type="multipart/form-data; boundary=x",
    )
    assert answered.status_code == 413
    assert "too big to send" in answered.text and "0800 1111" not in answered.text
    somebody.say("files")
    somebody.say("needs")
    assert WORDS in somebody.get("/tell-us/check").text


def test_a_file_can_be_taken_out_again(visits: Visits) -> None:
    somebody = somebody_at(visits.app)
    somebody.say("what", kind="complaint")
    more = somebody.say("files", files=(BytesIO(DIARY), "diary.txt"), then="more")
    assert more.location.endswith("/tell-us/files")
    page = html.fromstring(somebody.get("/tell-us/files").text)
    (action,) = page.xpath("//form[contains(@action,'/remove')]/@action")
    assert somebody.post(action.removeprefix(somebody.front)).status_code == 303
    assert "diary.txt" not in somebody.get("/tell-us/files").text


@pytest.mark.parametrize("lost", ["the whole cookie", "what it writes"])
def test_without_the_cookie_the_words_are_shown_to_be_copied(visits: Visits, lost: str) -> None:
    somebody = somebody_at(visits.app)
    somebody.say("what", kind="complaint")
    with somebody.client.session_transaction() as cookie:
        cookie.pop("making")
        if lost == "the whole cookie":
            cookie.clear()
    answered = somebody.say("happened", happened=WORDS)
    assert answered.status_code == (400 if lost == "the whole cookie" else 422)
    assert WORDS in answered.text and "Nothing was sent" in answered.text


def test_reading_the_first_page_sets_no_cookie(visits: Visits) -> None:
    somebody = somebody_at(visits.app)
    assert "Set-Cookie" not in somebody.get("/tell-us").headers
    assert "Set-Cookie" in somebody.get("/tell-us/what").headers


def test_every_page_can_be_left_at_once(visits: Visits) -> None:
    somebody: Somebody = somebody_at(visits.app)
    somebody.say_all()
    paths = ["", "/check", "/help", *(f"/{step}" for step in FORMS)]
    for path in ("/who-can-help", "", "/follow", *(f"/tell-us{path}" for path in paths)):
        page = html.fromstring(somebody.get(path).text)
        leave = page.xpath("//a[contains(@class,'govuk-exit-this-page__button')]/@href")
        assert leave == ["/young-people/aldermoor-council/tell-us/leave"], path
    nothing_to_forget = html.fromstring(somebody_at(visits.app).get("/tell-us").text)
    leave = nothing_to_forget.xpath("//a[contains(@class,'govuk-exit-this-page__button')]/@href")
    assert leave == ["https://weather.example/"]
