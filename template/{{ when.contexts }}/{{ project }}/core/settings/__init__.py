"""Settings of the project: a module for each concern. Everything that differs between places comes from environment.py."""

from .api import *
from .application import *
from .database import *
from .mail import *
from .observability import *
from .security import *
from .tasks import *
