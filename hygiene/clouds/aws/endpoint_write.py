"""Deletes an endpoint, and creates it again: with a session that may write, once a request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import boto3

from hygiene.clouds.aws import hosting, scaling
from hygiene.clouds.aws.call import Failure, ask, wait
from hygiene.clouds.aws.identity import Identity
from hygiene.clouds.aws.preimage import Before
from hygiene.clouds.aws.session import READING, WRITING, Patience, writing
from hygiene.model.plan import Preimage, Refused, Unanswered, WriteResult, Written
from hygiene.model.resource import Place, ResourceRef

DELETE = "delete_endpoint"


@dataclass(frozen=True, slots=True)
class Waiting:
    """How an undo waits for an endpoint to serve: `delay` seconds between so many looks."""

    delay: float = 30
    looks: int = 60


WAITING = Waiting()


class EndpointWriter:
    """Changes endpoints in one place; see `hygiene.ports.Writer`."""

    def __init__(
        self,
        session: boto3.Session,
        place: Place,
        waiting: Waiting = WAITING,
        reads: Patience = READING,
        writes: Patience = WRITING,
    ) -> None:
        limited = writing(session)

        def client(service: str, patience: Patience) -> Any:
            return limited.client(service, region_name=place.region, config=patience.config)

        self._place = place
        self._waiting = waiting
        self._identity = Identity(client("sts", reads), place)
        self._looks = client("sagemaker", reads)
        self._sagemaker = client("sagemaker", writes)
        self._autoscaling = client("application-autoscaling", writes)

    def write(self, verb: str, ref: ResourceRef) -> WriteResult:
        """Sends one DeleteEndpoint. The config and the models stay."""
        wrong = self._wrong(verb, ref)
        if wrong:
            return Refused(wrong)
        failure = ask(self._sagemaker, "delete_endpoint", lambda _: None, EndpointName=ref.name)
        return _result(failure)

    def undo(self, verb: str, preimage: Preimage) -> WriteResult:
        """Creates the endpoint again, waits until it serves, and brings its scaling back.

        May be repeated: what is there already is left as it is. `Refused` says that nothing was
        changed, `Unanswered` what is left to be done by another undo.
        """
        wrong = self._wrong(verb, preimage.ref)
        if wrong:
            return Refused(wrong)
        try:
            before = Before.from_json(preimage.body)
        except ValueError as error:
            return Refused(f"the preimage cannot be read: {error}")
        return self._create(before) or self._serve(before) or self._scale(before) or Written()

    def _wrong(self, verb: str, ref: ResourceRef) -> str:
        if verb != DELETE:
            return f"{verb} is nothing that can be done to an endpoint; {DELETE} is"
        if ref.place != self._place:
            return f"{ref.id} is in {ref.place}; this writer writes in {self._place} only"
        # Names of endpoints recur in other accounts.
        return self._identity.wrong()

    def _create(self, before: Before) -> WriteResult | None:
        """None: an endpoint of this name and config is there."""
        described = hosting.describe(self._looks, before.endpoint)
        if not isinstance(described, Failure):
            return _usable(described, before)
        if not hosting.is_missing(described, "endpoint"):
            return Refused(f"nothing was created: {described.reason}")
        failure = ask(
            self._sagemaker,
            "create_endpoint",
            lambda answer: str(answer["EndpointArn"]),
            EndpointName=before.endpoint,
            EndpointConfigName=before.config,
            Tags=[
                {"Key": key, "Value": value}
                for key, value in before.tags
                # AWS gives these itself, and refuses a request that does.
                if not key.lower().startswith("aws:")
            ],
        )
        return _result(failure) if isinstance(failure, Failure) else None

    def _serve(self, before: Before) -> WriteResult | None:
        waiting = self._waiting
        failure = wait(
            self._looks,
            "endpoint_in_service",
            waiting.delay,
            waiting.looks,
            EndpointName=before.endpoint,
        )
        if failure is None:
            return None
        return Unanswered(
            f"{before.endpoint} was created but does not serve yet ({failure.reason}); left to do "
            f"then: {len(before.settings)} scaling settings. Run the undo again"
        )

    def _scale(self, before: Before) -> WriteResult | None:
        for done, setting in enumerate(before.settings):
            failure = scaling.put(self._autoscaling, setting)
            if failure is not None:
                left = "; ".join(str(one) for one in before.settings[done:])
                return Unanswered(
                    f"{before.endpoint} serves again, but {failure.reason}; left to do: {left}. "
                    "Run the undo again"
                )
        return None


def _usable(described: hosting.Described, before: Before) -> WriteResult | None:
    """None where an endpoint that is there is the one to bring back, or is becoming it."""
    status = described.listing.status
    if described.config != before.config:
        return Refused(
            f"{before.endpoint} is there with the config {described.config}, not "
            f"{before.config}: somebody else created it"
        )
    if described.listing.state in ("deleting", "failed"):
        return Refused(f"{before.endpoint} is {status}: undo once it is gone")
    return None


def _result(failure: Failure | None) -> WriteResult:
    """A 4xx is the service's own no. Anything else but an answer leaves open what it did."""
    if failure is None:
        return Written()
    refused = 400 <= failure.status < 500
    return Refused(failure.reason) if refused else Unanswered(failure.reason)
