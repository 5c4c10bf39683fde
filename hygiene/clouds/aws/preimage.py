"""What the undo of a deletion needs, read while it can still be read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from hygiene.clouds.aws import hosting, scaling, tags
from hygiene.clouds.aws.call import Failure, ask
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


def read(sagemaker: Any, autoscaling: Any, name: str, arn: str) -> Before | Failure:
    """All that an undo needs. The failure says what is missing, unreadable or would be lost."""
    described = hosting.describe(sagemaker, name)
    if isinstance(described, Failure):
        return described
    if described.listing.state != "serving":
        return Failure(f"it is {described.listing.status}")
    lacking = _components(sagemaker, name) or _models(sagemaker, described.config)
    if lacking is not None:
        return lacking
    labels = tags.of_one(sagemaker, arn)
    if isinstance(labels, Failure):
        return labels
    variants = sorted({variant.name for variant in described.variants})
    settings = scaling.read(autoscaling, name, variants)
    if isinstance(settings, Failure):
        return settings
    return Before(name, described.config, labels, settings)


def _components(sagemaker: Any, name: str) -> Failure | None:
    listed = hosting.list_components(sagemaker, name)
    if listed.failure is None and listed.items:
        number = len(listed.items)
        return Failure(f"it hosts {number} inference components, which deletion would lose")
    return listed.failure


def _models(sagemaker: Any, config_name: str) -> Failure | None:
    """Whether anything is missing of what CreateEndpoint builds on."""
    config = hosting.describe_config(sagemaker, config_name)
    if isinstance(config, Failure):
        return config
    for model in config.models:
        failure = ask(
            sagemaker, "describe_model", lambda answer: str(answer["ModelArn"]), ModelName=model
        )
        if isinstance(failure, Failure):
            return failure
    return None
