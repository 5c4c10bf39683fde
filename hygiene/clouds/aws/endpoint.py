"""SageMaker endpoints: read, and with another session changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import boto3

from hygiene.clouds.aws import hosting, preimage, tags, traffic
from hygiene.clouds.aws.call import Failure, Listed
from hygiene.clouds.aws.endpoint_write import WAITING, EndpointWriter, Waiting
from hygiene.clouds.aws.hosting import Component, Details, Listing
from hygiene.clouds.aws.identity import Identity
from hygiene.clouds.aws.session import CONNECTIONS, READING, Patience, reading
from hygiene.clouds.aws.traffic import Published
from hygiene.model.plan import Preimage
from hygiene.model.resource import (
    Endpoint,
    Gap,
    Gone,
    Hosting,
    Labels,
    Place,
    Resource,
    ResourceRef,
    Traffic,
    Window,
)
from hygiene.ports import Clock, Reader, Writer

_ALL_OF_IT = Decimal("Infinity")


def reader(
    session: boto3.Session, place: Place, clock: Clock, patience: Patience = READING
) -> Reader:
    """Reads the endpoints of a place. Whatever `session` may do, the reader sends reads only."""
    del clock  # Windows come with the questions, and ages from AWS.
    return EndpointReader(session, place, patience)


def writer(
    session: boto3.Session, place: Place, clock: Clock, waiting: Waiting = WAITING
) -> Writer:
    """Changes the endpoints of a place."""
    del clock
    return EndpointWriter(session, place, waiting)


class EndpointReader:
    """Reads endpoints in one place; see `hygiene.ports.Reader`."""

    def __init__(self, session: boto3.Session, place: Place, patience: Patience = READING) -> None:
        limited = reading(session)

        def client(service: str) -> Any:
            return limited.client(service, region_name=place.region, config=patience.config)

        self._place = place
        self._identity = Identity(client("sts"), place)
        self._sagemaker = client("sagemaker")
        self._cloudwatch = client("cloudwatch")
        self._tagging = client("resourcegroupstaggingapi")
        self._autoscaling = client("application-autoscaling")

    def scan(
        self, window: Window, at_most: Decimal
    ) -> tuple[tuple[Resource, ...], tuple[Gap, ...]]:
        """All endpoints. Details are read of those that were not used more than `at_most` times."""
        listed = hosting.list_endpoints(self._sagemaker)
        gaps = [self._gap("endpoints", listed.failure)] if listed.failure else []
        stranger = self._stranger(listed.items)
        if stranger is not None:
            return (), (*gaps, stranger)
        if not listed.items:
            # Other endpoints would have given a wrong account away; none looks like a clean one.
            wrong = "" if gaps else self._identity.wrong()
            return (), (*gaps, Gap(self._place, "credentials", wrong)) if wrong else tuple(gaps)
        components = hosting.list_components(self._sagemaker)
        use, hidden = self._use(listed.items, components, window, at_most)
        gaps += [self._gap("traffic", failure) for failure in dict.fromkeys(hidden)]
        told = {gap.reason for gap in gaps}
        asked = [one for one in listed.items if _worth_asking(one, use[one.name], at_most)]
        details = self._details([one for one in asked if one.state == "serving"], components)
        labels = tags.in_bulk(self._tagging, self._sagemaker, [one.arn for one in asked])
        found: list[Endpoint] = []
        for one in listed.items:
            detail = details.get(one.name)
            if isinstance(detail, Failure) and hosting.is_missing(detail, "endpoint"):
                continue
            endpoint = self._endpoint(one, use[one.name], detail, labels.get(one.arn))
            found.append(endpoint)
            gaps += [gap for gap in _gaps(endpoint) if gap.reason not in told]
        return tuple(found), tuple(gaps)

    def look(self, ref: ResourceRef, window: Window) -> Resource | Gone | Gap:
        """One endpoint with all of it, or a Gap if any part could not be read."""
        described = hosting.describe(self._sagemaker, ref.name)
        if isinstance(described, Failure):
            if not hosting.is_missing(described, "endpoint"):
                return self._gap("endpoint", described, ref)
            wrong = self._identity.wrong()
            return Gap(self._place, "credentials", wrong, ref) if wrong else Gone(ref)
        one = described.listing
        stranger = self._stranger([one])
        if stranger is not None:
            return stranger
        components = hosting.list_components(self._sagemaker, one.name)
        use = self._use_of_one(one, components, window)
        there = one.state in ("serving", "changing")
        detail: Details | Failure | None = None
        if one.state == "serving":
            detail = hosting.details_of(
                self._sagemaker, described, [component.name for component in components.items]
            )
        labels = tags.of_one(self._sagemaker, one.arn) if there else None
        endpoint = self._endpoint(one, use, detail, labels)
        return next(iter(_gaps(endpoint)), endpoint)

    def preimage(self, ref: ResourceRef) -> Preimage | Gap:
        """What `EndpointWriter.undo` needs; a Gap where a deletion could not be undone."""
        before = preimage.read(self._sagemaker, self._autoscaling, ref.name)
        if isinstance(before, Failure):
            return Gap(ref.place, "preimage", f"cannot be undone: {before.reason}", ref)
        return Preimage(ref, before.to_json())

    def _stranger(self, listings: Sequence[Listing]) -> Gap | None:
        """A gap if these endpoints are of another account than the credentials are meant for."""
        place = self._place
        for one in listings:
            if (one.account, one.region) != (place.account, place.region):
                reason = f"these credentials read account {one.account}, not {place}"
                return Gap(place, "credentials", reason)
        return None

    def _use(
        self,
        listings: Sequence[Listing],
        components: Listed[Component],
        window: Window,
        at_most: Decimal,
    ) -> tuple[dict[str, Traffic | Failure], list[Failure]]:
        """The use of each endpoint by name, and the listings that may hide use of any of them."""
        listed = traffic.published(self._cloudwatch)
        hidden = [one for one in (components.failure, *listed.failures) if one is not None]
        host = {component.name: component.endpoint for component in components.items}
        sets: dict[str, list[Published]] = defaultdict(list)
        for one in listed.sets:
            owner = one.of("EndpointName") or host.get(one.of("InferenceComponentName") or "")
            sets[owner or ""].append(one)
        names = [one.name for one in listings]
        measured = traffic.measure(
            self._cloudwatch, [one for name in (*names, "") for one in sets[name]], window
        )
        hosts = set(host.values())
        lost = traffic.lost(measured, sets[""], at_most)
        use = {
            name: traffic.total_up(
                {one: measured[one] for one in sets[name]},
                [*hidden, *(lost if name in hosts else ())],
                window,
                at_most,
            )
            for name in names
        }
        return use, hidden

    def _use_of_one(
        self, one: Listing, components: Listed[Component], window: Window
    ) -> Traffic | Failure:
        owners = [
            ("EndpointName", one.name),
            *(("InferenceComponentName", component.name) for component in components.items),
        ]
        listed = traffic.published(self._cloudwatch, owners)
        hidden = [each for each in (components.failure, *listed.failures) if each is not None]
        measured = traffic.measure(self._cloudwatch, listed.sets, window)
        return traffic.total_up(measured, hidden, window, _ALL_OF_IT)

    def _details(
        self, listings: Sequence[Listing], components: Listed[Component]
    ) -> dict[str, Details | Failure]:
        hosted: dict[str, list[str]] = defaultdict(list)
        for component in components.items:
            hosted[component.endpoint].append(component.name)
        names = [one.name for one in listings]
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            found = pool.map(
                lambda name: hosting.details(self._sagemaker, name, hosted.get(name, [])), names
            )
            return dict(zip(names, found, strict=True))

    def _endpoint(
        self,
        listing: Listing,
        use: Traffic | Failure,
        detail: Details | Failure | None,
        labels: Labels | Failure | None,
    ) -> Endpoint:
        """Puts the parts together. What a description says is newer than what a listing said."""
        newest = detail.listing if isinstance(detail, Details) else listing
        ref = self._ref(newest)
        hosted: Hosting | Gap | None
        if isinstance(detail, Failure):
            hosted = self._gap("hosting", detail, ref)
        else:
            hosted = detail.hosting if detail else None
        return Endpoint(
            ref,
            newest.state,
            newest.status,
            newest.created_at,
            self._gap("traffic", use, ref) if isinstance(use, Failure) else use,
            hosted,
            self._gap("tags", labels, ref) if isinstance(labels, Failure) else labels,
        )

    def _ref(self, listing: Listing) -> ResourceRef:
        place = self._place
        return ResourceRef(place.cloud, place.account, place.region, Endpoint.KIND, listing.arn)

    def _gap(self, what: str, failure: Failure, ref: ResourceRef | None = None) -> Gap:
        return Gap(self._place, what, failure.reason, ref)


def _worth_asking(listing: Listing, use: Traffic | Failure, at_most: Decimal) -> bool:
    """Whether an endpoint may turn out to be idle, so that its details matter."""
    there = listing.state in ("serving", "changing")
    return there and isinstance(use, Traffic) and use.total <= at_most


def _gaps(endpoint: Endpoint) -> list[Gap]:
    parts = (endpoint.traffic, endpoint.hosting, endpoint.labels)
    return [part for part in parts if isinstance(part, Gap)]
