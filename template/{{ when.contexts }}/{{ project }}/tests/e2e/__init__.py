"""Tests of whole sessions, over HTTP."""
