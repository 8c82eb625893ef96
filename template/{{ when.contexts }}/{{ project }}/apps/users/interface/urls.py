"""Addresses of the context below /api/."""

from django.urls import path

from core.credentials.urls import urlpatterns as credentials

from . import teams, views

urlpatterns = [
    path("auth/register/", views.RegisterView.as_view(), name="register"),
    path("auth/login/", views.LoginView.as_view(), name="login"),
    path("auth/refresh/", views.RefreshView.as_view(), name="refresh"),
    path("auth/logout/", views.LogoutView.as_view(), name="logout"),
    *credentials,
    path("auth/me/delete/", views.DeleteAccountView.as_view(), name="account-deletion"),
    # What concerns a user, whatever team the token is for, and also without one.
    path("auth/teams/", teams.TeamsView.as_view(), name="teams"),
    path("auth/invitations/", teams.OffersView.as_view(), name="offers"),
    path("auth/invitations/<uuid:team_id>/", teams.OfferView.as_view(), name="offer"),
    # What concerns the team that the token is for.
    path("team/", teams.TeamView.as_view(), name="team"),
    path("team/members/", teams.MembersView.as_view(), name="members"),
    path("team/members/<uuid:user_id>/", teams.MemberView.as_view(), name="member"),
    path("team/invitations/", teams.InvitationsView.as_view(), name="invitations"),
    path("team/invitations/<uuid:user_id>/", teams.InvitationView.as_view(), name="invitation"),
]
