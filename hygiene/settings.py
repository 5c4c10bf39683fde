"""Where everything is, out of the environment. Nothing is called, and nothing is touched."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from platformdirs import user_data_path
from sqlalchemy import URL

from hygiene.clock import is_loopback


class Misconfigured(ValueError):
    """A setting is wrong: the message says which, and what to do. Nothing was called."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where everything is. `estate` None: the caller's own account and default region."""

    home: Path
    policies: Path
    estate: Path | None
    ledger_url: str
    rates: Path | None
    slack_token: str | None
    slack_api_url: str | None
    clock_url: str | None

    @property
    def reports(self) -> Path:
        return self.home / "reports"


def read(environ: Mapping[str, str] = os.environ) -> Settings:
    """Reads the HYGIENE_* and SLACK_* variables. Raises `Misconfigured`; touches nothing."""
    _check_endpoint(environ)
    home = Path(environ.get("HYGIENE_HOME") or user_data_path("hygiene")).absolute()
    database = URL.create("sqlite", database=str(home / "ledger.db"))
    policies = _existing(environ, "HYGIENE_POLICIES") or _shipped_policies()
    beside = policies / "estate.yaml"
    return Settings(
        home=home,
        policies=policies,
        estate=_existing(environ, "HYGIENE_ESTATE") or (beside if beside.exists() else None),
        ledger_url=environ.get("HYGIENE_LEDGER_URL") or database.render_as_string(),
        rates=_existing(environ, "HYGIENE_RATES"),
        slack_token=environ.get("SLACK_BOT_TOKEN") or None,
        slack_api_url=environ.get("HYGIENE_SLACK_API_URL") or None,
        clock_url=_clock_url(environ),
    )


def _existing(environ: Mapping[str, str], name: str) -> Path | None:
    value = environ.get(name)
    if not value:
        return None
    if not Path(value).exists():
        raise Misconfigured(f"{name} names {value}, which does not exist: correct or unset it")
    return Path(value)


def _shipped_policies() -> Path:
    """./policies, else those that came with the package (or lie beside it, in a checkout)."""
    package = Path(__file__).parent
    for folder in (Path("policies"), package / "default_policies"):
        if folder.is_dir():
            return folder
    return package.parent / "policies"


def _check_endpoint(environ: Mapping[str, str]) -> None:
    """Said before anything is called: boto3 itself would end with a traceback."""
    url = environ.get("AWS_ENDPOINT_URL")
    if url and not (urlsplit(url).scheme in ("http", "https") and urlsplit(url).hostname):
        raise Misconfigured(
            f"AWS_ENDPOINT_URL names {url}, which is no URL: write one such as "
            "http://127.0.0.1:4566, or unset it"
        )


def _clock_url(environ: Mapping[str, str]) -> str | None:
    """The local cloud's clock. A clock that can be moved must never guard a real cloud."""
    url = environ.get("HYGIENE_CLOCK_URL")
    if not url:
        return None
    clouds = [value for name, value in environ.items() if name.startswith("AWS_ENDPOINT_URL")]
    here = bool(clouds) and all(is_loopback(one) for one in (url, *clouds))
    if urlsplit(url).scheme != "http" or not here or not environ.get("AWS_ENDPOINT_URL"):
        raise Misconfigured(
            "HYGIENE_CLOCK_URL is for the local cloud only: it and AWS_ENDPOINT_URL must both "
            "name this machine; unset it"
        )
    return url
