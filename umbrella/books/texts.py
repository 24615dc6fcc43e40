"""What is said of the columns of the sheets, where dbt says it."""

import re
from pathlib import Path

from umbrella.project import read_properties
from umbrella.sheets.contract import PROPERTIES

BLOCK = re.compile(r"{% docs (\w+) %}(.*?){% enddocs %}", re.DOTALL)
CITED = re.compile(r"{{ *doc\('(\w+)'\) *}}")


def column_texts(project: Path) -> dict[tuple[str, str], str]:
    """The description of every column by sheet and column."""
    blocks = {
        name: " ".join(text.split())
        for file in sorted((project / "models").rglob("*.md"))
        for name, text in BLOCK.findall(file.read_text(encoding="utf-8"))
    }
    return {
        (seed["name"], column["name"]): CITED.sub(
            lambda found: blocks[found[1]], column["description"]
        )
        for file in sorted(project.glob(PROPERTIES))
        for seed in read_properties(file).get("seeds", [])
        for column in seed["columns"]
    }


def sheet_texts(project: Path) -> dict[str, str]:
    """The description of every sheet."""
    return {
        seed["name"]: seed["description"]
        for file in sorted(project.glob(PROPERTIES))
        for seed in read_properties(file).get("seeds", [])
    }
