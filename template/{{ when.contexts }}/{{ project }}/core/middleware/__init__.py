"""What every request goes through, beside logs.py and health.py."""
