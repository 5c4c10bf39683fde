"""Scope, exemptions, owners and unread tags around a check's own verdict."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from fakes import LABELS, NOW, PLACE, endpoint, estate, policy, ref, rules, traffic

from hygiene.estate import TagNames
from hygiene.model.finding import Exempt, Finding, Fine, Owner, UnknownResource
from hygiene.model.resource import Endpoint, Gap, Labels, Scan
from hygiene.policy import Exemption, Policy, Scope
from hygiene.rules import Rules
from hygiene.steps.judge import Assessment, assess, judge, owner_of


def said(one: Endpoint, by: Policy | None = None, whole: Rules | None = None) -> Assessment:
    by = by or policy()
    return assess(one, by, whole or rules(by), NOW)


def tagged(*labels: tuple[str, str]) -> Endpoint:
    return endpoint(labels=(*LABELS, *labels))


def test_an_idle_endpoint_is_found_with_owner_and_price() -> None:
    found = said(endpoint())
    assert isinstance(found, Finding)
    assert found.owner == Owner("ada@example.com", "search")
    assert str(found.monthly.cents if found.monthly else "") == "734.38"


@pytest.mark.parametrize(
    "label",
    [
        ("keep", "true"),
        ("keep", ""),
        ("Keep", "yes, until Ada is back"),
        ("environment", "prod"),
        ("Environment", "Production"),
        ("env", "prod"),
        ("env", " prod "),
    ],
)
def test_keep_tag_and_production_by_tag_are_exempt(label: tuple[str, str]) -> None:
    assert isinstance(said(tagged(label)), Exempt)


@pytest.mark.parametrize("label", [("keep", "false"), ("keep", " No "), ("environment", "staging")])
def test_what_the_tag_denies_does_not_protect(label: tuple[str, str]) -> None:
    assert isinstance(said(tagged(label)), Finding)


@pytest.mark.parametrize(
    "labels",
    [
        (("Keep", "true"), ("keep", "false")),
        (("KEEP", "no"), ("keep", "true")),
        (("Environment", "prod"), ("environment", "dev")),
        (("ENV", "dev"), ("env", "production")),
    ],
)
def test_of_tags_that_contradict_each_other_the_one_that_protects_counts(labels: Labels) -> None:
    assert isinstance(said(endpoint(labels=labels)), Exempt)


@pytest.mark.parametrize(("days", "exempt"), [(0, True), (1, True), (-1, False)])
def test_an_exemption_ends_with_its_day(days: int, exempt: bool) -> None:
    until = NOW.date() + timedelta(days=days)
    one = Exemption(resource=endpoint().ref.id, until=until, reason="audit", by="bob")
    assert isinstance(said(endpoint(), policy(exemptions=(one,))), Exempt) is exempt


def test_an_exemption_means_its_resource_in_whatever_case() -> None:
    one = Exemption(resource=ref("Idle").id, until=date(2030, 1, 1), reason="audit", by="bob")
    assert isinstance(said(endpoint(), policy(exemptions=(one,))), Exempt)


def test_an_exemption_is_for_one_resource() -> None:
    one = Exemption(resource=ref("other").id, until=date(2030, 1, 1), reason="audit", by="bob")
    assert isinstance(said(endpoint(), policy(exemptions=(one,))), Finding)


def test_fact_15_a_tag_read_that_failed_is_unknown_never_untagged() -> None:
    gap = Gap(PLACE, "ListTags", "ThrottlingException", endpoint().ref)
    judged = said(endpoint(labels=gap))
    assert isinstance(judged, UnknownResource)
    assert "ThrottlingException" in judged.reason
    assert isinstance(said(endpoint(labels=None)), UnknownResource)


def test_no_tags_at_all_is_a_finding_without_owner() -> None:
    found = said(endpoint(labels=()))
    assert isinstance(found, Finding)
    assert found.owner == Owner(None, None)


@pytest.mark.parametrize(
    ("labels", "owner"),
    [
        ((("owner", " ada@example.com "),), Owner("ada@example.com", None)),
        ((("Owner", "ada@example.com"),), Owner(None, None)),
        ((("owner", "ada"), ("team", "search")), Owner(None, "search")),
    ],
)
def test_fact_16_owner_keys_compare_with_case(labels: Labels, owner: Owner) -> None:
    assert owner_of(labels, TagNames()) == owner


def test_a_scope_by_tags_leaves_the_rest_alone() -> None:
    dev = policy(scope=Scope(tags={"environment": ("dev",)}))
    assert isinstance(said(tagged(("environment", "dev")), dev), Finding)
    assert isinstance(said(tagged(("environment", "Dev")), dev), Fine)
    assert isinstance(said(endpoint(), dev), Fine)


def test_a_resource_that_two_policies_claim_is_a_conflict() -> None:
    one, two = policy(name="one"), policy(name="two")
    found = said(endpoint(), one, rules(one, two))
    assert isinstance(found, Finding)
    assert found.conflict == ("one", "two")
    other_check = policy(name="two", check="another_rule")
    alone = said(endpoint(), one, rules(one, other_check))
    assert isinstance(alone, Finding)
    assert alone.conflict == ()
    narrow = policy(name="two", scope=Scope(tags={"team": ("vision",)}))
    apart = said(endpoint(), one, rules(one, narrow))
    assert isinstance(apart, Finding)
    assert apart.conflict == ()


def test_unpriced_is_none_and_still_a_finding() -> None:
    one = endpoint()
    hosting = one.hosting
    assert hosting
    assert not isinstance(hosting, Gap)
    variant = replace(hosting.variants[0], instance_type="ml.new.99xlarge")
    found = said(replace(one, hosting=replace(hosting, variants=(variant,))))
    assert isinstance(found, Finding)
    assert found.monthly is None


def test_a_scan_is_judged_whole_and_counted_whole() -> None:
    resources = (
        endpoint("idle"),
        endpoint("busy", traffic=traffic(9)),
        tagged(("keep", "")),
        endpoint("dark", traffic=Gap(PLACE, "GetMetricData", "timeout")),
    )
    scan = Scan(PLACE, "endpoint", "zero_traffic_endpoint", NOW, resources, ())
    judgement = judge(scan, policy(), rules(whole=estate()), NOW)
    assert [len(judgement.findings), len(judgement.exempt), len(judgement.unknown)] == [1, 1, 1]
    assert judgement.population == 4
