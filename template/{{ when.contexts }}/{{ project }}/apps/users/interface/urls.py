"""Addresses of the context below /api/."""

from django.urls import path

from .views import LoginView, LogoutView, MembersView, MemberView, RefreshView, RegisterView

urlpatterns = [
    path("auth/register/", RegisterView.as_view(), name="register"),
    path("auth/login/", LoginView.as_view(), name="login"),
    path("auth/refresh/", RefreshView.as_view(), name="refresh"),
    path("auth/logout/", LogoutView.as_view(), name="logout"),
    path("team/members/", MembersView.as_view(), name="members"),
    path("team/members/<uuid:user_id>/", MemberView.as_view(), name="member"),
]
