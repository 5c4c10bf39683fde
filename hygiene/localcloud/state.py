"""What the local AWS holds: accounts, each with regions that know nothing of each other."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hygiene.localcloud.clock import LocalClock
from hygiene.localcloud.metrics import MetricStore

Doc = dict[str, Any]
"""A request or an answer as the service's API reference spells it."""

HOME_ACCOUNT = "111111111111"
SETTLES_AFTER = timedelta(minutes=15)


class AwsError(Exception):
    """An answer that refuses: the service's error code, its message and the HTTP status."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sent a request: the account, and the role's name where one was assumed."""

    account: str
    role: str | None
    arn: str


@dataclass(slots=True)
class EndpointRecord:
    """An endpoint. It keeps a copy of its config: the config itself may be deleted.

    While `looks_left` is a number the endpoint is in progress: so many more looks find it so.
    """

    name: str
    arn: str
    config_name: str
    config: Doc
    status: str
    created_at: datetime
    modified_at: datetime
    variants: list[Doc]
    shadows: list[Doc] = field(default_factory=list)
    looks_left: int | None = None


ScalingKey = tuple[str, str, str]
"""Service namespace, resource id, scalable dimension."""


@dataclass(slots=True)
class RegionState:
    """One region of one account."""

    account: str
    region: str
    metrics: MetricStore = field(default_factory=MetricStore)
    models: dict[str, Doc] = field(default_factory=dict)
    configs: dict[str, Doc] = field(default_factory=dict)
    endpoints: dict[str, EndpointRecord] = field(default_factory=dict)
    """By name in lower case: the service keeps the case of a name, but ignores it in look-ups."""
    components: dict[str, Doc] = field(default_factory=dict)
    tags: dict[str, dict[str, str]] = field(default_factory=dict)
    """By ARN. An ARN without tags is listed too once it had some, as the real service does it."""
    targets: dict[ScalingKey, Doc] = field(default_factory=dict)
    policies: dict[tuple[ScalingKey, str], Doc] = field(default_factory=dict)
    schedules: dict[tuple[ScalingKey, str], Doc] = field(default_factory=dict)

    def arn(self, kind: str, name: str) -> str:
        """The ARN of a SageMaker resource here; the service writes names in lower case."""
        return f"arn:aws:sagemaker:{self.region}:{self.account}:{kind}/{name.lower()}"

    def missing(self, kind: str, name: str) -> AwsError:
        """What the service answers where it has no such resource; `kind` as in its ARN."""
        words = {"endpoint-config": "endpoint configuration"}.get(kind, kind.replace("-", " "))
        return AwsError("ValidationException", f'Could not find {words} "{self.arn(kind, name)}".')

    def drop_scaling(self, resource_prefix: str) -> None:
        """Scalable targets vanish with what they scale, and all that hangs on them."""
        for key in [one for one in self.targets if one[1].startswith(resource_prefix)]:
            self.drop_target(key)

    def drop_target(self, key: ScalingKey) -> None:
        """Removes a scalable target with its policies and scheduled actions."""
        del self.targets[key]
        self.policies = {one: doc for one, doc in self.policies.items() if one[0] != key}
        self.schedules = {one: doc for one, doc in self.schedules.items() if one[0] != key}


class Aws:
    """All accounts. Handlers run one at a time, under `lock`."""

    def __init__(self, clock: LocalClock) -> None:
        self.clock = clock
        self.lock = threading.RLock()
        self.home_key = _access_key("AKIA")
        self.home_secret = secrets.token_urlsafe(30)
        self.reset()

    def reset(self) -> None:
        """Empty again. The home credentials stay valid, those of assumed roles do not."""
        self.looks_in_progress = 1
        """How many looks find a created, updated or deleted endpoint still in progress."""
        self.home_account = HOME_ACCOUNT
        self._assumed: dict[str, Caller] = {}
        self.regions: dict[tuple[str, str], RegionState] = {}

    def region(self, account: str, region: str) -> RegionState:
        """The state of one region of one account."""
        key = (account, region)
        if key not in self.regions:
            self.regions[key] = RegionState(account, region)
        return self.regions[key]

    def caller(self, access_key: str) -> Caller | None:
        """Whose key this is."""
        if access_key == self.home_key:
            account = self.home_account
            return Caller(account, None, f"arn:aws:iam::{account}:user/local")
        return self._assumed.get(access_key)

    def assume(self, account: str, role: str, session: str) -> str:
        """A new access key for a role in an account."""
        access_key = _access_key("ASIA")
        arn = f"arn:aws:sts::{account}:assumed-role/{role}/{session}"
        self._assumed[access_key] = Caller(account, role, arn)
        return access_key


@dataclass(frozen=True, slots=True)
class Ask:
    """One request, ready to be answered."""

    aws: Aws
    caller: Caller
    region: str
    params: Doc

    @property
    def here(self) -> RegionState:
        """The region of the caller's account that is asked."""
        return self.aws.region(self.caller.account, self.region)

    @property
    def now(self) -> datetime:
        """The local cloud's time."""
        return self.aws.clock.now()


def _access_key(prefix: str) -> str:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    return prefix + "".join(secrets.choice(alphabet) for _ in range(16))
