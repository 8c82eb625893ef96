"""URLs of accounts below /api/. The app that owns the user model adds deletion."""

from django.urls import path

from . import views

urlpatterns = [
    path("auth/me/", views.AccountView.as_view(), name="me"),
    path("auth/password/", views.PasswordView.as_view(), name="password"),
    path("auth/password/reset/", views.ResetRequestView.as_view(), name="reset-request"),
    path("auth/password/reset/confirm/", views.ResetView.as_view(), name="reset"),
    path("auth/email/", views.EmailView.as_view(), name="email"),
    path("auth/email/verify/", views.EmailVerificationView.as_view(), name="email-verification"),
]
