"""Let an index serve the lists of a team's members and of a user's teams, each in its order."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Two indexes more."""

    dependencies = [
        ("users", "0003_verified_email"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="membershiprow",
            index=models.Index(
                fields=["team", "accepted", "created_at", "id"],
                name="membership_team_id_4a1292_idx",
            ),
        ),
        migrations.AddIndex(
            model_name="membershiprow",
            index=models.Index(
                fields=["user", "accepted", "created_at", "id"],
                name="membership_user_id_a7ef81_idx",
            ),
        ),
    ]
