"""Whether the installation is well: each part by itself, so that one trouble hides no other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hygiene import settings, wiring
from hygiene.clouds.aws import session as aws
from hygiene.estate import Account, Estate
from hygiene.files import Invalid
from hygiene.ledger.errors import LedgerUnusable
from hygiene.ledger.store import open_ledger
from hygiene.rates.book import load as load_rates
from hygiene.settings import Misconfigured, Settings
from hygiene.slack.failures import SlackFailure
from hygiene.slack.wire import Wire


@dataclass(frozen=True, slots=True)
class Symptom:
    """One part of the installation. `said` tells what is there, or what to do."""

    what: str
    well: bool
    said: str


def examined(environ: Mapping[str, str]) -> tuple[Symptom, ...]:
    """Looks at everything a run needs. Reads only; raises `Misconfigured` for wrong variables."""
    return tuple(_examined(settings.read(environ)))


def _examined(chosen: Settings) -> Iterator[Symptom]:
    yield Symptom("home", True, str(chosen.home))
    yield _policies(chosen)
    yield _rates(chosen)
    yield _ledger(chosen)
    try:
        estate = wiring.read_estate(chosen)
    except (Invalid, Misconfigured, aws.SessionError) as error:
        yield Symptom("estate", False, str(error))
        return
    where = str(chosen.estate) if chosen.estate else "no file: your own account, read-only"
    yield Symptom("estate", True, f"{_counted(len(estate.accounts), 'account')}, {where}")
    yield from (_account(account) for account in estate.accounts)
    yield _slack(chosen, estate)


def _counted(number: int, what: str) -> str:
    return f"{number} {what if number == 1 else what + 's'}"


def _policies(chosen: Settings) -> Symptom:
    try:
        policies = wiring.read_policies(chosen)
    except Invalid as error:
        return Symptom("policies", False, str(error))
    return Symptom("policies", True, f"{len(policies)} in {chosen.policies}")


def _rates(chosen: Settings) -> Symptom:
    try:
        load_rates(chosen.rates)
    except Invalid as error:
        return Symptom("prices", False, str(error))
    return Symptom("prices", True, str(chosen.rates or "those that came along"))


def _ledger(chosen: Settings) -> Symptom:
    try:
        with open_ledger(chosen.ledger_url) as ledger:
            stopped = ledger.history().stopped
    except LedgerUnusable as error:
        return Symptom("ledger", False, str(error))
    if stopped:
        return Symptom("ledger", False, f"stopped by {stopped.by} ({stopped.reason}): resume")
    return Symptom("ledger", True, "reachable, at the newest revision")


def _account(account: Account) -> Symptom:
    what = f"account {account.id} {account.name}".rstrip()
    if account.cloud != "aws":
        return Symptom(what, False, f"this version cannot read {account.cloud}")
    try:
        session = aws.assumed(aws.base_session(), account.reader_role, "hygiene-doctor")
        seen = aws.caller(aws.reading(session))
    except aws.SessionError as error:
        role = account.reader_role or "none, so the caller's own rights"
        return Symptom(what, False, f"{error}; reader role: {role}")
    if seen != account.id:
        return Symptom(what, False, f"its reader role leads into account {seen}: correct the role")
    return Symptom(what, True, "its reader role works")


def _slack(chosen: Settings, estate: Estate) -> Symptom:
    if not chosen.slack_token:
        return Symptom("Slack", True, "no SLACK_BOT_TOKEN: messages are printed, nothing is due")
    try:
        Wire(chosen.slack_token, chosen.slack_api_url).channel(estate.slack.channel)
    except (SlackFailure, ValueError) as trouble:
        return Symptom("Slack", False, str(trouble))
    return Symptom("Slack", True, f"the bot is in {estate.slack.channel}")
