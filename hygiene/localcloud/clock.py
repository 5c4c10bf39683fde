"""The local cloud's own time: wall time, moved ahead by whoever wants a week to pass."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class LocalClock:
    """Runs like the wall clock, a chosen distance ahead of it."""

    def __init__(self) -> None:
        self._ahead = timedelta()
        self._stands_at: datetime | None = None

    def __call__(self) -> datetime:
        """The time here and now, aware and in UTC."""
        return self.now()

    def now(self) -> datetime:
        """The time here and now, aware and in UTC."""
        return (self._stands_at or datetime.now(UTC)) + self._ahead

    def stand(self) -> None:
        """Time stands still, but for moves: two looks at busy metrics then see the same."""
        self._stands_at = datetime.now(UTC)

    def move(self, by: timedelta) -> datetime:
        """Lets time pass at once; returns the new time. Raises ValueError for going back."""
        if by < timedelta():
            raise ValueError("the local clock only moves forward")
        self._ahead += by
        return self.now()

    def reset(self) -> None:
        """Back to wall time."""
        self._ahead = timedelta()
        self._stands_at = None
