"""The local cloud's own time: wall time, moved ahead by whoever wants a week to pass."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class LocalClock:
    """Runs like the wall clock, a chosen distance ahead of it."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        """The time here and now, aware and in UTC."""
        return self.now()

    def now(self) -> datetime:
        """The time here and now, aware and in UTC."""
        return datetime.now(UTC) + self._ahead

    def move(self, by: timedelta) -> datetime:
        """Lets time pass at once; returns the new time. Raises ValueError for going back."""
        if by < timedelta():
            raise ValueError("the local clock only moves forward")
        self._ahead += by
        return self.now()

    def reset(self) -> None:
        """Back to wall time."""
        self._ahead = timedelta()
