"""One row of a model is what the model says, where no key of the database holds it."""

from __future__ import annotations

import pytest

from tests.python.cases import each
from tests.python.conftest import ROOT
from umbrella.project import read_properties

pytestmark = pytest.mark.build

STAGED_GRAIN = read_properties(ROOT / "dbt_project.yml")["models"]["umbrella_warehouse"]["staging"][
    "+meta"
]["grain"]
GRAINS = {path.stem: STAGED_GRAIN for path in (ROOT / "models/staging").glob("*.sql")} | {
    model["name"]: model["config"]["meta"]["grain"]
    for file in (ROOT / "models").rglob("*.yml")
    for model in read_properties(file).get("models", [])
    if "grain" in model.get("config", {}).get("meta", {})
}


@pytest.fixture(scope="module")
def schemas(shipped_connection) -> dict[str, str]:
    """Tables with their schemas. DuckDB looks at all of them to find one."""
    found = shipped_connection.sql("select table_name, schema_name from duckdb_tables()")
    return dict(found.fetchall())


@each("model", sorted(GRAINS))
def test_grain_is_unique(shipped, schemas, model: str):
    columns = ", ".join(f'"{column}"' for column in GRAINS[model])
    repeated = shipped.execute(
        f"select {columns}, count(*) as n from {schemas[model]}.{model} group by all having n > 1"
    ).fetchall()
    assert repeated == []
