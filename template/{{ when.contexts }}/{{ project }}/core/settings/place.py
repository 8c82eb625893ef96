"""The place that the project runs in: its environment, read once for all settings.

A start with a variable missing or unfit ends here, with the names of all that are.
"""

from ..environment import read_environment

env = read_environment()
