from __future__ import annotations

import pytest

from engine.fees import bands_of_pages, bands_of_pieces
from tests.gongkai.commands import gongkai


@pytest.mark.parametrize(
    ("option", "number", "fee"),
    [
        ("--pieces", 0, 0),
        ("--pieces", 10, 0),
        ("--pieces", 11, 100),
        ("--pieces", 30, 2000),
        ("--pieces", 31, 2200),
        ("--pieces", 38, 3600),
        ("--pieces", 41, 4300),
        ("--pages", 30, 0),
        ("--pages", 31, 10),
        ("--pages", 100, 700),
        ("--pages", 200, 2700),
        ("--pages", 201, 2740),
        ("--pages", 250, 4700),
    ],
)
def test_the_fee_is_progressive_and_its_steps_add_up(
    capsys: pytest.CaptureFixture[str], option: str, number: int, fee: int
) -> None:
    outcome = gongkai(capsys, "request", "fee", option, str(number))
    assert outcome.status == 0, outcome.err
    *steps, total = outcome.out.splitlines()
    assert total.startswith(f"信息处理费 {fee}元")
    assert sum(int(step.rsplit("= ", 1)[1].removesuffix("元")) for step in steps) == fee


@pytest.mark.parametrize("number", [0, 1, 10, 30, 31, 40, 99, 200, 201, 1000])
def test_every_piece_and_page_lies_in_one_band_and_none_is_cheaper_than_the_one_before(number: int) -> None:
    for bands in (bands_of_pieces(number), bands_of_pages(number)):
        assert [one for band in bands for one in range(band.first, band.last + 1)] == list(range(1, number + 1))
        assert [band.price for band in bands] == sorted(band.price for band in bands)


@pytest.mark.parametrize(
    "options", [(), ("--pieces", "3", "--pages", "4"), ("--pieces", "-1"), ("--pages", "1000001"), ("--pages", "x")]
)
def test_both_standards_none_or_no_number_are_refused(
    capsys: pytest.CaptureFixture[str], options: tuple[str, ...]
) -> None:
    outcome = gongkai(capsys, "request", "fee", *options)
    assert outcome.status == 2
    assert outcome.err.strip()
    assert not outcome.out
