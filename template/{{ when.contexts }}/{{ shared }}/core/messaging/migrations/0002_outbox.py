"""Create the outbox. Its rows remember what was handled, so the table of handled messages goes."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    """What is on its way is stored from now on."""

    dependencies = [("messaging", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="OutboxMessage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("message_id", models.UUIDField()),
                ("event", models.CharField(max_length=200)),
                ("subscriber", models.CharField(max_length=200)),
                ("content", models.JSONField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("handled", "Handled"),
                            ("dead", "Dead"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        help_text="When it is due, was handled, or was given up.",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                (
                    "error",
                    models.CharField(
                        default="",
                        help_text="Class of the last error; its text may be personal and is not kept.",
                        max_length=200,
                    ),
                ),
            ],
            options={
                "db_table": "outbox",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("message_id", "subscriber"), name="uq_outbox_subscriber"
                    )
                ],
                "indexes": [models.Index(fields=["state", "at"], name="ix_outbox_state_at")],
            },
        ),
        migrations.DeleteModel(name="HandledMessage"),
    ]
