"""How entities are kept: the base of every context's rows, repositories and units of work, on Django's ORM."""
