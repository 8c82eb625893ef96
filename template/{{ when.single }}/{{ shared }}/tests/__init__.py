"""Tests: contract, integration, unit, and the gates of the constitution."""
