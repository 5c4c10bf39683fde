"""The local cloud: AWS and Slack on loopback ports of this process, and a hand in both."""

from __future__ import annotations

import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime

import uvicorn
from werkzeug.serving import WSGIRequestHandler, make_server

from hygiene.localcloud import fallback, series
from hygiene.localcloud.clock import LocalClock
from hygiene.localcloud.control import Control
from hygiene.localcloud.edge import Edge
from hygiene.localcloud.faults import Faults
from hygiene.localcloud.metrics import Series, Stat, minute
from hygiene.localcloud.requestlog import RequestLog
from hygiene.localcloud.seed import seed
from hygiene.localcloud.slack import SlackStore, app
from hygiene.localcloud.spec import EstateSpec, endpoint_arn
from hygiene.localcloud.state import Aws, EndpointRecord, RegionState
from hygiene.localcloud.wire import load_models

REGION = "us-east-1"


class LocalCloud:
    """A running local cloud. `env` is what a process needs to use it instead of the real ones."""

    def __init__(self) -> None:
        self.clock = LocalClock()
        self.log = RequestLog()
        self.faults = Faults()
        self.aws = Aws(self.clock)
        self.slack = SlackStore(f"xoxb-local-{secrets.token_urlsafe(24)}", self.clock)
        self.estate = ""
        self.aws_url = ""
        self.slack_url = ""

    @property
    def env(self) -> dict[str, str]:
        """Environment variables for boto3, slack_sdk and the clock of this project."""
        return {
            "AWS_ENDPOINT_URL": self.aws_url,
            "AWS_ACCESS_KEY_ID": self.aws.home_key,
            "AWS_SECRET_ACCESS_KEY": self.aws.home_secret,
            "AWS_DEFAULT_REGION": REGION,
            "SLACK_BOT_TOKEN": self.slack.token,
            "HYGIENE_SLACK_API_URL": f"{self.slack_url}/api/",
            "HYGIENE_CLOCK_URL": f"{self.aws_url}/_local/clock",
        }

    def seed(self, spec: EstateSpec) -> None:
        """Adds an estate to what is there, its people and channels too."""
        self.estate = spec.name
        seed(self.aws, spec)
        for person in spec.people:
            self.slack.add_user(person.email, person.name)
        for channel in spec.channels:
            self.slack.add_channel(channel.removeprefix("#"))

    def reset(self) -> None:
        """Empties everything; ports, home credentials and the Slack token stay."""
        with self.aws.lock:
            self.aws.reset()
            fallback.reset()
            self.log.clear()
            self.faults.clear()
            self.clock.reset()
            self.slack.clear()
            self.slack.users.clear()
            self.slack.conversations.clear()
            self.estate = ""

    def traffic(
        self,
        endpoint_name: str,
        count: int = 1,
        at: datetime | None = None,
        account: str | None = None,
        region: str | None = None,
        variant: str | None = None,
    ) -> None:
        """Somebody calls an endpoint `count` times: a datapoint, now unless `at` says when.

        `variant` may name an inference component as well. Without it the first one is called.
        """
        with self.aws.lock:
            here, record = self._find(endpoint_name, account, region)
            called = self._counted(here, record, variant)
            called.add(minute(at or self.clock.now()), Stat(float(count), count, 1.0, 1.0))

    @staticmethod
    def _counted(here: RegionState, record: EndpointRecord, member: str | None) -> Series:
        components = [
            name for name, one in here.components.items() if one["EndpointName"] == record.name
        ]
        if components:
            return series.of_component(here, member or components[0])
        return series.of_variant(here, record, member or record.variants[0]["VariantName"])

    def endpoint(
        self, name: str, account: str | None = None, region: str | None = None
    ) -> EndpointRecord:
        """An endpoint, to look at. Raises LookupError where none or several have the name."""
        return self._find(name, account, region)[1]

    def tag(self, name: str, **tags: str | None) -> None:
        """Sets tags of an endpoint; None takes one away. Underscores stand for hyphens."""
        with self.aws.lock:
            here, record = self._find(name)
            own = here.tags.setdefault(record.arn, {})
            for key, value in tags.items():
                own.pop(key.replace("_", "-"), None)
                if value is not None:
                    own[key.replace("_", "-")] = value

    def set_status(self, name: str, status: str) -> None:
        """Puts an endpoint into a status, where it stays."""
        record = self.endpoint(name)
        record.status, record.looks_left = status, None

    def set_instances(self, name: str, count: int) -> None:
        """Scales the first variant of an endpoint."""
        self.endpoint(name).variants[0].update(
            CurrentInstanceCount=count, DesiredInstanceCount=count
        )

    def delete_config(self, name: str) -> None:
        """Deletes the config of an endpoint under it."""
        here, record = self._find(name)
        del here.configs[record.config_name]

    def names(self) -> tuple[str, ...]:
        """The names of all endpoints in all accounts."""
        return tuple(
            record.name for here in self.aws.regions.values() for record in here.endpoints.values()
        )

    def _find(
        self, name: str, account: str | None = None, region: str | None = None
    ) -> tuple[RegionState, EndpointRecord]:
        found = [
            (here, here.endpoints[name.lower()])
            for here in self.aws.regions.values()
            if name.lower() in here.endpoints
            and account in (None, here.account)
            and region in (None, here.region)
        ]
        if len(found) != 1:
            raise LookupError(f"{len(found)} endpoints are called {name!r} here")
        return found[0]

    @staticmethod
    def arn(name: str, account: str, region: str = REGION) -> str:
        """The ARN that an endpoint has."""
        return endpoint_arn(account, region, name)


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """Requests are in the cloud's own log."""

    def connection_dropped(self, *_: object) -> None:
        """A planned silence, or a client that gave up: nothing more is read from it."""
        self.close_connection = True


@contextmanager
def running(estate: EstateSpec | None = None) -> Iterator[LocalCloud]:
    """A local cloud in threads of this process, on loopback ports, until the block ends."""
    cloud = LocalCloud()
    with ExitStack() as stack:
        cloud.aws_url = stack.enter_context(_aws(cloud))
        cloud.slack_url = stack.enter_context(_slack(cloud))
        if estate:
            cloud.seed(estate)
        yield cloud


@contextmanager
def _aws(cloud: LocalCloud) -> Iterator[str]:
    load_models()
    edge = Edge(cloud.aws, cloud.log, cloud.faults)
    app = Control(cloud, edge)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
    )
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        edge.close()
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def _slack(cloud: LocalCloud) -> Iterator[str]:
    """The socket listens before the server starts, so nobody has to wait for it."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(
            uvicorn.Config(
                app(cloud.slack), log_level="error", lifespan="off", timeout_graceful_shutdown=1
            )
        )
        thread = threading.Thread(
            target=server.run, kwargs={"sockets": [listening]}, daemon=True, name="slack"
        )
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
