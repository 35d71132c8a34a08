"""The refusals a person may meet: a code for machines, a Chinese sentence for people, an HTTP status for the door."""

from typing import Any


class Problem(Exception):  # noqa: N818 - Refused, Missing and Conflict read as what happened, not as mistakes
    """Base of every refusal. ``code`` is stable, ``message`` says what, where and what to do, in Chinese."""

    status = 500

    def __init__(self, code: str, message: str, **details: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details = details


class Refused(Problem):
    """The request is understood and the rules say no."""

    status = 422


class Forbidden(Problem):
    """The person does not hold the power this needs."""

    status = 403


class Missing(Problem):
    """There is no such thing, or not for this person: the two are not told apart."""

    status = 404


class Conflict(Problem):
    """Somebody was first, or the same key came with another payload."""

    status = 409
