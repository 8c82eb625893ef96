"""Where the context is put together: use cases with the storage they run on, and what it wants to hear of others."""

from core.messaging.subscriptions import Subscription

from .application.use_cases import teams
from .infrastructure.repositories.teams import DjangoTeamRepository, DjangoTeamWork

register = teams.Register(DjangoTeamWork)
identify = teams.Identify(DjangoTeamRepository)
choose_team = teams.ChooseTeam(DjangoTeamRepository)
delete_account = teams.DeleteAccount(DjangoTeamWork)

found_team = teams.FoundTeam(DjangoTeamWork)
list_memberships = teams.ListMemberships(DjangoTeamRepository)
accept_invitation = teams.AcceptInvitation(DjangoTeamWork)
decline_invitation = teams.DeclineInvitation(DjangoTeamWork)

list_members = teams.ListMembers(DjangoTeamRepository)
change_role = teams.ChangeRole(DjangoTeamWork)
dismiss_member = teams.DismissMember(DjangoTeamWork)
list_invitations = teams.ListInvitations(DjangoTeamRepository)
invite_member = teams.InviteMember(DjangoTeamWork)
withdraw_invitation = teams.WithdrawInvitation(DjangoTeamWork)
delete_team = teams.DeleteTeam(DjangoTeamWork)

SUBSCRIPTIONS: list[Subscription] = []
