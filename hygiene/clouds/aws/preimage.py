"""What the undo of a deletion needs, read while it can still be read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from hygiene.clouds.aws import hosting, scaling, tags
from hygiene.clouds.aws.call import Failure
from hygiene.clouds.aws.scaling import Setting
from hygiene.model.resource import Labels

VERSION = 1


@dataclass(frozen=True, slots=True)
class Before:
    """An endpoint as it was: enough to create it again with its tags and its scaling.

    The config and the models are not in here: deleting an endpoint leaves them where they are.
    Instances come back in the number and with the weights that the config names.
    """

    endpoint: str
    config: str
    tags: Labels
    settings: tuple[Setting, ...]

    def to_json(self) -> str:
        """As text for the ledger."""
        return json.dumps(
            {
                "version": VERSION,
                "endpoint": self.endpoint,
                "config": self.config,
                "tags": self.tags,
                "scaling": [[one.method, one.parameters] for one in self.settings],
            },
            sort_keys=True,
        )

    @classmethod
    def from_json(cls, text: str) -> Before:
        """Reads `to_json` back. Raises `ValueError` for any other text."""
        try:
            body = json.loads(text)
            if body["version"] != VERSION:
                raise ValueError(f"version {body['version']} of a preimage, not {VERSION}")
            return cls(
                str(body["endpoint"]),
                str(body["config"]),
                tuple((str(key), str(value)) for key, value in body["tags"]),
                tuple(Setting(str(method), dict(rest)) for method, rest in body["scaling"]),
            )
        except (LookupError, TypeError) as error:
            raise ValueError(f"no preimage of an endpoint: {error!r}") from error


def read(sagemaker: Any, autoscaling: Any, name: str) -> Before | Failure:
    """All that an undo needs. The failure says what is missing, unreadable or would be lost."""
    described = hosting.describe(sagemaker, name)
    if isinstance(described, Failure):
        return described
    endpoint = described.listing
    if endpoint.state != "serving":
        return Failure(f"it is {endpoint.status}")
    components = hosting.list_components(sagemaker, endpoint.name)
    if components.failure is not None:
        return components.failure
    hosted = hosting.host(sagemaker, described, [one.name for one in components.items])
    if isinstance(hosted, Failure):
        return hosted
    if hosted.no_undo:
        return Failure(hosted.no_undo)
    labels = tags.of_one(sagemaker, endpoint.arn)
    if isinstance(labels, Failure):
        return labels
    variants = sorted({variant.name for variant in described.variants})
    settings = scaling.read(autoscaling, endpoint.name, variants)
    if isinstance(settings, Failure):
        return settings
    return Before(endpoint.name, described.config, labels, settings)
