"""Where a run writes down what it does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hygiene.model.entry import Intended, Settled, SettledAs
from hygiene.model.resource import Window
from hygiene.ports import Clock, Ledger


@dataclass(frozen=True, slots=True)
class Journal:
    """The ledger, the run that writes into it, and the clock it goes by."""

    ledger: Ledger
    run_id: str
    clock: Clock

    def close(self, intent: Intended, outcome: SettledAs, reason: str) -> Settled:
        """Settles an intent, and returns the settlement that stands: the first one's word."""
        settled = Settled(
            at=self.clock(),
            run_id=self.run_id,
            ref=intent.ref,
            turn=intent.turn,
            change_id=intent.change_id,
            verb=intent.verb,
            outcome=outcome,
            reason=reason,
        )
        if self.ledger.settle(settled):
            return settled
        return next(
            entry
            for entry in self.ledger.history().entries
            if isinstance(entry, Settled) and (entry.ref, entry.turn) == (intent.ref, intent.turn)
        )


def brief(now: datetime) -> Window:
    """A window for a look that asks only whether something is there."""
    return Window.back_from(now, 1)
