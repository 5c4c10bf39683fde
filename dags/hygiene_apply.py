"""
Applies a plan of the nightly run, with writer credentials.

Three locks: the account is `writable` in estate.yaml, the policy says `mode: enforce`, and the
nightly run asked to write. Without the last one the run is skipped, and the log of `order` says
why. By hand: name a plan and its digest, and switch the dry run off. What was not announced, or
is still in its grace period, is never changed.
"""

from airflow.sdk import dag, task

from hygiene.airflow import forms, tasks
from hygiene.airflow.orders import PLAN


@dag(
    dag_id="hygiene_apply",
    schedule=[PLAN],
    catchup=False,
    max_active_runs=1,
    tags=["hygiene"],
    doc_md=__doc__,
    params=forms.apply(),
    default_args=tasks.DEFAULTS,
)
def apply():
    plan = task(tasks.order)()
    applied = task(tasks.apply)()
    # Also after a change that failed: what was done is looked at and reported all the same.
    verified = task(trigger_rule="none_skipped")(tasks.verify)()
    reported = task(tasks.report)(plan)

    plan >> applied >> verified >> reported


apply()
