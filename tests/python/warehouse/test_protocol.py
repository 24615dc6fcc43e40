"""Protocol sheets without which nothing can be built say so."""

from __future__ import annotations

import pytest

from tests.python.conftest import build_warehouse

pytestmark = pytest.mark.build


def test_a_missing_named_policy_is_asked_for(tmp_path, copied_sheets):
    policies = copied_sheets / "protocol" / "policies.csv"
    text = policies.read_text(encoding="utf-8")
    policies.write_text(text.replace("\nrecommended,", "\nours,"), encoding="utf-8")
    with pytest.raises(AssertionError, match="rows seed_paper and recommended are needed"):
        build_warehouse(tmp_path, copied_sheets)
