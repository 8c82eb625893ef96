"""Passwords and e-mail addresses: what users change themselves, and the mails that prove an address."""
