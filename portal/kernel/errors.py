"""The refusals: each is a sentence that a person reads, with its HTTP status."""


class DomainError(Exception):
    """Something the rules refuse; shown as a page with this status and sentence."""

    status: int = 409
    sentence: str = "That cannot be done now."

    def __init__(self, sentence: str | None = None) -> None:
        if sentence is not None:
            self.sentence = sentence
        super().__init__(self.sentence)

    def __str__(self) -> str:
        return self.sentence


class NotFound(DomainError):
    """There is no such thing, or it belongs to somebody else: the same answer for both."""

    status = 404
    sentence = "There is nothing at this address that you can see."


class Forbidden(DomainError):
    """The person may not do this."""

    status = 403
    sentence = (
        "Your role does not let you do this. An administrator of your organisation can change it."
    )


class SignedOut(DomainError):
    """The sign-in ended while a form was open."""

    status = 401
    sentence = "Your sign-in has ended, so nothing was saved."


class Stale(DomainError):
    """Somebody else changed the thing while the form was open."""

    status = 409
    sentence = (
        "Somebody else changed this while your page was open. Nothing of yours was saved. "
        "Open the page again to see both, then make your change."
    )
