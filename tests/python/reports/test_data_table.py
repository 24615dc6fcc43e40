"""A table of a page: every cell says something."""

import pytest

from reports.errors import ReportError
from reports.tables import DataTable


def test_a_cell_without_words_is_named() -> None:
    rows = (("A", "1"), (None, "2"))
    with pytest.raises(ReportError, match=r"Table 'Rules' has nothing in 'For'"):
        DataTable("Rules", ("For", "Statements"), rows, frozenset())  # type: ignore[arg-type]
