"""The SQL examples of docs/engine/bias.md give the output printed there."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "engine" / "bias.md"
EXAMPLE = re.compile(r"```sql\n(.*?)\n```(?:\n\n```text\n(.*?)\n```)?", re.DOTALL)


def printed(cursor):
    names = ", ".join(column[0] for column in cursor.description)
    rows = (
        ", ".join("NULL" if value is None else str(value) for value in row)
        for row in cursor.fetchall()
    )
    return "\n".join([names, *rows])


def test_examples(con):
    examples = EXAMPLE.findall(PAGE.read_text())
    assert len(examples) == 14
    for sql, output in examples:
        cursor = con.execute(sql)
        if output:
            assert printed(cursor) == output, sql


def test_every_function_has_its_section():
    from python_udfs.catalogue.bias import BIAS

    headings = re.findall(r"^## (.*)$", PAGE.read_text(), re.MULTILINE)
    for udf in BIAS:
        assert any(udf.name in re.findall(r"\w+", heading) for heading in headings), udf.name
