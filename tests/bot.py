"""The whole bot on the wire: local cloud, ledger in a folder, runs as the faces open them."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import hygiene.localcloud
from hygiene import night, wiring
from hygiene.localcloud.cloud import LocalCloud
from hygiene.model.plan import Held, Outcome, Plan
from hygiene.settings import Settings
from hygiene.steps.guard import Ask

ESTATES = Path(hygiene.localcloud.__file__).parent / "estates"
GRACE = timedelta(days=8)


@dataclass(frozen=True)
class Bot:
    """The bot at work on one estate of the local cloud."""

    cloud: LocalCloud
    settings: Settings

    def open(self) -> AbstractContextManager[night.Run]:
        return wiring.opened(self.settings)

    def plan(self, run: night.Run) -> Plan:
        night.settle_open(run)
        for place in night.places(run.rules):
            night.scan_place(run, place)
        return night.make_plan(run)

    def announce(self) -> Plan:
        """A first night: scan, plan, tell the owners."""
        with self.open() as run:
            made = self.plan(run)
            night.tell_owners(run, made)
        return made

    def due(self, run: night.Run) -> Plan:
        """A later night, when the grace periods are over."""
        self.cloud.clock.move(GRACE)
        return self.plan(run)

    def apply(self, run: night.Run, made: Plan) -> tuple[Outcome | Held, ...]:
        writers = wiring.writers(run.rules.estate, run.clock)
        return night.apply_plan(run, writers, made, Ask(True, made.digest))

    @property
    def deletes(self) -> list[str | None]:
        """The names of what the wire was asked to delete, request by request."""
        return [one.resource for one in self.cloud.log.of("DeleteEndpoint")]
