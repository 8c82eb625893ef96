"""How a database runs what it is asked."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

# What stands in a plan, by the kind of database, where rows are sorted or a table is read without an index.
SIGNS = {
    "sqlite": r"TEMP B-TREE|SCAN \S+( |$)(?!USING)",
    "postgresql": r"Sort|Seq Scan",
    "mysql": r"filesort|\bALL\b",
}

FEW = 100


@contextmanager
def unserved() -> Iterator[list[str]]:
    """Collect the plans of lists that no index serves, of what is asked until the block ends."""
    found: list[str] = []
    with CaptureQueriesContext(connection) as asked:
        yield found
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Of a few rows, reading all of them costs least: the plan shall tell what can be done without.
            for way in ("seqscan", "bitmapscan", "sort"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
        words = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
        for query in asked.captured_queries:
            if "ORDER BY" in query["sql"]:
                cursor.execute(f"{words} {query['sql']}".replace("%", "%%"))
                rows = cursor.fetchall()
                plan = "; ".join(str(row) for row in rows)
                # MySQL sorts few rows, whatever index there is.
                many = connection.vendor != "mysql" or any(int(row[8] or 0) > FEW for row in rows)
                if many and re.search(SIGNS[connection.vendor], plan):
                    found.append(f"{query['sql']}: {plan}")
