"""Tell members from those who are invited: whoever is in a team already has accepted it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column more."""

    dependencies = [
        ("users", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="membershiprow",
            name="accepted",
            field=models.BooleanField(default=True),
        ),
    ]
