"""Writing down what sealed submissions say, once the round's key is whole."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.frameworks.applications.models import Application, Submission
from portal.frameworks.applications.opened import Bid, BidPrice, OpenedAnswer
from portal.frameworks.models import Category
from portal.frameworks.opening.models import OpenedSubmission
from portal.frameworks.questions.models import QuestionVersion
from portal.frameworks.questions.rules import QuestionKind
from portal.frameworks.rounds.models import Round
from portal.frameworks.sealing.boxes import DoesNotOpen, KeyPair
from portal.frameworks.sealing.content import Content
from portal.frameworks.sealing.receipts import BadReceipt, Receipt
from portal.kernel.bulk import insert_rows
from portal.kernel.ids import new_id
from portal.kernel.keys import SigningKey
from portal.kernel.money import Money

_AT_ONCE = 50  # a sealed submission takes 64 KB
_OF_A_BID = ("round_id", "framework_id", "lead_council_id", "provider_id")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Opened:
    """A submission that was opened; ``unaltered`` where it is what the receipt was given for."""

    application_id: UUID
    provider_id: UUID
    reference: str
    unaltered: bool


def write_opened(
    session: Session, round_: Round, key: KeyPair, *, checks: Sequence[SigningKey]
) -> list[Opened]:
    """Open the newest submission of every application that was not withdrawn, and keep its parts.

    For the task of rounds. One that was altered since it was received gives no bids: it is kept
    without its content, and does not hold the others up. ``checks`` are the receipts' keys.
    """
    codes = _codes(session, round_.framework_id)
    files = _asking_files(session, round_.id)
    counted = _newest(session, round_.id)
    opened: list[Opened] = []
    for start in range(0, len(counted), _AT_ONCE):
        wanted = counted[start : start + _AT_ONCE]
        some = session.scalars(
            select(Submission).where(Submission.id.in_(wanted)).order_by(Submission.id)
        ).all()
        contents = [(one, content_of(one, key, checks)) for one in some]
        _keep(session, contents, codes, files)
        for one, content in contents:
            opened.append(
                Opened(one.application_id, one.provider_id, one.reference, content is not None)
            )
            session.expunge(one)
    return opened


def content_of(
    submission: Submission, key: KeyPair, checks: Iterable[SigningKey]
) -> Content | None:
    """What was sealed, if it is what the receipt was given for."""
    receipt = Receipt(submission.reference, submission.received_at, submission.digest)
    try:
        content = Content.read(key.open(submission.sealed))
        Receipt.read(receipt.line(submission.signature), checks)
    except (DoesNotOpen, BadReceipt):
        return None
    return content if content.digest == submission.digest else None


def _codes(session: Session, framework_id: UUID) -> dict[str, UUID]:
    found = session.execute(
        select(Category.code, Category.id)
        .where(Category.framework_id == framework_id)
        .order_by(Category.code)
    )
    return {row.code: row.id for row in found}


def _asking_files(session: Session, round_id: UUID) -> frozenset[UUID]:
    """The versions of a round's questions that are answered with a file."""
    return frozenset(
        session.scalars(
            select(QuestionVersion.id)
            .where(QuestionVersion.round_id == round_id, QuestionVersion.kind == QuestionKind.FILE)
            .order_by(QuestionVersion.id)
        )
    )


def _newest(session: Session, round_id: UUID) -> list[UUID]:
    """The submission that counts of each application of a round."""
    rows = session.execute(
        select(Submission.application_id, Submission.id)
        .join(Application, Application.id == Submission.application_id)
        .where(Submission.round_id == round_id, Application.withdrawn_at.is_(None))
        .order_by(Submission.application_id, Submission.number)
    )
    return list({row.application_id: row.id for row in rows}.values())


def _keep(
    session: Session,
    contents: Sequence[tuple[Submission, Content | None]],
    codes: Mapping[str, UUID],
    files: Collection[UUID],
) -> None:
    opened: list[Row] = []
    bids: list[Row] = []
    prices: list[Row] = []
    answers: list[Row] = []
    for submission, content in contents:
        own = _of(submission)
        opened.append({**own, "salt": content and content.salt, "text": content and content.text})
        if content is None:
            continue
        said = content.value
        for code in said["categories"]:
            bid = {**own, "id": new_id(), "category_id": codes[code]}
            bids.append(bid)
            prices += _price_rows(bid, said["prices"].get(code, {}))
        answers += _answer_rows(own, said["answers"], files)
    for model, rows in (
        (OpenedSubmission, opened),
        (Bid, bids),
        (BidPrice, prices),
        (OpenedAnswer, answers),
    ):
        insert_rows(session, model, rows)


def _of(submission: Submission) -> Row:
    return {
        "submission_id": submission.id,
        "application_id": submission.application_id,
        "round_id": submission.round_id,
        "framework_id": submission.framework_id,
        "lead_council_id": submission.lead_council_id,
        "provider_id": submission.provider_id,
    }


def _price_rows(bid: Row, asked: Mapping[str, int]) -> Iterator[Row]:
    parties = {name: bid[name] for name in _OF_A_BID}
    for band, pence in asked.items():
        yield {**parties, "id": new_id(), "bid_id": bid["id"], "band": band, "price": Money(pence)}


def _answer_rows(own: Row, answers: Mapping[str, Any], files: Collection[UUID]) -> Iterator[Row]:
    for named, answer in answers.items():
        version_id = UUID(named)
        yield {
            **own,
            "id": new_id(),
            "question_version_id": version_id,
            "answer": answer,
            "file_id": UUID(answer) if version_id in files and answer else None,
        }
