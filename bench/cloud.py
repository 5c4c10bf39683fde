"""`python bench/cloud.py ENDPOINTS IDLE`: a local cloud with so many endpoints, until stdin ends.

It prints its environment as one line of JSON once it answers. It runs in a process of its own, so
that neither its time nor its memory is taken for that of a tool that is measured.
"""

from __future__ import annotations

import json
import sys

from hygiene.localcloud.cloud import running
from hygiene.localcloud.spec import many

if __name__ == "__main__":
    with running(many(int(sys.argv[1]), int(sys.argv[2]))) as cloud:
        print(json.dumps(cloud.env), flush=True)
        sys.stdin.read()
