"""A document becomes a draft, the draft is finished in the page, approved by another person, and held from then on."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gongkai.console.live.thread import LIVE
from gongkai.console.office import drafting

if TYPE_CHECKING:
    from tests.console.world import World

SOURCE = Path(__file__).parents[1] / "data" / "notices" / "second-county-2024.txt"
NOTICE = "\n".join(SOURCE.read_text("utf-8").splitlines()[:11]).encode()
"""Without its table: that names units of another county."""
BOOK = "qinghe-2024"


def _file(name: str, content: bytes) -> Any:
    file = io.BytesIO(content)
    file.name = name
    return file


def test_a_book_is_drafted_finished_and_held(world: World) -> None:
    LIVE.refresh()
    evaluator, publisher = world.client("evaluator"), world.client("publisher")
    content = NOTICE
    for bad in ({"id": "../x"}, {"id": "jinxiang-2023"}, {"id": "Ä"}):
        assert evaluator.post("/county/books/", {**bad, "file": _file("a.txt", content)}).status_code == 422
    assert evaluator.post("/county/books/", {"id": BOOK, "file": _file("a.exe", content)}).status_code == 422
    assert publisher.post("/county/books/", {"id": BOOK, "file": _file("a.txt", content)}).status_code == 403
    page = f"/county/books/{BOOK}/"
    assert evaluator.post("/county/books/", {"id": BOOK, "file": _file("../../通知.txt", content)})["Location"] == page
    text = evaluator.get(page).content.decode()
    assert "各部门要配备至少2名专职工作人员" in text
    assert "定下这条" in text
    assert str(world.folder.root) not in text

    # a proposal is not used by anybody before it is taken over
    proposal = {"kind": "books", "content": f"- jinxiang-2023\n- {BOOK}\n", "reason": "新文件"}
    assert evaluator.post("/county/settings/new", proposal).status_code == 422

    # the lines of a rule: a mistake is told with its line and nothing is changed
    folder = drafting.folder_of(BOOK)
    assert folder is not None
    block = next(one for one in drafting.blocks_of(drafting.text_of(folder, "rules.yaml")) if one.id == "1.2.staff")
    before = (folder / "rules.yaml").read_bytes()
    wrong = {"rule": "1.2.staff", "text": block.text.replace("at_least: 2", "at_least: many")}
    answer = evaluator.post(f"{page}save", wrong)
    assert answer.status_code == 422
    assert "rules.yaml:" in answer.content.decode()
    assert "at_least: many" in answer.content.decode(), "what was written is kept in the form"
    assert (folder / "rules.yaml").read_bytes() == before
    right = {"rule": "1.2.staff", "text": block.text.replace("at_least: 2", "at_least: 3")}
    assert evaluator.post(f"{page}save", right).status_code == 303
    assert evaluator.post(f"{page}accept", {"rule": "1.2.staff"}).status_code == 303
    now = next(one for one in drafting.blocks_of(drafting.text_of(folder, "rules.yaml")) if one.id == "1.2.staff")
    assert not now.proposed
    assert "at_least: 3" in now.text
    assert "约束" in evaluator.get(f"{page}rules/1.2.staff").content.decode()
    assert evaluator.get(f"{page}rules/nothing").status_code == 404
    assert evaluator.get(page, {"cases": "yes"}).status_code == 200
    assert evaluator.post(f"{page}save", {"file": "../gongkai.yaml", "text": ""}).status_code == 404


def test_a_book_that_waits_for_approval_is_not_changed_any_more(world: World) -> None:
    from gongkai.console.office import proposing

    evaluator = world.client("evaluator")
    evaluator.post("/county/books/", {"id": BOOK, "file": _file("a.txt", NOTICE)})
    proposing.propose(world.people["evaluator"], "books", f"- {BOOK}\n", "新文件")
    assert (
        evaluator.post(f"/county/books/{BOOK}/save", {"file": "rules.yaml", "text": "rules: []\n"}).status_code == 409
    )
    assert evaluator.post(f"/county/books/{BOOK}/accept", {"rule": "1.2.staff"}).status_code == 409
