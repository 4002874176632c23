from __future__ import annotations

import xml.etree.ElementTree as ET

from reports.output.bar_chart import bar_chart

HOSTILE = "<script>alert(1)</script>\"&'"


def drawn(*rows: tuple[str, float], title: str = "按月收到申请", unit: str = "件") -> ET.Element:
    return ET.fromstring(bar_chart(rows, title=title, unit=unit, lang="zh"))


def test_bars_are_as_long_as_their_figures_and_every_figure_is_said() -> None:
    chart = drawn(("1月", 4), ("2月", 0), ("3月", 2.5))
    lengths = [float(bar.attrib["width"]) for bar in chart.iter() if bar.tag.endswith("rect")]
    assert lengths[0] > 0
    assert lengths[1] == 0
    assert abs(lengths[2] / lengths[0] - 2.5 / 4) < 0.01
    texts = {part.tag.split("}")[-1]: part.text for part in chart if not part.tag.endswith(("rect", "text"))}
    assert texts == {"title": "按月收到申请（件）", "desc": "1月：4件；2月：0件；3月：2.5件"}
    assert [part.text for part in chart.iter() if part.tag.endswith("text")] == ["1月", "4", "2月", "0", "3月", "2.5"]
    assert set(chart.attrib["aria-labelledby"].split()) == {part.attrib["id"] for part in chart if "id" in part.attrib}


def test_texts_from_outside_stay_texts_and_long_ones_stay_inside() -> None:
    chart = drawn((HOSTILE, 1), ("很长的单位名称" * 40, 3), title=HOSTILE, unit=HOSTILE)
    assert not [part for part in chart.iter() if part.tag.endswith("script")]
    width = float(chart.attrib["width"])
    for bar in (part for part in chart.iter() if part.tag.endswith("rect")):
        assert 0 < float(bar.attrib["x"]) < float(bar.attrib["x"]) + float(bar.attrib["width"]) < width


def test_nothing_is_drawn_of_nothing_and_all_zeros_are_no_error() -> None:
    assert bar_chart((), title="无", unit="件", lang="en") == ""
    assert drawn(("a", 0), ("b", 0)) is not None
