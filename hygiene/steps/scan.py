"""scan: what is there."""

from __future__ import annotations

from datetime import datetime

from hygiene.checks import load_check
from hygiene.model.resource import Gap, Place, Scan
from hygiene.policy import Policy
from hygiene.ports import Readers


def scan(readers: Readers, place: Place, policy: Policy, now: datetime) -> Scan:
    """Reads what one policy has to judge in one place. A place that cannot be read is a gap."""
    kind = load_check(policy.check).kind
    reader = readers(place, kind)
    if isinstance(reader, Gap):
        return Scan(place, kind, policy.name, now, (), (reader,))
    resources, gaps = reader.scan(policy.settings.window(now), policy.settings.at_most)
    return Scan(place, kind, policy.name, now, resources, gaps)
