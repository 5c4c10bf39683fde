"""What people write on the command line: plans, resources, selections, days, and who they are.

All of it is checked before any cloud is called. Every function raises `typer.BadParameter`.
"""

from __future__ import annotations

import getpass
import json
import re
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import typer

from hygiene import wiring
from hygiene.model.entry import Noticed
from hygiene.model.plan import Plan
from hygiene.model.resource import ResourceRef
from hygiene.night import Selection
from hygiene.ports import Ledger
from hygiene.report.document import plan_document
from hygiene.settings import Settings

_ENDPOINT = re.compile(r"arn:aws[a-z-]*:sagemaker:([a-z0-9-]+):(\d{12}):endpoint/([A-Za-z0-9-]+)")


def selected(
    policies: list[str] | None,
    accounts: list[str] | None,
    tags: list[str] | None = None,
    minimum_usd: float = 0,
) -> Selection:
    """What the options narrow a run to."""
    return Selection(
        tuple(policies or ()),
        tuple(accounts or ()),
        tuple(_tag(one) for one in tags or ()),
        Decimal(str(minimum_usd)),
    )


def _tag(written: str) -> tuple[str, str]:
    key, sign, value = written.partition("=")
    if not key or not sign:
        raise typer.BadParameter(f"{written!r} is not of the form KEY=VALUE", param_hint="--tag")
    return key, value


def kept_plan(chosen: Settings, name: str) -> Plan:
    """The plan of that id, digest or JSON file; the newest one for an empty name.

    A file has to say what the ledger says: somebody may decide by what they read in it.
    """
    document = _document(Path(name)) if name.endswith(".json") or Path(name).is_file() else None
    wanted = name if document is None else str(document.get("plan_id") or "no plan_id")
    with wiring.ledger(chosen) as ledger:
        kept = ledger.plan(wanted)
    if kept is None:
        said = f"the ledger keeps no plan {wanted}" if wanted else "there is no plan yet"
        raise typer.BadParameter(f"{said}: make one with `hygiene plan`")
    if document is not None and document != plan_document(kept):
        raise typer.BadParameter(
            f"{name} was altered, it is not what {kept.id} says: write it anew with "
            f"`hygiene show {kept.id} --format json`"
        )
    return kept


def _document(file: Path) -> dict[str, object]:
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise typer.BadParameter(f"{file} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise typer.BadParameter(f"{file} is no JSON: {error}") from error
    if not isinstance(document, dict) or document.get("schema") != "hygiene.plan/1":
        raise typer.BadParameter(
            f"{file} is no plan: write one with `hygiene plan --format json > {file}`"
        )
    return document


def endpoint_of(arn: str) -> ResourceRef | None:
    """The endpoint of that ARN. None for a text that is no ARN but may be a name."""
    if not arn.startswith("arn:"):
        return None
    found = _ENDPOINT.fullmatch(arn)
    if found is None:
        raise typer.BadParameter(
            f"{arn} is no ARN that a check judges; one looks like "
            "arn:aws:sagemaker:<region>:<account>:endpoint/<name>"
        )
    region, account, name = found.groups()
    # SageMaker writes names in lower case in ARNs, whatever their own case.
    id = arn.removesuffix(name) + name.lower()
    return ResourceRef("aws", account, region, "endpoint", id)


def known_resource(ledger: Ledger, name: str) -> ResourceRef:
    """A resource that the newest plan names or an owner was told of, by its id or name."""
    newest = ledger.plan("")
    known = {one.ref for one in ledger.history().entries if isinstance(one, Noticed)}
    if newest:
        known.update(one.ref for one in newest.everything)
        known.update(one.ref for one in newest.unknown)
        known.update(one.ref for one in newest.exempt)
    matches = sorted(ref for ref in known if name in (ref.id, ref.name))
    if len(matches) == 1:
        return matches[0]
    if matches:
        several = ", ".join(ref.id for ref in matches)
        raise typer.BadParameter(f"several resources have that name, so give the ARN: {several}")
    raise typer.BadParameter(f"the newest plan names no resource {name}: see `hygiene show`")


def last_day(written: str, now: datetime) -> datetime:
    """The end of a day as a person writes it (YYYY-MM-DD, UTC), which must be ahead."""
    try:
        day = datetime.strptime(written, "%Y-%m-%d").replace(tzinfo=now.tzinfo)
    except ValueError as error:
        raise typer.BadParameter(
            f"{written!r} is no date of the form YYYY-MM-DD", param_hint="--until"
        ) from error
    end = day.replace(hour=23, minute=59, second=59)
    if end <= now:
        raise typer.BadParameter(f"{written} is over already", param_hint="--until")
    return end


def who(by: str) -> str:
    """Who decides: the one who was named, else the login name."""
    try:
        return by or getpass.getuser()
    except (OSError, KeyError, ImportError) as error:
        raise typer.BadParameter(
            "this user has no login name: say who decides", param_hint="--by"
        ) from error
