from __future__ import annotations

from collections.abc import Iterator

import pytest

from hygiene.localcloud.slack import SlackStore
from hygiene.slack import SCOPES
from tests.slack.running import NOW, TOKEN, LocalSlack, serving


@pytest.fixture(scope="session")
def served() -> Iterator[tuple[SlackStore, str]]:
    store = SlackStore(TOKEN, clock=lambda: NOW)
    with serving(store) as url:
        yield store, url


@pytest.fixture
def workspace(served: tuple[SlackStore, str]) -> LocalSlack:
    """The same server for all tests, emptied; the app has the scopes that it asks for."""
    store, url = served
    store.clear()
    store.users.clear()
    store.conversations.clear()
    store.scopes = frozenset(SCOPES)
    return LocalSlack(
        store,
        url,
        channel=store.add_channel("cloud-hygiene"),
        vision=store.add_channel("team-vision"),
        anna=store.add_user("anna@example.com", "Anna"),
    )
