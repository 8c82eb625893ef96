"""Create the table of handled messages."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """First state of the app."""

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="HandledMessage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("message_id", models.UUIDField()),
                ("subscriber", models.CharField(max_length=200)),
                ("handled_at", models.DateTimeField(auto_now_add=True, db_index=True)),
            ],
            options={
                "db_table": "handled_message",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("message_id", "subscriber"), name="uq_handled_message_subscriber"
                    )
                ],
            },
        ),
    ]
