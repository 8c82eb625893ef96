"""``python -m tests.examples FEATURE`` keeps what the examples of a feature refer to, so that they can be typed."""

import sys

from . import store

for name in sys.argv[1:]:
    store(name)
