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
