"""What people see of a run: a page that works offline, CSV, the terminal, and a JSON document."""
