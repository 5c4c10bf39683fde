"""One run, step by step. The command line and Airflow call these and add nothing of their own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from hygiene.checks import load_check
from hygiene.estate import Estate
from hygiene.model.entry import Counted, Intended, Looked, Settled
from hygiene.model.finding import Judgement
from hygiene.model.note import Delivery
from hygiene.model.plan import Cleared, Done, Held, Outcome, Plan
from hygiene.model.report import Report
from hygiene.model.resource import Gap, Place, Scan
from hygiene.policy import Policy, Scope
from hygiene.ports import Clock, Ledger, Messenger, Readers, Writers
from hygiene.rules import Rules, reaches
from hygiene.steps.apply import apply, settle
from hygiene.steps.guard import Ask, guard
from hygiene.steps.journal import Journal
from hygiene.steps.judge import judge
from hygiene.steps.notify import deliver, digest_note, owner_notes
from hygiene.steps.plan import plan, withdrawn
from hygiene.steps.report import report
from hygiene.steps.scan import scan
from hygiene.steps.undo import not_allowed, undo, undoable
from hygiene.steps.verify import to_verify, unverifiable, verify


@dataclass(frozen=True, slots=True)
class Run:
    """Everything that a run works with. There is no Writer in it: see `apply_plan`."""

    id: str
    rules: Rules
    readers: Readers
    messenger: Messenger
    ledger: Ledger
    clock: Clock

    @property
    def journal(self) -> Journal:
        return Journal(self.ledger, self.id, self.clock)


@dataclass(frozen=True, slots=True)
class Selection:
    """What a run is narrowed to; empty means all. `minimum_usd` is a month's list price."""

    policies: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    tags: tuple[tuple[str, str], ...] = ()
    minimum_usd: Decimal = Decimal(0)


EVERYTHING = Selection()


class UnknownNameError(ValueError):
    """A run is narrowed to a name that nobody knows; the message lists those there are.

    A name with a typing error would select nothing, and that would look like a clean estate.
    """


def check_policies(selection: Selection, policies: tuple[Policy, ...]) -> None:
    """Raises `UnknownNameError` where the selection names a policy or check that is not there."""
    known = {name for one in policies for name in (one.name, one.check)}
    _check_names("policy", selection.policies, known)


def check_accounts(selection: Selection, estate: Estate) -> None:
    """Raises `UnknownNameError` where the selection names an account that is not there."""
    _check_names("account", selection.accounts, {one.id for one in estate.accounts})


def _check_names(what: str, named: Iterable[str], known: set[str]) -> None:
    strange = sorted(set(named) - known)
    if strange:
        raise UnknownNameError(
            f"there is no {what} {', '.join(strange)}; known: {', '.join(sorted(known))}"
        )


def places(rules: Rules, selection: Selection = EVERYTHING) -> tuple[Place, ...]:
    """The places that the selected policies reach, in the estate's order."""
    return tuple(
        place
        for account in rules.estate.accounts
        if not selection.accounts or account.id in selection.accounts
        for region in account.regions
        for place in (Place(account.cloud, account.id, region),)
        if any(reaches(policy.scope, place) for policy in _selected(rules, selection))
    )


def _selected(rules: Rules, selection: Selection) -> tuple[Policy, ...]:
    """The selected policies (by policy or check name), narrowed to the selected tags."""
    return tuple(
        _narrowed(policy, selection.tags)
        for policy in rules.policies
        if not selection.policies or {policy.name, policy.check} & set(selection.policies)
    )


def _narrowed(policy: Policy, tags: tuple[tuple[str, str], ...]) -> Policy:
    if not tags:
        return policy
    scoped = dict(policy.scope.tags)
    for key, value in tags:
        scoped[key] = (value,) if value in scoped.get(key, (value,)) else ()
    scope = Scope(**{**policy.scope.model_dump(), "tags": scoped})
    return policy.model_copy(update={"scope": scope})


def scan_place(run: Run, place: Place, selection: Selection = EVERYTHING) -> tuple[Scan, ...]:
    """Scans one place for every selected policy that reaches it, and keeps the scans."""
    scans = []
    for policy in _selected(run.rules, selection):
        if reaches(policy.scope, place):
            one = scan(run.readers, place, policy, run.clock())
            run.ledger.keep_scan(run.id, one)
            scans.append(one)
    return tuple(scans)


def settle_open(run: Run) -> tuple[tuple[Intended, Settled | None], ...]:
    """Settles what ended workers left open; None beside an intent that has to stay open."""
    return tuple((one, _settled(run, one)) for one in run.ledger.history().open_intents())


def _settled(run: Run, intent: Intended) -> Settled | None:
    reader = run.readers(intent.ref.place, intent.ref.kind)
    return None if isinstance(reader, Gap) else settle(intent, reader, run.journal)


