"""Starts a new check: writes its rule, its test and its policy, and publishes the schemas anew.

    python tools/new_check.py idle_endpoint endpoint

The rule it writes says "not judged yet" of everything, so that lint, tests and policies hold
from the first minute on. Nothing that exists is overwritten.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from string import Template
from typing import get_args

from hygiene.checks import check_ids
from hygiene.model.plan import Verb
from hygiene.model.resource import Endpoint
from hygiene.schema import publish

ROOT = Path(__file__).resolve().parents[1]
KINDS = {Endpoint.KIND: Endpoint}

CHECK = Template('''\
"""One sentence that says which $kind breaks this rule.

Say when it is in breach, when nobody can tell (that is Unknown, never a breach), and what the
rule rests on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from hygiene.model.finding import Fine, Unknown, Verdict
from hygiene.model.plan import Verb
from hygiene.model.resource import $model, Window

VERB: Verb = "$verb"


@dataclass(frozen=True, slots=True)
class Settings:
    """`window_days`: how far back a scan reads. `minimum_age_days`: younger ones are left
    alone."""

    window_days: int = 7
    minimum_age_days: int = 7

    def __post_init__(self) -> None:
        if not 1 <= self.window_days <= 14:
            raise ValueError("window_days must be 1 to 14: older metrics are no longer listed")
        if self.minimum_age_days < 0:
            raise ValueError("minimum_age_days must not be negative")

    def window(self, now: datetime) -> Window:
        """The time that a scan has to read."""
        return Window.back_from(now, self.window_days)

    @property
    def at_most(self) -> Decimal:
        """A resource used more than this needs no further reading."""
        return Decimal(0)


def judge($kind: $model, settings: Settings, now: datetime) -> Verdict:
    """Whether this $kind breaks the rule. `now` is aware and in UTC."""
    if (now - $kind.created_at).days < settings.minimum_age_days:
        return Fine(f"younger than {settings.minimum_age_days} days")
    return Unknown("not judged yet")
''')

TEST = Template('''\
"""The rule $id."""

from __future__ import annotations

from datetime import timedelta

from hygiene.checks.$id import Settings, judge
from hygiene.model.finding import Fine, Unknown
from tests.checks.quiet_${kind}s import NOW, $kind, series, traffic


def test_the_young_are_left_alone() -> None:
    young = $kind(traffic(series()), age=timedelta(days=6))
    assert judge(young, Settings(), NOW) == Fine("younger than 7 days")


def test_nothing_is_judged_yet() -> None:
    assert judge($kind(traffic(series())), Settings(), NOW) == Unknown("not judged yet")
''')

POLICY = Template("""\
# yaml-language-server: $$schema=policy.schema.json
#
# Say which ${kind}s this policy finds. docs/policies.md explains every key.

mode: report

settings:
  # How far back a scan reads, in days.
  window_days: 7
  # Younger ones are left alone.
  minimum_age_days: 7
""")


def files(check: str, kind: str) -> dict[str, str]:
    """The three files of a new check: path from the top of the repository to content."""
    verb = next(verb for verb in get_args(Verb) if verb.endswith(kind))
    words = {"id": check, "kind": kind, "model": KINDS[kind].__name__, "verb": verb}
    return {
        f"hygiene/checks/{check}.py": CHECK.substitute(words),
        f"tests/checks/test_{check}.py": TEST.substitute(words),
        f"policies/{check}.yaml": POLICY.substitute(words),
    }


def objection(check: str, root: Path) -> str | None:
    """Why no check of this name can be started."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", check):
        return f"{check!r} is no name for a check; write it like idle_endpoint"
    if check in check_ids():
        return f"there is a check {check} already; choose another name"
    taken = [path for path in files(check, "endpoint") if (root / path).exists()]
    return f"{taken[0]} is there already; choose another name" if taken else None


def write(check: str, kind: str, root: Path) -> tuple[str, ...]:
    """Writes the files of a new check below `root` and returns their paths."""
    written = files(check, kind)
    for path, text in written.items():
        (root / path).write_text(text, encoding="utf-8")
    return tuple(written)


def main(arguments: list[str], root: Path) -> int:
    """The command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="new_check.py", description="Starts a new check.")
    parser.add_argument("check", help="its id, such as idle_endpoint")
    parser.add_argument("kind", choices=sorted(KINDS), help="what it judges")
    asked = parser.parse_args(arguments)
    refused = objection(asked.check, root)
    if refused:
        print(refused, file=sys.stderr)
        return 2
    for path in write(asked.check, asked.kind, root):
        print(path)
    publish(root / "policies")
    print("Next: write judge() and its tests, then say in the policy what it finds.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], ROOT))
