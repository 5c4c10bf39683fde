"""Settings in, ready Readers, Writers, Messenger, Ledger and Rates out: for every face alike."""

from __future__ import annotations

import importlib
import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from functools import cache, partial
from types import ModuleType

from pydantic import ValidationError

from hygiene import clock as clocks
from hygiene.clouds.aws import session as aws
from hygiene.estate import Account, Estate, load_estate
from hygiene.ledger.store import open_ledger
from hygiene.model.resource import Gap, Place
from hygiene.night import EVERYTHING, Run, Selection, check_accounts, check_policies
from hygiene.policy import Policy, load_policies
from hygiene.ports import Clock, Ledger, Messenger, Reader, Readers, Writer, Writers
from hygiene.rates.book import load as load_rates
from hygiene.rules import Rules
from hygiene.settings import Misconfigured, Settings
from hygiene.slack.messenger import slack_messenger
from hygiene.slack.terminal import TerminalMessenger

Bases = Callable[[str | None], aws.Session]
"""Gives the session to start from; its argument is an Airflow connection id of the estate."""


def clock(chosen: Settings) -> Clock:
    """The clock that runs go by."""
    return partial(clocks.of_local_cloud, chosen.clock_url) if chosen.clock_url else clocks.system


def run_id(now: datetime) -> str:
    """A name for a run that nobody else named."""
    return f"run-{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


def own_session(connection: str | None) -> aws.Session:
    """The AWS default chain; a connection is Airflow's business and is left alone here."""
    del connection
    return aws.base_session()


def read_policies(chosen: Settings) -> tuple[Policy, ...]:
    """The policies. Raises `hygiene.files.Invalid`."""
    return load_policies(chosen.policies)


def read_estate(chosen: Settings, bases: Bases = own_session) -> Estate:
    """The estate file, else the caller's own account, read-only, in the default region.

    Raises `hygiene.files.Invalid`, `Misconfigured`, or `SessionError` of the cloud.
    """
    if chosen.estate:
        return load_estate(chosen.estate)
    session = bases(None)
    region = aws.default_region(session)
    if region is None:
        raise Misconfigured("no region is known: set AWS_DEFAULT_REGION, or write an estate file")
    try:
        anybody = Account(id="0" * 12, regions=(region,))
    except ValidationError as error:
        raise Misconfigured(
            f"{region!r} is no region: set AWS_DEFAULT_REGION to one such as eu-central-1"
        ) from error
    return Estate(accounts=(anybody.model_copy(update={"id": aws.caller(session)}),))


def read_files(chosen: Settings) -> tuple[Policy, ...]:
    """The policies, once prices and the estate file, if there is one, are found valid as well.

    Calls nothing. Raises `hygiene.files.Invalid`.
    """
    policies = read_policies(chosen)
    load_rates(chosen.rates)
    if chosen.estate:
        load_estate(chosen.estate)
    return policies


def read_rules(
    chosen: Settings, bases: Bases = own_session, selection: Selection = EVERYTHING
) -> Rules:
    """Policies, estate and prices, files first: a mistake in one is found before any call.

    Raises `UnknownNameError` where `selection` names what is not in them.
    """
    policies, rates = read_policies(chosen), load_rates(chosen.rates)
    check_policies(selection, policies)
    estate = read_estate(chosen, bases)
    check_accounts(selection, estate)
    return Rules(policies, estate, rates)


def ledger(chosen: Settings) -> AbstractContextManager[Ledger]:
    """The ledger alone, for what needs no cloud. Raises `LedgerUnusable`."""
    return open_ledger(chosen.ledger_url)


@contextmanager
def opened(
    chosen: Settings,
    name: str | None = None,
    bases: Bases = own_session,
    selection: Selection = EVERYTHING,
    show: Callable[[str], object] = print,
) -> Iterator[Run]:
    """A run with everything it works with, under `name` or a new one. It cannot write.

    `selection` is what the run will be narrowed to: its names are checked before any call. `show`
    gets what would be posted where there is no Slack.
    """
    rules = read_rules(chosen, bases, selection)
    time = clock(chosen)
    with ledger(chosen) as memory:
        yield Run(
            id=name or run_id(time()),
            rules=rules,
            readers=readers(rules.estate, time, bases),
            messenger=messenger(chosen, rules.estate, time, show),
            ledger=memory,
            clock=time,
        )


def messenger(
    chosen: Settings, estate: Estate, time: Clock, show: Callable[[str], object] = print
) -> Messenger:
    """Slack where there is a token; else `show` gets what would be posted."""
    if not chosen.slack_token:
        return TerminalMessenger(show, time, estate.tags.keep)
    try:
        return slack_messenger(
            chosen.slack_token, chosen.slack_api_url, estate.slack, time, estate.tags.keep
        )
    except ValueError as error:
        raise Misconfigured(f"SLACK_BOT_TOKEN: {error}") from error


def readers(estate: Estate, time: Clock, bases: Bases = own_session) -> Readers:
    """Readers with each account's reader role, which pass no write to the wire."""

    @cache
    def reader(place: Place, kind: str) -> Reader | Gap:
        account = estate.account(place.account)
        if account is None:
            return Gap(place, "account", "it is not in the estate")
        adapter = _adapter(place, kind)
        if isinstance(adapter, Gap):
            return adapter
        try:
            base = bases(account.reader_connection)
            session = aws.reading(aws.assumed(base, account.reader_role, "hygiene-reader"))
        except aws.SessionError as error:
            return Gap(place, "credentials", str(error))
        made: Reader = adapter.reader(session, place, time)
        return made

    return reader


def writers(estate: Estate, time: Clock, bases: Bases = own_session) -> Writers:
    """Writers with each account's writer role. Only a run that asks to write makes them."""

    @cache
    def writer(place: Place, kind: str) -> Writer | Gap:
        account = estate.account(place.account)
        if account is None or not account.writable:
            return Gap(place, "account", "it is not writable in the estate")
        adapter = _adapter(place, kind)
        if isinstance(adapter, Gap):
            return adapter
        try:
            base = bases(account.writer_connection)
            session = aws.writing(aws.assumed(base, account.writer_role, "hygiene-writer"))
        except aws.SessionError as error:
            return Gap(place, "credentials", str(error))
        made: Writer = adapter.writer(session, place, time)
        return made

    return writer


def _adapter(place: Place, kind: str) -> ModuleType | Gap:
    """The cloud's module for a kind: `hygiene/clouds/<cloud>/<kind>.py`."""
    name = f"hygiene.clouds.{place.cloud}.{kind}"
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not name.startswith(error.name):
            raise
        return Gap(place, "cloud", f"this version cannot read {kind}s of {place.cloud}")
