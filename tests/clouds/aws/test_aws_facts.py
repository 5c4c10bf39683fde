"""What the real services do, on the wire: one test a fact, named after it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from hygiene.clouds.aws import hosting
from hygiene.clouds.aws.endpoint import EndpointReader
from hygiene.clouds.aws.session import assumed
from hygiene.localcloud.spec import EndpointSpec
from hygiene.model.finding import Breach, Fine, Unknown
from hygiene.model.resource import Endpoint, Gap, Gone, Hosting, ResourceRef, Traffic, Variant

Spec = Callable[..., EndpointSpec]


def test_fact_1_exact_dimensions(here: Any, spec: Spec) -> None:
    here.seed(spec("idle"), spec("busy", traffic={"busy": 3}))
    found, gaps = here.scan()
    assert gaps == ()
    assert found["idle"].traffic.total == 0
    assert found["busy"].traffic.total >= 3 * 167
    (series,) = found["idle"].traffic.series
    assert series.dimensions == (("EndpointName", "idle"), ("VariantName", "AllTraffic"))
    assert (series.member, series.hours_covered, series.part) == ("AllTraffic", 167, None)
    assert isinstance(here.verdict("idle"), Breach)
    assert isinstance(here.verdict("busy"), Fine)


def test_fact_1_every_page_of_endpoints(here: Any, spec: Spec) -> None:
    here.seed(spec("some", repeat=101, traffic={"busy": 1}))
    found, gaps = here.scan()
    assert (len(found), gaps) == (101, ())
    assert len(here.cloud.log.of("ListEndpoints")) == 2


def test_fact_1_names_keep_their_case_in_metrics(here: Any, spec: Spec) -> None:
    here.seed(spec("MixedCase", traffic={"busy": 3}))
    found, _ = here.scan()
    assert found["mixedcase"].traffic.total > 0
    assert here.look("MixedCase").traffic.total > 0


def test_fact_2_inference_components(here: Any, spec: Spec) -> None:
    components = [{"name": "a"}, {"name": "b", "traffic": {"busy": 2}}]
    here.seed(
        spec("shared", hosting="components", components=components),
        spec("quiet", hosting="components", components=[{"name": "a"}]),
    )
    assert isinstance(here.verdict("shared"), Fine)
    assert isinstance(here.verdict("quiet"), Breach)
    quiet = here.look("quiet")
    assert quiet.hosting.members == ("quiet-a",)
    assert "1 inference components" in quiet.hosting.no_undo


def test_fact_2_a_busy_component_that_is_gone_leaves_its_endpoint_unknown(
    here: Any, spec: Spec
) -> None:
    """Its calls name no endpoint, so that nothing tells any more whose they were."""
    components = [{"name": "a", "traffic": {"busy": 5}}, {"name": "b"}]
    here.seed(
        spec("shared", hosting="components", components=components),
        spec("plain"),
    )
    sagemaker = here.session.client("sagemaker", region_name="us-east-1")
    sagemaker.delete_inference_component(InferenceComponentName="shared-a")
    found, gaps = here.reader().scan(here.window, Decimal(0))
    traffic = {one.ref.name: one.traffic for one in found}
    assert isinstance(traffic["shared"], Gap)
    assert "shared-a, which is gone by now, was called" in traffic["shared"].reason
    assert not isinstance(traffic["plain"], Gap)
    assert [gap.ref.name for gap in gaps if gap.ref] == ["shared"]


def test_fact_3_asynchronous_endpoints(here: Any, spec: Spec) -> None:
    here.seed(
        spec("idle", hosting="async", backlog="none"),
        spec("busy", hosting="async", backlog="none", traffic={"busy": 1}),
        spec("waiting", hosting="async", backlog={"busy": 4}),
    )
    found, _ = here.scan()
    assert found["idle"].hosting.asynchronous
    assert "Invocations" not in {one.metric for one in found["idle"].traffic.series}
    assert isinstance(here.verdict("idle"), Breach)
    assert isinstance(here.verdict("busy"), Fine)
    assert isinstance(here.verdict("waiting"), Fine)


def test_fact_4_nothing_billed(here: Any, spec: Spec) -> None:
    here.seed(
        spec("serverless", hosting="serverless"),
        spec("reserved", hosting="serverless", variants=[{"concurrency": 3}]),
        spec("zero"),
    )
    here.cloud.set_instances("zero", 0)
    assert isinstance(here.verdict("serverless"), Fine)
    assert isinstance(here.verdict("zero"), Fine)
    assert isinstance(here.verdict("reserved"), Breach)
    assert here.look("reserved").hosting.variants == (Variant("AllTraffic", None, 0, 3),)


def test_fact_4_instances_that_run_are_billed_not_those_wished_for(here: Any, spec: Spec) -> None:
    here.seed(spec("idle"))
    here.cloud.endpoint("idle").variants[0].update(CurrentInstanceCount=2, DesiredInstanceCount=0)
    assert here.look("idle").hosting.variants[0].instance_count == 2


def test_fact_4_a_variant_of_several_instance_types(here: Any, spec: Spec) -> None:
    here.seed(spec("pools"))
    variant = here.cloud.endpoint("pools").variants[0]
    del variant["CurrentInstanceCount"]
    variant["InstancePools"] = [
        {"InstanceType": "ml.g5.xlarge", "CurrentInstanceCount": 1},
        {"InstanceType": "ml.g4dn.xlarge", "CurrentInstanceCount": 2},
    ]
    assert here.look("pools").hosting.variants == (
        Variant("AllTraffic", "ml.g4dn.xlarge", 2),
        Variant("AllTraffic", "ml.g5.xlarge", 1),
    )
    assert isinstance(here.verdict("pools"), Breach)


def test_fact_5_containers_that_are_called_directly(here: Any, spec: Spec) -> None:
    variant = {"traffic": "none", "containers": {"one": "none", "two": {"busy": 1}}}
    here.seed(spec("many", variants=[variant]))
    found, _ = here.scan()
    parts = {one.part: one.total > 0 for one in found["many"].traffic.series}
    assert parts == {None: False, "one": False, "two": True}
    assert isinstance(here.verdict("many"), Fine)


@pytest.mark.parametrize("traffic", ["no_data", {"since_days": 3}, {"until_days": 1}])
def test_fact_6_no_data_is_not_zero(here: Any, spec: Spec, traffic: object) -> None:
    here.seed(spec("dark", traffic=traffic))
    assert isinstance(here.verdict("dark"), Unknown)


def test_fact_6_one_busy_variant_is_enough(here: Any, spec: Spec) -> None:
    quiet, busy = {"name": "a"}, {"name": "b", "traffic": {"busy": 1}}
    here.seed(
        spec("two", variants=[quiet, busy]),
        spec("shadow", variants=[quiet, {**busy, "shadow": True}]),
    )
    assert isinstance(here.verdict("two"), Fine)
    assert isinstance(here.verdict("shadow"), Fine)


def test_fact_6_the_newest_hour_counts(here: Any, spec: Spec) -> None:
    here.seed(spec("idle"))
    here.cloud.traffic("idle")
    assert isinstance(here.verdict("idle"), Fine)
    assert here.look("idle").traffic.total == 1


def test_fact_7_five_hundred_queries_a_call(here: Any, spec: Spec) -> None:
    variants = [{"name": f"v{n}"} for n in range(10)]
    here.seed(spec("wide", repeat=51, variants=variants, traffic={"busy": 1}))
    found, gaps = here.scan()
    assert gaps == ()
    assert {len(one.traffic.series) for one in found.values()} == {10}
    assert len(here.cloud.log.of("GetMetricData")) == 2


def test_fact_8_a_gone_config_cannot_be_undone(here: Any, spec: Spec) -> None:
    here.seed(spec("orphan", config_deleted=True))
    found, gaps = here.scan()
    assert gaps == ()
    orphan = found["orphan"].hosting
    assert isinstance(orphan, Hosting)
    assert orphan.variants == (Variant("AllTraffic", "unknown", 1),)
    assert orphan.no_undo == "its config orphan-config is gone"
    assert isinstance(here.verdict("orphan"), Breach)
    assert "config orphan-config is gone" in here.reader().preimage(here.ref("orphan")).reason


def test_fact_8_a_gone_model_cannot_be_undone(here: Any, spec: Spec) -> None:
    here.seed(spec("idle"))
    here.session.client("sagemaker").delete_model(ModelName="idle-model")
    found, _ = here.scan()
    assert found["idle"].hosting.no_undo == "its model idle-model is gone"


def test_fact_8_a_replaced_config_cannot_be_undone(here: Any, spec: Spec) -> None:
    here.seed(spec("idle"))
    sagemaker = here.session.client("sagemaker")
    old = sagemaker.describe_endpoint_config(EndpointConfigName="idle-config")
    sagemaker.delete_endpoint_config(EndpointConfigName="idle-config")
    sagemaker.create_endpoint_config(
        EndpointConfigName="idle-config", ProductionVariants=old["ProductionVariants"]
    )
    assert "replaced" in here.look("idle").hosting.no_undo


def test_fact_8_a_replaced_model_cannot_be_undone(here: Any, spec: Spec) -> None:
    here.seed(spec("idle"))
    sagemaker = here.session.client("sagemaker")
    sagemaker.delete_model(ModelName="idle-model")
    role = "arn:aws:iam::111111111111:role/sagemaker-execution"
    sagemaker.create_model(ModelName="idle-model", ExecutionRoleArn=role)
    assert "model idle-model was replaced" in here.look("idle").hosting.no_undo


def test_fact_15_a_failed_tag_read_is_not_no_tags(here: Any, spec: Spec) -> None:
    here.seed(spec("idle"), spec("bare", tags={}))
    here.cloud.faults.add("GetResources", "reset", None)
    here.cloud.faults.add("ListTags", "reset", None, resource="idle")
    found, gaps = here.scan()
    assert isinstance(found["idle"].labels, Gap)
    assert found["bare"].labels == ()
    assert [(gap.what, gap.ref) for gap in gaps] == [("tags", here.ref("idle"))]


def test_fact_16_what_the_bulk_does_not_list_is_asked(here: Any, spec: Spec) -> None:
    tags = {f"key-{n:02d}": "x" for n in range(50)} | {"Owner": "b", "owner": "a"}
    here.seed(spec("tagged", tags=tags), spec("bare", tags={}))
    found, gaps = here.scan()
    assert gaps == ()
    assert found["tagged"].labels == tuple(sorted(tags.items()))
    assert found["bare"].labels == ()
    assert [one.resource for one in here.cloud.log.of("ListTags")] == ["bare"]
    assert here.look("tagged").labels == tuple(sorted(tags.items()))


def test_fact_30_throttling_is_normal(here: Any, spec: Spec, retrying: Any) -> None:
    here.seed(spec("idle"))
    here.cloud.faults.add("ListMetrics", "throttle", 2)
    found, gaps = here.scan(patience=retrying)
    assert gaps == ()
    assert found["idle"].traffic.total == 0


def test_a_status_in_between_is_not_read_further(here: Any, spec: Spec) -> None:
    for status in ("Creating", "Updating", "Failed"):
        here.seed(spec(status.lower(), status=status))
    found, gaps = here.scan()
    assert gaps == ()
    assert {one.state for one in found.values()} == {"changing", "failed"}
    assert not here.cloud.log.of("DescribeEndpoint")
    assert here.look("failed").state == "failed"


def test_a_busy_endpoint_is_not_read_further(here: Any, spec: Spec) -> None:
    here.seed(spec("busy", traffic={"busy": 1}))
    found, _ = here.scan()
    assert (found["busy"].hosting, found["busy"].labels) == (None, None)
    assert here.scan(at_most=10**6)[0]["busy"].hosting is not None


def test_an_endpoint_that_goes_during_the_scan_is_left_out(
    here: Any, spec: Spec, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.seed(spec("idle"), spec("going"))
    here.cloud.aws.looks_in_progress = 0
    list_components = hosting.list_components

    def delete_first(*arguments: Any) -> Any:
        here.session.client("sagemaker").delete_endpoint(EndpointName="going")
        return list_components(*arguments)

    monkeypatch.setattr(hosting, "list_components", delete_first)
    found, gaps = here.scan()
    assert (set(found), gaps) == ({"idle"}, ())


def test_a_look_says_the_same_as_the_scan(here: Any, spec: Spec) -> None:
    here.seed(
        spec("idle"),
        spec("async", hosting="async", backlog="none"),
        spec("mixed", variants=[{"name": "b", "instance_type": "ml.g5.xlarge"}, {"name": "a"}]),
        spec("shared", hosting="components", components=[{"name": "b"}, {"name": "a"}]),
    )
    window = here.window
    found, gaps = here.scan(window=window)
    assert gaps == ()
    for name, endpoint in found.items():
        looked = here.look(name, window)
        assert isinstance(looked, Endpoint)
        assert isinstance(looked.traffic, Traffic)
        assert looked == endpoint


def test_gone_only_when_sagemaker_says_so(here: Any) -> None:
    assert here.look("nothing") == Gone(here.ref("nothing"))
    here.cloud.faults.add("DescribeEndpoint", "denied", None)
    assert isinstance(here.look("nothing"), Gap)


def test_another_account_than_meant_is_a_gap(here: Any, spec: Spec) -> None:
    here.seed(spec("idle"), EndpointSpec(name="theirs", account="222222222222"))
    role = "arn:aws:iam::222222222222:role/hygiene-reader"
    reader = EndpointReader(assumed(here.session, role, "test"), here.ref("idle").place)
    resources, gaps = reader.scan(here.window, Decimal(0))
    assert (resources, [gap.what for gap in gaps]) == ((), ["credentials"])
    assert isinstance(reader.look(here.ref("theirs"), here.window), Gap)


def test_nothing_there_in_another_account_than_meant_is_a_gap(here: Any) -> None:
    """An empty account looks like a clean one, and a missing endpoint like a deleted one."""
    here.seed(EndpointSpec(name="alive", account="222222222222"))
    alive = here.cloud.arn("alive", "222222222222")
    theirs = ResourceRef("aws", "222222222222", "us-east-1", "endpoint", alive)
    reader = EndpointReader(here.session, theirs.place)
    resources, (gap,) = reader.scan(here.window, Decimal(0))
    assert (resources, gap.what, gap.ref) == ((), "credentials", None)
    assert "account 111111111111" in gap.reason
    looked = reader.look(theirs, here.window)
    assert isinstance(looked, Gap)
    assert (looked.what, looked.ref) == ("credentials", theirs)


def test_nothing_there_and_nobody_knows_where_is_a_gap(here: Any) -> None:
    reader = EndpointReader(here.session, here.ref("any").place)
    here.cloud.faults.add("GetCallerIdentity", "reset", None)
    assert [gap.what for gap in reader.scan(here.window, Decimal(0))[1]] == ["credentials"]
    assert isinstance(reader.look(here.ref("any"), here.window), Gap)
