"""A local Slack on an ephemeral port."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import uvicorn

from hygiene.estate import Slack
from hygiene.localcloud.slack import SlackStore, app
from hygiene.slack import SlackMessenger, slack_messenger

TOKEN = "xoxb-local-0123456789"
NOW = datetime(2026, 3, 7, 2, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class LocalSlack:
    """A running workspace: one channel for all, one of team vision, and Anna."""

    store: SlackStore
    url: str
    channel: str
    vision: str
    anna: str

    def messenger(self, token: str = TOKEN) -> SlackMessenger:
        """A fresh messenger, as every task of a run has its own."""
        teams = {"vision": "#team-vision"}
        slack = Slack(channel="#cloud-hygiene", teams=teams)
        return slack_messenger(token, f"{self.url}/api/", slack, lambda: NOW)


@contextmanager
def serving(store: SlackStore) -> Iterator[str]:
    """Serves a workspace; yields its URL."""
    server = uvicorn.Server(uvicorn.Config(app(store), port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            thread.join(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()
