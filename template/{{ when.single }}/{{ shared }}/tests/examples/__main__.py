"""``python -m tests.examples FEATURE…`` keeps what the examples of features refer to, so that they can be typed."""

import sys

from . import store

store(*sys.argv[1:])
