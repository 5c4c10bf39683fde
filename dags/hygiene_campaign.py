"""
A campaign that a person starts: some policies, accounts or tags, from some saving on.

It scans, makes a plan, tells owners and channel, and then waits a day for somebody to approve the
plan (in the UI under *Required Actions*). The approval is kept in the ledger and binds to the
digest that was shown. A dry run, a rejection and silence change nothing; nor does an approval
shorten a grace period.
"""

from airflow.sdk import dag, task

from hygiene.airflow import forms, tasks
from hygiene.airflow.approval import PlanApproval
from hygiene.airflow.graph import scan_and_plan


@dag(
    dag_id="hygiene_campaign",
    schedule=None,
    catchup=False,
    max_active_runs=1,
    tags=["hygiene"],
    doc_md=__doc__,
    params=forms.campaign(),
    default_args=tasks.DEFAULTS,
)
def campaign():
    plan = scan_and_plan()
    told = task(tasks.notify)(plan)
    shown = task(tasks.show)(plan)
    decision = task(tasks.decide)(plan)
    approve = PlanApproval(task_id="approve", plan_id=plan)
    applied = task(tasks.apply_approved)(plan, approve.output)
    # Also after a change that failed: what was done is looked at and reported all the same.
    verified = task(trigger_rule="none_skipped")(tasks.verify)()
    reported = task(tasks.report)(plan)

    plan >> told >> shown >> decision >> approve >> applied >> verified >> reported


campaign()
