"""Tell verified addresses from those that were only typed, and find a user by the address."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.functions import Lower


def lower_addresses(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Write the addresses in small letters, as they are looked for."""
    apps.get_model("users", "User").objects.using(schema_editor.connection.alias).update(
        email=Lower("email")
    )


class Migration(migrations.Migration):
    """One column and one index more."""

    dependencies = [
        ("users", "0002_membership_accepted"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="unverified_email",
            field=models.EmailField(blank=True, default="", max_length=254),
            preserve_default=False,
        ),
        migrations.RunPython(lower_addresses, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="user",
            index=models.Index(fields=["email"], name="ix_user_email"),
        ),
    ]
