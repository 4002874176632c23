"""Statements that do not read one another may run at once: what they compute is the same, and what fails is told."""

from __future__ import annotations

from threading import Thread, current_thread

import duckdb
import pyarrow as pa
import pytest

from engine.backends.duck import DuckBackend, work_off


def query(*words: object) -> str:
    return " ".join(map(str, words))


CHAINS = [
    [
        (f"sum_{number}", query("SELECT SUM(n) *", number, "AS s FROM given")),
        (f"more_{number}", query("SELECT s + 1 FROM", f"sum_{number}")),
    ]
    for number in range(12)
]


def computed(*, lanes: bool) -> dict[str, list[dict[str, object]]]:
    with DuckBackend(threads=1, lanes=lanes) as backend:
        backend.load("given", pa.table({"n": list(range(1000))}))
        backend.create_apart(CHAINS)
        return {name: backend.fetch(query("FROM", name)).to_pylist() for chain in CHAINS for name, _ in chain}


def test_two_lanes_compute_what_one_does() -> None:
    assert computed(lanes=True) == computed(lanes=False)


@pytest.mark.parametrize("lanes", [False, True])
@pytest.mark.parametrize("place", [0, 5, 11])
def test_a_statement_that_fails_is_told_and_what_ran_beside_it_is_over(place: int, *, lanes: bool) -> None:
    chains = [list(chain) for chain in CHAINS]
    chains[place] = [("wrong", "SELECT * FROM nowhere")]
    with DuckBackend(threads=1, lanes=lanes) as backend:
        backend.load("given", pa.table({"n": [1, 2]}))
        with pytest.raises(duckdb.CatalogException):
            backend.create_apart(chains)
        assert backend.fetch("SELECT 1 AS one").to_pylist() == [{"one": 1}]


def test_each_chain_is_worked_off_once_in_its_order_and_by_one_thread() -> None:
    done: list[tuple[str, Thread]] = []

    def note(name: str, _: str) -> None:
        done.append((name, current_thread()))

    work_off(CHAINS, note, note)
    assert sorted(name for name, _ in done) == sorted(name for chain in CHAINS for name, _ in chain)
    by_name = dict(done)
    order = [name for name, _ in done]
    for (first, _), (second, _) in CHAINS:
        assert by_name[first] is by_name[second]
        assert order.index(first) < order.index(second)
