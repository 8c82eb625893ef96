"""Teams: those of a user, and who is in the one that the token is for."""

from collections.abc import Callable
from functools import partial
from typing import Any, cast
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle, ScopedRateThrottle

from core.api.paging import Cursors
from core.api.schema import LINK
from core.api.serializers import PartQuery
from core.api.views import Pages, actor_of, show_page
from core.kernel.actors import Role
from core.kernel.repositories import Page, Part

from .. import bootstrap
from .serializers import (
    AcceptanceSerializer,
    MemberSerializer,
    MembershipSerializer,
    RoleSerializer,
)

LIST_PROBLEMS = (400, 401, 403, 406, 409, 413, 415, 429)
ITEM_PROBLEMS = (401, 403, 404, 406, 409, 429)


class View(generics.GenericAPIView[Any]):
    """Counts reads and writes apart, and shows lists in parts."""

    # The contract says what there is; the framework's own answer to OPTIONS would look for a table.
    metadata_class = None
    pagination_class = Pages
    throttle_classes = (ScopedRateThrottle,)

    def get_throttles(self) -> list[BaseThrottle]:
        """Choose by the method."""
        self.throttle_scope = "read" if self.request.method in SAFE_METHODS else "write"
        return super().get_throttles()

    def listed(self, request: Request, find: Callable[[Part], Page[Any]]) -> Response:
        """Show the part of a list that is asked for."""
        query = PartQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        cursors = Cursors(request, query.sort)
        page = find(query.part(cursors))
        return show_page(page, self.get_serializer(page.items, many=True).data, cursors)

    def given(self, request: Request) -> dict[str, Any]:
        """Read the body."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)


class OwnView(View):
    """Is about the user, whatever team the token is for: also for one who is in none."""

    serializer_class = MembershipSerializer

    @property
    def user_id(self) -> UUID:
        """The user of the token."""
        return cast(UUID, self.request.user.pk)


class TeamsView(OwnView):
    """The teams that one is in."""

    problems = LIST_PROBLEMS

    @extend_schema(
        operation_id="auth_team_list",
        summary="List own teams",
        tags=["auth"],
        parameters=[PartQuery, LINK],
        responses=MembershipSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Show a part of the list, the team that was joined first at the start."""
        return self.listed(request, partial(bootstrap.list_memberships, self.user_id))

    @extend_schema(
        operation_id="auth_team_create",
        summary="Found team",
        tags=["auth"],
        responses={201: MembershipSerializer},
    )
    def post(self, request: Request) -> Response:
        """Make one more team, and own it. Sign in to it with its id."""
        made = bootstrap.found_team(self.user_id, self.given(request)["team"])
        return Response(self.get_serializer(made).data, status.HTTP_201_CREATED)


class OffersView(OwnView):
    """The teams that one is invited to."""

    problems = (404, *LIST_PROBLEMS)

    @extend_schema(
        operation_id="auth_invitation_list",
        summary="List own invitations",
        tags=["auth"],
        parameters=[PartQuery, LINK],
        responses=MembershipSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Show a part of the list."""
        return self.listed(request, partial(bootstrap.list_memberships, self.user_id, invited=True))

    @extend_schema(
        operation_id="auth_invitation_accept",
        summary="Accept invitation",
        tags=["auth"],
        request=AcceptanceSerializer,
        responses={201: MembershipSerializer},
    )
    def post(self, request: Request) -> Response:
        """Come into the team. Sign in to it with its id."""
        serializer = AcceptanceSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        joined = bootstrap.accept_invitation(self.user_id, serializer.validated_data["team_id"])
        return Response(self.get_serializer(joined).data, status.HTTP_201_CREATED)


class OfferView(OwnView):
    """One invitation."""

    problems = ITEM_PROBLEMS

    @extend_schema(
        operation_id="auth_invitation_decline",
        summary="Decline invitation",
        tags=["auth"],
        responses={204: None},
    )
    def delete(self, request: Request, team_id: UUID) -> Response:
        """Stay out of the team."""
        bootstrap.decline_invitation(self.user_id, team_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class TeamView(View):
    """The team that the token is for."""

    problems = ITEM_PROBLEMS

    @extend_schema(
        operation_id="team_destroy", summary="Delete team", tags=["team"], responses={204: None}
    )
    def delete(self, request: Request) -> Response:
        """End the team, and remove all that belongs to it; only an owner may."""
        bootstrap.delete_team(actor_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class MembersView(View):
    """The members of the team that the token is for."""

    serializer_class = MemberSerializer
    problems = LIST_PROBLEMS

    @extend_schema(
        operation_id="team_member_list",
        summary="List members",
        tags=["team"],
        parameters=[PartQuery, LINK],
        responses=MemberSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Show a part of the list, the first one at the start."""
        return self.listed(request, partial(bootstrap.list_members, actor_of(request)))


class MemberView(View):
    """One member of the team that the token is for."""

    serializer_class = RoleSerializer
    problems = (400, 413, 415, *ITEM_PROBLEMS)

    @extend_schema(
        operation_id="team_member_update",
        summary="Change role",
        tags=["team"],
        responses=RoleSerializer,
    )
    def put(self, request: Request, user_id: UUID) -> Response:
        """Make a member something else; only an owner may, and never the last one less."""
        role = Role(self.given(request)["role"])
        bootstrap.change_role(actor_of(request), user_id, role)
        return Response({"role": role})

    @extend_schema(
        operation_id="team_member_destroy",
        summary="Dismiss member",
        tags=["team"],
        responses={204: None},
    )
    def delete(self, request: Request, user_id: UUID) -> Response:
        """Leave, or as an owner take somebody out; never the last owner."""
        bootstrap.dismiss_member(actor_of(request), user_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class InvitationsView(View):
    """Who is invited to the team that the token is for."""

    serializer_class = MemberSerializer
    problems = LIST_PROBLEMS

    @extend_schema(
        operation_id="team_invitation_list",
        summary="List invitations",
        tags=["team"],
        parameters=[PartQuery, LINK],
        responses=MemberSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Show a part of the list, the first one at the start; only to an owner."""
        return self.listed(request, partial(bootstrap.list_invitations, actor_of(request)))

    @extend_schema(
        operation_id="team_invitation_create",
        summary="Invite member",
        tags=["team"],
        responses={201: MemberSerializer},
    )
    def post(self, request: Request) -> Response:
        """Offer a role to somebody who has an account, and who decides; only an owner may."""
        given = self.given(request)
        offered = bootstrap.invite_member(actor_of(request), given["username"], Role(given["role"]))
        return Response(self.get_serializer(offered).data, status.HTTP_201_CREATED)


class InvitationView(View):
    """One invitation to the team that the token is for."""

    problems = ITEM_PROBLEMS

    @extend_schema(
        operation_id="team_invitation_destroy",
        summary="Withdraw invitation",
        tags=["team"],
        responses={204: None},
    )
    def delete(self, request: Request, user_id: UUID) -> Response:
        """Take an invitation back; only an owner may."""
        bootstrap.withdraw_invitation(actor_of(request), user_id)
        return Response(status=status.HTTP_204_NO_CONTENT)
