"""Numbers of series: each once, none left out, whoever asks at the same time."""

from django.db import connection

from bastau.papers.models import Series

_TAKE = """
    INSERT INTO {table} AS series (name, last) VALUES (%s, 1)
    ON CONFLICT (name) DO UPDATE SET last = series.last + 1
    RETURNING last
"""


class NotInTransaction(RuntimeError):
    """A number belongs to the row it is given to and is taken in the same transaction."""


def take(series: str) -> int:
    """The next number of `series`, from 1 (A-44, A-51).

    One statement that locks the row of the series till the transaction ends: who comes second waits, and a rolled
    back transaction gives its number back. Raises NotInTransaction.
    """
    if not connection.in_atomic_block:
        raise NotInTransaction(f"Take a number of {series} inside the transaction that uses it.")
    with connection.cursor() as cursor:
        cursor.execute(_TAKE.format(table=connection.ops.quote_name(Series._meta.db_table)), [series])
        return cursor.fetchone()[0]
