"""The least with Django REST framework, on the tables of a rendered project.

It asks the database who may come in, as the project does: a token alone would let in who has been shut out since.
"""

import json
import os
import urllib.parse
import uuid
from typing import Any

import django
from django.conf import settings

SERVER = urllib.parse.urlsplit(os.environ["DATABASE_URL"])
# Whose a new row is: columns and values.
OWNER: dict[str, Any] = json.loads(os.environ["OWNER"])
# Asks for a user by the id.
ADMITTED = os.environ["ADMITTED"]
settings.configure(
    SECRET_KEY=os.environ["SECRET_KEY"],
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "rest_framework"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": SERVER.path[1:],
            "USER": SERVER.username,
            "HOST": SERVER.hostname,
            "PORT": SERVER.port,
            "CONN_MAX_AGE": 60,
        }
    },
    REST_FRAMEWORK={
        "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    },
    SIMPLE_JWT={"SIGNING_KEY": os.environ["JWT_SIGNING_KEY"]},
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402 (the settings come first)
from django.db import connection, models  # noqa: E402
from rest_framework import mixins, routers, serializers, viewsets  # noqa: E402
from rest_framework.exceptions import AuthenticationFailed  # noqa: E402
from rest_framework.request import Request  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework_simplejwt.authentication import JWTStatelessUserAuthentication  # noqa: E402


class Authentication(JWTStatelessUserAuthentication):
    """Lets in whom the database knows."""

    def get_user(self, validated_token: Any) -> Any:
        """Look whether the user may come in."""
        with connection.cursor() as cursor:
            cursor.execute(ADMITTED, [validated_token["user_id"]])
            if cursor.fetchone() is None:
                raise AuthenticationFailed
        return super().get_user(validated_token)


class Thing(models.Model):
    """A row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    version = models.IntegerField(default=1)
    title = models.CharField(max_length=120)
    state = models.CharField(max_length=4, choices=[(state, state) for state in ("new", "open", "done")])
    price = models.DecimalField(max_digits=10, decimal_places=2)
    due = models.DateField(null=True)
    note = models.TextField()
    for column, value in OWNER.items():
        locals()[column] = models.IntegerField() if isinstance(value, int) else models.UUIDField()

    class Meta:
        """Where it is stored."""

        app_label = "minimum"
        db_table = "thing"


class ThingSerializer(serializers.ModelSerializer):
    """What comes in and goes out."""

    due = serializers.DateField(required=False, allow_null=True)

    class Meta:
        """Which columns."""

        model = Thing
        fields = ("id", "created_at", "updated_at", "version", *OWNER, "title", "state", "price", "due", "note")
        read_only_fields = ("id", "version", *OWNER)


class ThingViewSet(mixins.CreateModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """List, create and read."""

    queryset = Thing.objects.order_by("id")
    serializer_class = ThingSerializer
    authentication_classes = (Authentication,)

    def list(self, request: Request) -> Response:
        """Read twenty."""
        return Response(self.get_serializer(self.get_queryset()[:20], many=True).data)

    def perform_create(self, serializer: Any) -> None:
        """Store one."""
        serializer.save(**OWNER)


router = routers.SimpleRouter()
router.register("things", ThingViewSet)
urlpatterns = router.urls
application = get_wsgi_application()
