"""What is written down: policies, their schemas, and the IAM policies that the bot needs."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from hygiene import settings, wiring
from hygiene.cli.asked import endpoint_of, known_resource
from hygiene.cli.show import (
    COMPLETE,
    WITH_GAPS,
    Format,
    FormatOption,
    ResourceArgument,
    as_json,
    output,
)
from hygiene.clouds.aws import iam as aws_iam
from hygiene.model.finding import Exempt, Finding, Fine, UnknownResource
from hygiene.model.resource import Gap, Gone, ResourceRef
from hygiene.night import Run
from hygiene.policy import Policy
from hygiene.report.wording import amount_in, printable
from hygiene.schema import estate_schema, policy_schema
from hygiene.settings import Settings
from hygiene.steps.judge import Assessment, assess


class Schema(StrEnum):
    """What a schema describes."""

    POLICY = "policy"
    ESTATE = "estate"


class Role(StrEnum):
    """Whom an IAM policy is for."""

    READER = "reader"
    WRITER = "writer"


def check(format: FormatOption = Format.TEXT) -> None:
    """Read policies, prices and the estate file; say what is wrong, by line and column.

    Example: `hygiene policy check`
    """
    chosen = settings.read()
    policies = wiring.read_files(chosen)
    if format is Format.JSON:
        rows = [{"name": one.name, "check": one.check, "mode": one.mode} for one in policies]
        estate = str(chosen.estate) if chosen.estate else None
        as_json({"schema": "hygiene.policies/1", "policies": rows, "estate": estate})
        return
    for one in policies:
        output.print(f"{one.name}: check {one.check}, mode {one.mode}", markup=False)
    output.print(f"Valid: {chosen.policies}", markup=False, soft_wrap=True)
    said = f"Valid: {chosen.estate}" if chosen.estate else "No estate file: see `hygiene doctor`"
    output.print(said, markup=False, soft_wrap=True)


def schema(
    what: Annotated[Schema, typer.Argument(help="What to describe.")] = Schema.POLICY,
) -> None:
    """Print the JSON Schema that editors use.

    Example: `hygiene policy schema estate`
    """
    as_json(policy_schema() if what is Schema.POLICY else estate_schema())


def explain(
    resource: ResourceArgument,
    format: FormatOption = Format.TEXT,
) -> None:
    """Look at one resource now, and say by each policy why it is or is not in breach.

    Example: `hygiene policy explain arn:aws:sagemaker:us-east-1:111111111111:endpoint/churn-v2`
    """
    chosen = settings.read()
    ref = endpoint_of(resource) or _known(chosen, resource)
    with wiring.opened(chosen) as run:
        if run.rules.estate.account(ref.account) is None:
            known = ", ".join(one.id for one in run.rules.estate.accounts)
            raise typer.BadParameter(f"account {ref.account} is not in the estate; known: {known}")
        said = tuple((one, _said(run, ref, one)) for one in run.rules.policies_at(ref.place))
    if format is Format.JSON:
        rows = [{"policy": one.name, **_document(answer)} for one, answer in said]
        as_json({"schema": "hygiene.explain/1", "resource": ref.id, "policies": rows})
    else:
        output.print(printable(ref.id), style="bold", markup=False, soft_wrap=True)
        for one, answer in said:
            _show(one, answer)
        if not said:
            output.print(f"No policy reaches {ref.place}.")
    unread = any(isinstance(answer, Gap) for _, answer in said)
    raise typer.Exit(WITH_GAPS if unread else COMPLETE)


def _known(chosen: Settings, name: str) -> ResourceRef:
    with wiring.ledger(chosen) as ledger:
        return known_resource(ledger, name)


def _said(run: Run, ref: ResourceRef, by: Policy) -> Assessment | Gone | Gap:
    reader = run.readers(ref.place, ref.kind)
    if isinstance(reader, Gap):
        return reader
    now = run.clock()
    seen = reader.look(ref, by.settings.window(now))
    return seen if isinstance(seen, Gone | Gap) else assess(seen, by, run.rules, now)


def _document(answer: Assessment | Gone | Gap) -> dict[str, object]:
    document: dict[str, object] = {"verdict": _word(answer), "reason": _reason(answer)}
    if isinstance(answer, Finding):
        money = answer.monthly
        document["monthly_usd"] = str(money.cents) if money else None
        document["evidence"] = dict(answer.breach.evidence)
    return document


def _word(answer: Assessment | Gone | Gap) -> str:
    match answer:
        case Finding():
            return "breach"
        case Exempt():
            return "exempt"
        case Fine():
            return "fine"
        case UnknownResource():
            return "unknown"
        case Gone():
            return "not there"
        case Gap():
            return "unreadable"


def _reason(answer: Assessment | Gone | Gap) -> str:
    match answer:
        case Finding(breach=breach):
            return breach.reason
        case Gone():
            return "the cloud says that it is not there"
        case Gap(what=what, reason=reason):
            return f"{what}: {reason}"
        case _:
            return answer.reason


def _show(by: Policy, answer: Assessment | Gone | Gap) -> None:
    output.print(f"{by.name}: {_word(answer)}", style="bold", markup=False)
    output.print(f"  {printable(_reason(answer))}", markup=False, soft_wrap=True)
    if isinstance(answer, Finding):
        owner = printable(str(answer.owner))
        output.print(f"  {amount_in(answer.monthly)} a month, owner: {owner}", markup=False)
        for what, value in answer.breach.evidence:
            # Whole lines: somebody may copy the query to ask again.
            line = printable(f"    {what}: {value}")
            output.print(line, style="dim", markup=False, soft_wrap=True)


def iam(
    role: Annotated[Role, typer.Option(help="Whose policy: the reader's or the writer's.")],
) -> None:
    """Print the least-privilege IAM policy, made from the very list the wire allows.

    Example: `hygiene iam --role reader > reader.json`
    """
    typer.echo(aws_iam.policy(role.value))
