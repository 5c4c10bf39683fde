"""Whose credentials these are: "there is no such endpoint" is worth only as much as that."""

from __future__ import annotations

from typing import Any

from hygiene.clouds.aws.call import Failure, ask
from hygiene.model.resource import Place


class Identity:
    """The account behind a session's credentials; AWS is asked once."""

    def __init__(self, sts: Any, place: Place) -> None:
        self._sts = sts
        self._place = place
        self._account: str | None = None

    def wrong(self) -> str:
        """Why the credentials are not known to be of the place's account; empty if they are."""
        if self._account is None:
            account = ask(self._sts, "get_caller_identity", lambda answer: str(answer["Account"]))
            if isinstance(account, Failure):
                return f"nobody knows whose credentials these are: {account.reason}"
            self._account = account
        if self._account != self._place.account:
            return f"these credentials are of account {self._account}, not of {self._place}"
        return ""
