"""The ledger: one append-only database behind `hygiene.ports.Ledger`."""
