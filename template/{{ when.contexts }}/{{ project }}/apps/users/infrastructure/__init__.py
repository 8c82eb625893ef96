"""How users and teams are kept: the app that Django knows, with its tables, migrations and repositories."""
