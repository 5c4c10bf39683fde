"""What is written down: policies, their schemas, and the IAM policies that the bot needs."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer
from rich.table import Table

from hygiene import wiring
from hygiene.cli.people import found
from hygiene.cli.show import COMPLETE, WITH_GAPS, Format, FormatOption, as_json, output
from hygiene.clouds.aws import iam as aws_iam
from hygiene.model.finding import Exempt, Finding, Fine, Undecided
from hygiene.model.resource import Gap, Gone, ResourceRef
from hygiene.night import Run
from hygiene.policy import Policy
from hygiene.report.wording import amount_in, printable
from hygiene.rules import reaches
from hygiene.schema import estate_schema, policy_schema
from hygiene.steps.judge import Assessment, assess

policy = typer.Typer(no_args_is_help=True, help="Check, explain and describe policies.")


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this room."""
    policy.command()(check)
    policy.command()(explain)
    policy.command()(schema)
    app.add_typer(policy, name="policy")
    app.command()(iam)


class Schema(StrEnum):
    """What a schema describes."""

    POLICY = "policy"
    ESTATE = "estate"


class Role(StrEnum):
    """Whom an IAM policy is for."""

    READER = "reader"
    WRITER = "writer"


def check() -> None:
    """Read every policy and the estate file, and say what is wrong, by line and column.

    Example: `hygiene policy check`
    """
    chosen = wiring.settings()
    policies = wiring.read_policies(chosen)
    if chosen.estate:
        wiring.read_estate(chosen)
    for one in policies:
        output.print(f"{one.name}: check {one.check}, mode {one.mode}", markup=False)
    estate = f"estate {chosen.estate}" if chosen.estate else "no estate file"
    output.print(
        f"{len(policies)} policies in {chosen.policies} are valid; {estate}.", markup=False
    )


def schema(
    what: Annotated[Schema, typer.Argument(help="What to describe.")] = Schema.POLICY,
) -> None:
    """Print the JSON Schema that editors use.

    Example: `hygiene policy schema estate`
    """
    as_json(policy_schema() if what is Schema.POLICY else estate_schema())


def explain(
    resource: Annotated[str, typer.Argument(help="The resource's ARN, or its name in a plan.")],
    format: FormatOption = Format.TEXT,
) -> None:
    """Look at one resource now, and say by each policy why it is or is not in breach.

    Example: `hygiene policy explain arn:aws:sagemaker:us-east-1:111111111111:endpoint/churn-v2`
    """
    with wiring.opened(wiring.settings()) as run:
        ref = _ref(run, resource)
        policies = tuple(one for one in run.rules.policies if reaches(one.scope, ref.place))
        said = tuple((one, _said(run, ref, one)) for one in policies)
    if format is Format.JSON:
        rows = [{"policy": one.name, **_document(answer)} for one, answer in said]
        as_json({"schema": "hygiene.explain/1", "resource": ref.id, "policies": rows})
    else:
        for one, answer in said:
            _show(one, answer)
        if not said:
            output.print(f"No policy reaches {ref.place}.")
    unread = any(isinstance(answer, Gap) for _, answer in said)
    raise typer.Exit(WITH_GAPS if unread else COMPLETE)


def _ref(run: Run, resource: str) -> ResourceRef:
    if not resource.startswith("arn:"):
        return found(run, resource)
    parts = resource.split(":", 5)
    if len(parts) < 6 or parts[2] != "sagemaker" or not parts[5].startswith("endpoint/"):
        raise typer.BadParameter(
            f"{resource} is no ARN that a check judges; "
            "one looks like arn:aws:sagemaker:<region>:<account>:endpoint/<name>"
        )
    return ResourceRef("aws", parts[4], parts[3], "endpoint", resource)


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
        case Undecided():
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
    output.print(f"  {printable(_reason(answer))}", markup=False)
    if isinstance(answer, Finding):
        owner = printable(str(answer.owner))
        output.print(f"  {amount_in(answer.monthly)} a month, owner {owner}", markup=False)
        grid = Table.grid(padding=(0, 2))
        for what, value in answer.breach.evidence:
            grid.add_row("", printable(what), printable(value), style="dim")
        output.print(grid)


def iam(
    role: Annotated[Role, typer.Option(help="Whose policy: the reader's or the writer's.")],
) -> None:
    """Print the least-privilege IAM policy, made from the very list the wire allows.

    Example: `hygiene iam --role reader > reader.json`
    """
    typer.echo(aws_iam.policy(role.value))
