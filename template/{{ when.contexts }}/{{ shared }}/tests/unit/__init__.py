"""Tests of domain and use cases: no Django, no database, milliseconds."""
