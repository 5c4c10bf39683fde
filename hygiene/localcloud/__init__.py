"""An AWS and a Slack on this machine, as strict as the real ones where it matters to this project.

A request to AWS passes `control` (what begins with `/_local/` ends there), `edge` (access keys,
faults, the log) and `wire` (protocols, by moto's parser and serializer) to the handler that
`operations` names: in `endpoints`, `sagemaker`, `cloudwatch`, `autoscaling`, `tagging`, `sts`. What
they know is in `state` and `metrics`; `series` says which metrics a hosting publishes. `spec` and
`seed` bring in an estate. `cloud` runs it all in threads, `process` as a process of its own, which
`remote` talks to.

Where moto is laxer than the real service it is not asked: it would find data for queries that have
none in a real account. What is not in `operations` goes on to moto, by way of `fallback`.
"""
