"""The least that a hand-written server does: a list of 20, one item, a new item, for whoever has a token."""
