"""Migrations: they say what the models say, one after another, and run backwards."""

from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

# Without other people's packages, and what has no table; of features, without the users, whom all of them point to.
LOCAL = [
    config.label
    for config in apps.get_app_configs()
    if "site-packages" not in Path(config.path).parts and any(config.get_models())
]
FEATURES = [label for label in LOCAL if label != get_user_model()._meta.app_label]


def test_models_and_migrations_agree(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, stdout=StringIO())


@pytest.mark.parametrize("label", LOCAL)
def test_history_has_one_end(db: None, label: str) -> None:
    leaves = [node for node in MigrationLoader(connection).graph.leaf_nodes() if node[0] == label]
    assert len(leaves) == 1


@pytest.mark.django_db(transaction=True)
def test_history_runs_backwards_and_forwards() -> None:
    for label in FEATURES:
        tables = {model._meta.db_table for model in apps.get_app_config(label).get_models()}
        try:
            call_command("migrate", label, "zero", verbosity=0)
            assert not tables & set(connection.introspection.table_names()), label
        finally:
            call_command("migrate", label, verbosity=0)
        assert tables <= set(connection.introspection.table_names()), label
