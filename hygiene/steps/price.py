"""What a resource bills a month for being there."""

from __future__ import annotations

from hygiene.model.money import HOURS_PER_MONTH, Money, total
from hygiene.model.resource import Cloud, Hosting, Resource, Variant
from hygiene.ports import Rates

HOSTING_SERVICE: dict[Cloud, str] = {"aws": "sagemaker-hosting"}
"""What price lists call the service that hosts endpoints."""


def monthly(resource: Resource, rates: Rates) -> Money | None:
    """List price of a month (730 hours) of all that `resource` bills while nobody calls it.

    None is unpriced: how it is hosted was not read, nothing of it bills, or any billed part has no
    known price. A sum that lacks a part would look whole, so there is none.
    """
    service = HOSTING_SERVICE.get(resource.ref.cloud)
    if service is None or not isinstance(resource.hosting, Hosting):
        return None
    costs = [
        _of_variant(variant, service, resource.ref.region, rates)
        for variant in resource.hosting.variants
        if variant.bills_while_idle
    ]
    return None if None in costs else total(costs)


def _of_variant(variant: Variant, service: str, region: str, rates: Rates) -> Money | None:
    """A variant's instances, shadow or not; provisioned concurrency has no price here."""
    if variant.instance_type is None:
        return None
    hourly = rates.hourly(service, region, variant.instance_type)
    return hourly.times(variant.instance_count).times(HOURS_PER_MONTH) if hourly else None
