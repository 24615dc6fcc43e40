"""Footnotes of the summary of findings, against the sheets that they speak of."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.build

CLASSES = """
select f.analysis_id, a.comparator_class, array_agg(distinct e.comparator_class)
from reports.rpt_findings f
inner join dim_analyses a using (analysis_id)
inner join fct_analysis_members m using (analysis_id)
inner join fct_effects e on m.effect_id = e.effect_id
where m.policy_id = 'recommended' and m.is_member and m.source_sheet = 'reported_effects'
group by all
"""


def test_an_open_line_whose_members_share_a_class_of_controls_says_so(shipped):
    """Davies2014_10, the one member of dropout in depression, has inactive controls."""
    said = dict(
        shipped.execute(
            "select analysis_id, note from reports.rpt_findings_notes "
            "where cell = 'effect' and note like 'Compared with%'"
        ).fetchall()
    )
    expected = {
        analysis_id: f"Compared with {classes[0]} controls only."
        for analysis_id, declared, classes in shipped.execute(CLASSES).fetchall()
        if declared is None and classes in (["active"], ["inactive"])
    }
    assert said == expected
    assert said["dropout_relative_depression"] == "Compared with inactive controls only."
