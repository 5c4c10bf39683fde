"""What a resource bills a month for being there."""

from __future__ import annotations

from hygiene.model.money import HOURS_PER_MONTH, Money, total
from hygiene.model.resource import Hosting, Resource, ResourceRef, Variant
from hygiene.ports import Rates


def monthly(resource: Resource, rates: Rates) -> Money | None:
    """List price of a month (730 hours) of all that `resource` bills while nobody calls it.

    None is unpriced: how it is hosted was not read, nothing of it bills, or any billed part has no
    known price. A sum that lacks a part would look whole, so there is none.
    """
    if not isinstance(resource.hosting, Hosting):
        return None
    costs = [
        _of_variant(variant, resource.ref, rates)
        for variant in resource.hosting.variants
        if variant.bills_while_idle
    ]
    return None if None in costs else total(costs)


def _of_variant(variant: Variant, ref: ResourceRef, rates: Rates) -> Money | None:
    """A variant's instances, shadow or not; provisioned concurrency has no price here."""
    if variant.instance_type is None:
        return None
    hourly = rates.hourly(ref.cloud, ref.kind, ref.region, variant.instance_type)
    return hourly.times(variant.instance_count).times(HOURS_PER_MONTH) if hourly else None
