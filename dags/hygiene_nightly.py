"""
Every night: what is there, what breaks a rule, who is told, and what was saved.

It only reads the clouds, with reader credentials. The plan that it keeps starts `hygiene_apply`,
which changes something only if this run asks to write: a scheduled run asks `nightly_writes` in
estate.yaml, a run by hand its own form. Both say no until somebody changes them. A region whose
scan fails is a gap of the plan: nothing in it is changed.
"""

from datetime import UTC, datetime

from airflow.sdk import dag, task

from hygiene.airflow import forms, tasks
from hygiene.airflow.graph import scan_and_plan
from hygiene.airflow.orders import NIGHTLY_DAG, PLAN


@dag(
    dag_id=NIGHTLY_DAG,
    schedule="0 2 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    tags=["hygiene"],
    doc_md=__doc__,
    params=forms.nightly(),
    default_args=tasks.DEFAULTS,
)
def nightly():
    plan = scan_and_plan()
    told = task(tasks.notify)(plan)
    verified = task(tasks.verify)()
    reported = task(tasks.report)(plan)
    published = task(outlets=[PLAN])(tasks.publish)(plan)

    plan >> told >> verified >> reported >> published


nightly()
