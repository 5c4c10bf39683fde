"""Exits with 0 when a URL answers and what it answers does not name anything unhealthy."""

import sys
from urllib.request import urlopen

with urlopen(sys.argv[1], timeout=10) as answer:  # noqa: S310 - the compose file's URLs
    sys.exit(b"unhealthy" in answer.read())
