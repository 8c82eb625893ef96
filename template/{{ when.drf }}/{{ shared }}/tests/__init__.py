"""Tests of the project; each app has a folder that mirrors its modules."""
