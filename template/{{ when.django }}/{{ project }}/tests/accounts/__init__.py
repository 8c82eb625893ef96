"""Tests of users and tokens."""
