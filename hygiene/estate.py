"""The estate: which accounts and regions there are, who may be told, and the outermost limits."""

from __future__ import annotations

from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field

from hygiene.model.resource import Cloud
from hygiene.policy import AccountId, Budget, Calendar, Freeze


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Account(_Strict):
    """One account and how it is entered. Roles are ARNs; None uses the caller's own credentials."""

    id: AccountId
    name: str = ""
    cloud: Cloud = "aws"
    regions: tuple[str, ...] = Field(min_length=1)
    reader_role: str | None = None
    writer_role: str | None = None
    reader_connection: str | None = Field(default=None, description="Airflow connection id.")
    writer_connection: str | None = Field(default=None, description="Airflow connection id.")
    writable: bool = Field(default=False, description="The first lock: changes are allowed here.")
    budget: Budget = Budget()


class TagNames(_Strict):
    """Which tags say what. Keys compare with case, as the cloud compares them, but for `keep`."""

    owner: str = "owner"
    team: str = "team"
    keep: str = "keep"
    production: dict[str, tuple[str, ...]] = {
        "environment": ("prod", "production"),
        "env": ("prod", "production"),
    }


class Slack(_Strict):
    """Where messages go. The token comes from the environment or an Airflow connection."""

    channel: str = "#cloud-hygiene"
    teams: dict[str, str] = Field(default={}, description="Team tag value to its channel.")


class Estate(_Strict):
    """All of it. The defaults change nothing anywhere."""

    accounts: tuple[Account, ...] = Field(min_length=1)
    tags: TagNames = TagNames()
    slack: Slack = Slack()
    nightly_writes: bool = Field(
        default=False, description="The third lock of scheduled runs: they ask to write."
    )
    kill_switch: bool = False
    budget: Budget = Field(
        default=Budget(changes=25, share=Decimal("0.25"), monthly_usd=Decimal(25000)),
        description="For one whole run.",
    )
    calendar: Calendar = Calendar()
    freezes: tuple[Freeze, ...] = ()
    population_swing: Decimal = Field(
        default=Decimal("0.5"),
        gt=0,
        le=1,
        description="Changes wait where a population moved by more than this share since last run.",
    )
    saving_horizon_days: int = Field(default=90, ge=1)

    def account(self, account_id: str) -> Account | None:
        """The account with this id."""
        return next((one for one in self.accounts if one.id == account_id), None)
