"""The protocol that an extraction asks for, where a workbook leaves it to the program."""

from dataclasses import replace

from umbrella.outlining.extraction import Extraction
from umbrella.outlining.outline import make_outline
from umbrella.project import project_dir
from umbrella.sheets.contract import subgroup_filters
from umbrella.sheets.readings import Reading
from umbrella.sheets.result import CheckResult
from umbrella.sheets.rows import Rows
from umbrella.text import plural

OUTLINED = ("analyses", "contrasts", "figures", "figure_blocks")
"""The sheets that an outline has rows for."""

IMPLIED_NOTE = "empty, and taken as what the extraction asks for"


def extraction_of(result: CheckResult) -> Extraction:
    """The rows of the sheets as they are read, cells by column."""
    rows = {
        sheet.name: [dict(zip(table.header, row, strict=True)) for row in table.rows]
        for sheet, table in result.as_read().items()
    }
    vocabularies = {sheet.name: sheet.vocabularies for sheet in result.tables}
    codes = {**vocabularies["meta_analyses"], **vocabularies["reported_effects"]}
    filters = {name: codes[name] for name in subgroup_filters(project_dir()) if name in codes}
    return Extraction(rows, filters)


def with_outline(result: CheckResult) -> CheckResult:
    """The result with the outline's rows in the sheets of analyses and figures, if all are empty.

    A result with problems stays as it is.
    """
    empty = [sheet for sheet, table in result.tables.items() if sheet.name in OUTLINED]
    if result.problems or any(result.tables[sheet].rows for sheet in empty):
        return result
    outline = make_outline(extraction_of(result))
    tables, readings = dict(result.tables), dict(result.readings)
    for sheet in empty:
        rows = getattr(outline, sheet.name)
        cells = ([row.get(name, "") for name in sheet.columns] for row in rows)
        tables[sheet] = replace(tables[sheet], header=list(sheet.columns), rows=Rows(cells))
        if rows:
            how = f"{IMPLIED_NOTE}: {plural(len(rows), 'row')}"
            readings[sheet] = [*readings[sheet], Reading(sheet.name, None, "", "", how=how)]
    return replace(result, tables=tables, readings=readings)
