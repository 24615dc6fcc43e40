"""Protocol sheets without which nothing can be built say so."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.python.conftest import ROOT, build_warehouse

pytestmark = pytest.mark.build


def test_a_missing_named_policy_is_asked_for(tmp_path, copied_sheets):
    policies = copied_sheets / "protocol" / "policies.csv"
    text = policies.read_text(encoding="utf-8")
    policies.write_text(text.replace("\nrecommended,", "\nours,"), encoding="utf-8")
    with pytest.raises(AssertionError, match="rows seed_paper and recommended are needed"):
        build_warehouse(tmp_path, copied_sheets, selection="+stg_protocol__policies")
    command = [sys.executable, "-m", "umbrella", "check", "--sheets", str(copied_sheets)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "rows seed_paper and recommended are needed" in done.stderr
