"""What a person at the SQL prompt reads when a call is wrong.

Wrong data are no error: test_faulty_rows_in_sql.py.
"""

import pytest

from tests.python.cases import each

VALID_KEYS = "tau2_method, ci_method, pi_method, ci_level, tau2_ci_method"


@each(
    ("call", "message"),
    [
        (
            "pool([1, 2], [1, 1], {'tau2_method': 'X'})",
            "pool: unknown tau2_method 'X'; valid: REML, DL, PM, CE, DL2, HE, HS, HSk, SJ, ML, EB, "
            "PMM",
        ),
        ("pool([1], [1], {'tau2': 'DL'})", f"pool: unknown option 'tau2'; valid: {VALID_KEYS}"),
        ("pool([1], [1], {'ci_level': 95})", "pool: ci_level must lie between 0 and 1; got 95"),
        ("pool([1], [1], {'ci_level': '95 %'})", "pool: ci_level must be numeric; got string"),
        ("pool([1], [1], {'ci_method': 1})", "pool: ci_method must be text; got int32"),
        ("pool([1], [1], 'DL')", "pool: options must be a STRUCT with keys among"),
        ("pool([1], [1], map {'a': 'b'})", "pool: options must be a STRUCT with keys among"),
        ("pool([1])", "pool: expected pool(yi, vi [, options]); got 1 argument"),
        ("pool([1], [1], null, 2)", "pool: expected pool(yi, vi [, options]); got 4 arguments"),
        ("pool(['a'], [1])", "pool: yi must be a list of numbers; got list<"),
        ("pool(1, 2)", "pool: yi must be a list of numbers; got int32"),
        (
            "smd_from_log_odds(0.4, 0.1, 'logit')",
            "smd_from_log_odds: unknown rule 'logit'; valid: hasselblad_hedges, cox",
        ),
    ],
)
def test_message(con, error_of, call, message):
    assert message in error_of(con, f"select {call}")


def test_a_wrong_call_leaves_no_state_behind(con):
    """A query after a failed one works."""
    for _ in range(3):
        with pytest.raises(Exception, match="ci_level must lie between 0 and 1"):
            con.execute("select pool([1], [1], {'ci_level': 95})").fetchall()
        assert con.execute("select pool([1], [1]).k").fetchall() == [(1,)]
