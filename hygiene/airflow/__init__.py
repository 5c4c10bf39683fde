"""The bot on Airflow: the one room that imports it. Nothing here decides anything about a cloud."""
