"""What a build says of the tests that failed and of those that only warn."""

import duckdb

from umbrella.building.outcome import Node, Outcome
from umbrella.failed_nodes import show_outcome


def test_a_warning_shows_what_was_found(tmp_path, capsys):
    database = tmp_path / "review.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute("create table matrices as select 2000 as trial_lists, null as zeros")
    node = Node("has_zeros", "test", "has_zeros.sql", "1 row found", "from matrices")
    show_outcome(Outcome([], [node], {"warned": 1}, frozenset()), database)
    assert capsys.readouterr().err.splitlines() == [
        "test has_zeros warns: 1 row found",
        "  found trial_lists '2000', zeros NULL",
        "  1 warned",
    ]
