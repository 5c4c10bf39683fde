"""Writes policies/policy.schema.json and policies/estate.schema.json anew."""

from pathlib import Path

from hygiene.schema import publish

if __name__ == "__main__":
    publish(Path(__file__).resolve().parents[1] / "policies")
