"""The passages nearest to a question, in PostgreSQL with pgvector.

Few passages are all compared, exactly. Among many an HNSW index over half-precision vectors
(Malkov and Yashunin, PAMI 2018) names candidates. Whoever asks compares those with the exact
vectors, so that only the choice of candidates is not exact.
"""

import hashlib

from qa.library.embedder import Vectors
from qa.library.postgres.database import Database
from qa.library.records import RECIPE_COLUMNS, Recipe
from qa.library.vectors import CANDIDATES_PER_HIT, EXACT_ROWS, LEAST_CANDIDATES

MOST_EF = 1000
"""The widest beam that pgvector takes; where more are wanted, it goes on by itself."""

WHOLE_INDEX = 2**31 - 1
"""Tuples that an iterative scan may look at: as many as it takes, however few a scope holds."""

SCAN_MEMORY = 8
"""Times `work_mem` (4 MB unless set otherwise) that such a scan may take."""

_NEAREST = """
SELECT row FROM vectors JOIN live USING (digest)
WHERE embedder = ? AND dimension = ? AND {condition} ORDER BY {order} LIMIT ?
"""


def candidates(
    database: Database,
    recipe: Recipe,
    vector: Vectors,
    limit: int,
    condition: str,
    values: list[str],
) -> list[int]:
    """Rows among which the nearest `limit` of a condition on `live` are; call it while reading."""
    space = recipe.embedder, recipe.dimension
    few = database.rows(
        f"SELECT count(*) FROM (SELECT 1 FROM live WHERE {condition} LIMIT ?) AS few",
        *values,
        EXACT_ROWS + 1,
    )
    if few[0][0] <= EXACT_ROWS or not _is_ready(database, recipe):
        statement = _NEAREST.format(condition=condition, order="vector <#> ?::vector, row")
        found = database.rows(statement, *space, *values, vector, limit)
        return [row for (row,) in found]
    count = max(LEAST_CANDIDATES, CANDIDATES_PER_HIT * limit)
    database.rows(f"SET LOCAL hnsw.ef_search = {min(count, MOST_EF)}")
    database.rows("SET LOCAL hnsw.iterative_scan = strict_order")
    database.rows(f"SET LOCAL hnsw.max_scan_tuples = {WHOLE_INDEX}")
    database.rows(f"SET LOCAL hnsw.scan_mem_multiplier = {SCAN_MEMORY}")
    half = f"halfvec({recipe.dimension})"
    # By nothing else: to sort what is tied, all of the index would be read.
    statement = _NEAREST.format(condition=condition, order=f"vector::{half} <#> ?::{half}")
    found = database.rows(statement, *space, *values, vector, count)
    return [row for (row,) in found]


def make_ready(database: Database, recipe: Recipe) -> None:
    """Build the index of a recipe's vectors where there are many and it is not there.

    In one transaction: killed, there is none, and all are compared.
    """
    many = database.rows(
        f"SELECT passages > ? FROM recipes WHERE ({RECIPE_COLUMNS}) = (?, ?, ?, ?)",
        EXACT_ROWS,
        *recipe.key,
    )
    if many and many[0][0]:
        embedder = recipe.embedder.replace("'", "''")
        database.rows(
            f"CREATE INDEX IF NOT EXISTS {_index_name(recipe)} ON vectors USING hnsw"
            f" ((vector::halfvec({recipe.dimension})) halfvec_ip_ops)"
            f" WHERE embedder = '{embedder}' AND dimension = {recipe.dimension}"
        )


def _is_ready(database: Database, recipe: Recipe) -> bool:
    name = _index_name(recipe)
    return bool(database.rows("SELECT 1 WHERE to_regclass(?) IS NOT NULL", name))


def _index_name(recipe: Recipe) -> str:
    space = f"{recipe.dimension} {recipe.embedder}"
    return f"near_{hashlib.sha256(space.encode()).hexdigest()[:16]}"
