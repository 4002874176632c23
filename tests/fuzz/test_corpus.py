"""What the fuzzers found, and the sound inputs that they start from: events or problems, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import NAMES, PARTS, TARGETS, seeds

pytestmark = pytest.mark.slow

CORPUS = Path(__file__).with_name("corpus")
FOUND = sorted(path.relative_to(CORPUS).as_posix() for path in CORPUS.glob("*/*"))


@pytest.mark.parametrize("found", FOUND)
def test_what_was_found_once_is_a_problem(found: str) -> None:
    TARGETS[found.split("/", 1)[0]]((CORPUS / found).read_bytes())


@pytest.mark.parametrize("target", TARGETS)
def test_sound_inputs_are_read(target: str) -> None:
    for seed in seeds(target):
        TARGETS[target](seed)


@st.composite
def spoiled(draw: st.DrawFn) -> tuple[str, bytes]:
    """Return a target, and one of its sound inputs with some bytes changed, taken away or put in."""
    target = draw(st.sampled_from(sorted(TARGETS)))
    content = bytearray(draw(st.sampled_from(seeds(target))))
    if target == "xlsx" and draw(st.booleans()):
        number = draw(st.integers(0, len(NAMES) - 1))
        content = bytearray([number]) + PARTS[NAMES[number]]
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(1, len(content)))
        junk = st.binary(max_size=8) | st.sampled_from(
            [b"\x00", b"<", b'"', b"\xff\xfe", b"9" * 20, b"-", b"&a;", b"[" * 50]
        )
        content[at : at + draw(st.integers(0, 12))] = draw(junk)
    return target, bytes(content)


@settings(max_examples=150, deadline=None)
@given(spoiled())
def test_what_is_damaged_is_events_or_problems(case: tuple[str, bytes]) -> None:
    TARGETS[case[0]](case[1])