def make_plan(run: Run, selection: Selection = EVERYTHING) -> Plan:
    """Judges the scans of this run and keeps one plan. A scan that is missing is a gap."""
    now = run.clock()
    kept = {(one.place, one.policy): one for one in run.ledger.scans(run.id)}
    judged = []
    for place in places(run.rules, selection):
        for policy in _selected(run.rules, selection):
            if reaches(policy.scope, place):
                one = kept.get((place, policy.name)) or _unfinished(place, policy, run)
                judged.append((one, _judgement(one, policy, run, selection)))
    made = plan(run.id, tuple(judged), run.ledger.history(), run.rules, now)
    run.ledger.keep_plan(made)
    if selection == EVERYTHING:
        run.ledger.append(*withdrawn(made, tuple(judged), run.ledger.history()))
    dark = {gap.place for gap in made.gaps if gap.ref is None}
    run.ledger.append(
        *(
            Counted(now, run.id, one.place, one.kind, one.count)
            for one in made.populations
            if one.place not in dark
        )
    )
    return made


def _unfinished(place: Place, policy: Policy, run: Run) -> Scan:
    gap = Gap(place, "scan", "the scan of this place did not finish; see the log of its task")
    return Scan(place, load_check(policy.check).kind, policy.name, run.clock(), (), (gap,))


def _judgement(one: Scan, policy: Policy, run: Run, selection: Selection) -> Judgement:
    judged = judge(one, policy, run.rules, one.read_at)
    if not selection.minimum_usd:
        return judged
    dear = tuple(
        finding
        for finding in judged.findings
        if finding.monthly is not None and finding.monthly.amount >= selection.minimum_usd
    )
    return Judgement(dear, judged.unknown, judged.exempt, judged.population)


def tell_owners(run: Run, made: Plan) -> tuple[Delivery, ...]:
    """Tells every owner what is new to them."""
    notes = owner_notes(made, run.ledger.history(), run.clock())
    return tuple(deliver(note, run.messenger, run.journal) for note in notes)


def tell_channel(run: Run, proven: Report, done: int) -> Delivery:
    """Posts the one digest of this run."""
    return deliver(digest_note(proven, run.id, done), run.messenger, run.journal)


def preview(run: Run, shown: Plan, ask: Ask) -> tuple[Cleared | Held, ...]:
    """What the guard would say now if a run asked to write. Nothing can be done with it here."""
    asked = replace(ask, writes=True)
    return guard(shown, asked, run.ledger.history(), run.rules, run.clock())


def apply_plan(run: Run, writers: Writers, shown: Plan, ask: Ask) -> tuple[Outcome | Held, ...]:
    """Settles what was left open, then does what the guard clears, one change after another."""
    settle_open(run)
    verdicts = guard(shown, ask, run.ledger.history(), run.rules, run.clock())
    return tuple(
        one if isinstance(one, Held) else _apply_one(run, writers, one) for one in verdicts
    )


def _apply_one(run: Run, writers: Writers, cleared: Cleared) -> Outcome | Held:
    ref = cleared.change.ref
    reader, writer = run.readers(ref.place, ref.kind), writers(ref.place, ref.kind)
    if isinstance(reader, Gap):
        return Held(cleared.change, f"{reader.what}: {reader.reason}")
    if isinstance(writer, Gap):
        return Held(cleared.change, f"{writer.what}: {writer.reason}")
    return apply(cleared, run.rules, reader, writer, run.journal)


def verify_changes(run: Run) -> tuple[Looked, ...]:
    """Looks at everything that was changed and still counts as a saving, or soon may."""
    days = run.rules.estate.saving_horizon_days
    return tuple(_verified(run, one) for one in to_verify(run.ledger.history(), days, run.clock()))


def _verified(run: Run, intent: Intended) -> Looked:
    reader = run.readers(intent.ref.place, intent.ref.kind)
    if isinstance(reader, Gap):
        return unverifiable(intent, reader, run.journal)
    return verify(intent, reader, run.journal)


def make_report(run: Run, made: Plan) -> Report:
    """What the ledger can prove now."""
    days = run.rules.estate.saving_horizon_days
    return report(made, run.ledger.history(), days, run.clock())


def undo_change(run: Run, writers: Writers, change_id: str) -> Settled | str:
    """Takes back one change, once what was left open is settled; a text says why not."""
    settle_open(run)
    history = run.ledger.history()
    intent = undoable(change_id, history)
    if isinstance(intent, str):
        return intent
    blocked = not_allowed(intent, history, run.rules)
    if blocked:
        return blocked
    ref = intent.ref
    reader, writer = run.readers(ref.place, ref.kind), writers(ref.place, ref.kind)
    if isinstance(reader, Gap):
        return f"{reader.what}: {reader.reason}"
    if isinstance(writer, Gap):
        return f"{writer.what}: {writer.reason}"
    return undo(intent, reader, writer, run.journal)


def count_done(outcomes: tuple[Outcome | Held, ...]) -> int:
    """How many changes were made."""
    return sum(isinstance(one, Done) for one in outcomes)
