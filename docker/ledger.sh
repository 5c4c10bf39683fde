#!/bin/sh
# Runs when the database's volume is new: the ledger gets a database and a role of its own, which
# cannot read Airflow's.
set -eu

psql -v ON_ERROR_STOP=1 -v password="$LEDGER_PASSWORD" --username "$POSTGRES_USER" <<'SQL'
CREATE ROLE hygiene LOGIN PASSWORD :'password';
CREATE DATABASE hygiene OWNER hygiene;
REVOKE CONNECT ON DATABASE airflow FROM PUBLIC;
REVOKE CONNECT ON DATABASE hygiene FROM PUBLIC;
SQL
