"""The command line: a face over the same steps as Airflow's."""
