"""Where the context is put together: use cases with the storage they run on, and what it wants to hear of others."""

from core.messaging.subscriptions import Subscription

from .application.use_cases.teams import (
    AdmitMember,
    ChooseTeam,
    DismissMember,
    Identify,
    ListMembers,
    Register,
)
from .infrastructure.repositories.teams import DjangoTeamRepository, DjangoTeamWork

register = Register(DjangoTeamWork)
identify = Identify(DjangoTeamRepository)
choose_team = ChooseTeam(DjangoTeamRepository)
list_members = ListMembers(DjangoTeamRepository)
admit_member = AdmitMember(DjangoTeamWork)
dismiss_member = DismissMember(DjangoTeamWork)

SUBSCRIPTIONS: list[Subscription] = []
