"""Footnotes of the summary of findings, against the sheets that they speak of."""

from __future__ import annotations

import math

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


def test_one_reported_number_is_no_range(shipped):
    found = shipped.execute(
        "select f.range_low = f.range_high, array_agg(distinct n.note) "
        "from reports.rpt_findings f inner join reports.rpt_findings_notes n using (analysis_id) "
        "where f.range_low is not null and n.cell in ('assumed', 'corresponding') "
        "group by all"
    ).fetchall()
    assert dict(found) == {
        False: ["Lowest and highest that is reported; nothing can be pooled."],
        True: ["As reported; not pooled."],
    }


def test_a_source_of_dropout_tells_of_those_who_dropped_out(shipped):
    notes = "\n".join(
        note
        for (note,) in shipped.execute(
            "select note from reports.rpt_findings_notes where cell = 'assumed'"
        ).fetchall()
    )
    for row in ("Davies2014_10_control", "Davies2014_11_control"):
        events, percent, trials = shipped.execute(
            "select events, percent, n_studies from fct_rates where rate_id = ?", [row]
        ).fetchone()
        assert f"arms of {trials} trials, {events} dropouts ({row}" in notes
        assert f"Davies 2014, {percent}% in the" in notes


def test_a_number_needed_has_the_numbers_of_both_limits(shipped):
    """Kraemer and Kupfer: 1 / erf(d / 2); negative is to harm, and both signs have their note."""
    rows = shipped.execute(
        "select p.analysis_id, p.estimate, p.ci_low, p.ci_high, w.nnt, w.nnt_low, w.nnt_high, "
        "exists (select * from reports.rpt_findings_notes n where n.analysis_id = p.analysis_id "
        "and n.note like '%Altman 1998%') "
        "from reports.rpt_absolute_effects w inner join fct_pooled_effects p using (analysis_id) "
        "inner join reports.rpt_findings using (analysis_id) "
        "where w.way = 'pairs' and p.policy_id = 'recommended'"
    ).fetchall()
    crossing = set()
    for analysis_id, d, low, high, *numbers, has_note in rows:
        assert numbers == pytest.approx([1 / math.erf(value / 2) for value in (d, high, low)])
        assert has_note == (low < 0 < high), analysis_id
        if has_note:
            crossing.add(analysis_id)
    assert "suicidal_ideation" in crossing
    assert len(crossing) < len(rows)


def test_the_sentence_names_whose_of_several_risks_it_tells(shipped):
    found = shipped.execute(
        "select analysis_id, count(*), arg_min(w.label, w.row_order), min(f.finding) "
        "from reports.rpt_absolute_effects w inner join reports.rpt_findings f using (analysis_id) "
        "where w.way = 'risk' and f.finding like '%1000 people%' group by analysis_id"
    ).fetchall()
    for _, n_risks, label, finding in found:
        name = f"{label.capitalize()}: of" if n_risks > 1 else "Of"
        assert f". {name} 1000 people, about " in finding
    assert {n_risks > 1 for _, n_risks, _, _ in found} == {False, True}
