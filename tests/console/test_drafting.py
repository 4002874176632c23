"""A document becomes a draft, the draft is finished in the page, approved by another person, and held from then on."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

from gongkai.console.folder import use
from gongkai.console.live.thread import LIVE
from gongkai.console.office.rulebooks import drafting
from gongkai.console.office.rulebooks.book_files import block_of
from tests.console.world import A

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
    block = block_of(folder, "1.2.staff")
    assert block is not None
    before = (folder / "rules.yaml").read_bytes()
    rule = f"{page}rules/1.2.staff"
    answer = evaluator.post(f"{rule}/lines", {"text": block.text.replace("at_least: 2", "at_least: many")})
    assert answer.status_code == 422
    assert "rules.yaml:" in answer.content.decode()
    assert "at_least: many" in answer.content.decode(), "what was written is kept in the form"
    assert (folder / "rules.yaml").read_bytes() == before
    right = {"text": block.text.replace("at_least: 2", "at_least: 3")}
    assert evaluator.post(f"{rule}/lines", right)["Location"] == rule
    assert evaluator.post(f"{page}accept", {"rule": "1.2.staff"}).status_code == 303
    now = block_of(folder, "1.2.staff")
    assert now is not None
    assert not now.proposed
    assert "at_least: 3" in now.text
    assert "现在的账本得出" in evaluator.get(rule, {"try": "yes"}).content.decode()
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


def _drafted(world: World) -> tuple[Any, str, Path]:
    """Return the browser of the evaluator, the page of a drafted book, and the book's folder."""
    LIVE.refresh()
    evaluator = world.client("evaluator")
    evaluator.post("/county/books/", {"id": BOOK, "file": _file("a.txt", NOTICE)})
    folder = drafting.folder_of(BOOK)
    assert folder is not None
    return evaluator, f"/county/books/{BOOK}/", folder


FORM: dict[str, Any] = {
    "title": "专职人员至少3名",
    "quote": "各部门要配备至少2名专职工作人员。",
    "owed_by": ["departments", "县民政局"],
    "modality": "strive",
    "kind": "hold",
    "own.opened": "staff.appointed",
    "own.closed": "staff.released",
    "own.at_least": "3",
    "reading.0.name": "two",
    "reading.0.reason": "原文写的是2名",
    "reading.0.set": "{at_least: 2}",
    "reading.1.name": "three",
    "reading.1.reason": "县里要求3名",
    "reading.1.set": "",
    "default": "two",
    "note": "借调的不算",
}
BOMB = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10))
"""A few hundred letters that are a thousand million values, once every alias is followed."""
MISTAKES: tuple[tuple[str, Any, str], ...] = (
    ("own.at_least", "many", "own-at_least"),
    ("own.opened", "", "own-opened"),
    ("quote", "配备至少9名", "f-quote"),
    ("owed_by", ["没有这个局"], "f-owed_by"),
    ("own.closed", "staff.nothing", "own-closed"),
    ("reading.0.set", "{at_least: ", "f-reading-0"),
    ("default", "four", "f-reading-0"),
    ("more", BOMB, "f-more"),
)
"""A field, what is wrong in it, and the field that the summary leads to."""


SAID: dict[str, Any] = {
    "id": "1.2.staff",
    "clause": "1.2",
    "status": "proposed",
    "title": {"zh": "专职人员至少3名"},
    "quote": "各部门要配备至少2名专职工作人员。",
    "owed_by": ["departments", "县民政局"],
    "kind": "hold",
    "modality": "strive",
    "opened": "staff.appointed",
    "closed": "staff.released",
    "at_least": 3,
    "readings": {
        "default": "two",
        "choices": {
            "two": {"reason": {"zh": "原文写的是2名"}, "set": {"at_least": 2}},
            "three": {"reason": {"zh": "县里要求3名"}},
        },
    },
    "note": {"zh": "借调的不算"},
}
"""What stands in the file then."""


def test_a_rule_is_written_by_form_and_what_is_wrong_stands_beside_its_field(world: World) -> None:
    evaluator, page, folder = _drafted(world)
    rule = f"{page}rules/1.2.staff"
    before = block_of(folder, "1.2.staff")
    assert before is not None
    shown = evaluator.get(rule).content.decode()
    assert 'name="own.at_least" type="text" value="2"' in shown
    assert '<option value="staff.appointed" selected>' in shown
    form = FORM
    bytes_before = (folder / "rules.yaml").read_bytes()
    for name, value, words in MISTAKES:
        answer = evaluator.post(rule, {**form, name: value})
        text = answer.content.decode()
        assert answer.status_code == 422, name
        summary = text.partition('id="summary"')[2].partition("</div>")[0]
        assert f"#{words if words.startswith('f-') else f'f-{words}'}" in summary, (name, summary)
        assert "专职人员至少3名" in text, "what was written is kept in the form"
    assert (folder / "rules.yaml").read_bytes() == bytes_before
    assert evaluator.post(rule, {**form, "try": "yes"})["Location"] == f"{rule}?try=yes#try"
    made = block_of(folder, "1.2.staff")
    assert made is not None
    kept = {key: before.said[key] for key in ("candidates", "open") if key in before.said}
    assert dict(made.said) == SAID | kept
    # another kind has other fields; nothing is kept before it is saved
    switched = evaluator.post(rule, {**form, "kind": "count", "switch": "yes"})
    assert switched.status_code == 200
    assert "数哪一类记录" in switched.content.decode()
    assert block_of(folder, "1.2.staff") == made
    assert world.client("publisher").post(rule, form).status_code == 403


def test_a_rule_of_a_clause_is_written_from_a_template_with_cases_that_run(world: World) -> None:
    evaluator, page, folder = _drafted(world)
    assert "每年至少几次" in evaluator.get(f"{page}rules/new", {"clause": "1.2"}).content.decode()
    asked = evaluator.get(f"{page}rules/new", {"clause": "1.2", "template": "times-a-year"}).content.decode()
    assert '<option value="training.held" selected>' in asked
    form = {
        "clause": "1.2",
        "template": "times-a-year",
        "name": "1.2.trained",
        "quote_part": "各部门要配备至少2名专职工作人员",
        "owed_by": ["departments"],
        "counted": "training.held",
        "at_least": "2",
    }
    answer = evaluator.post(f"{page}rules/new", {**form, "name": "1.2.staff"})
    assert answer.status_code == 422
    assert "#f-name" in answer.content.decode()
    rule = f"{page}rules/1.2.trained"
    assert evaluator.post(f"{page}rules/new", form)["Location"] == f"{rule}?try=yes#try"
    made = block_of(folder, "1.2.trained")
    assert made is not None
    assert (made.kind, made.proposed, made.said["at_least"]) == ("count", False, 2)
    tried = evaluator.get(rule, {"try": "yes"}).content.decode()
    assert "✓ 次数够了" in tried
    assert "县民政局" in tried, "the ledger as it is now"

    # a case that does not hold is told, one that cannot be read is refused at its line
    text = (folder / "cases" / "1.2.trained.yaml").read_text("utf-8")
    bad = evaluator.post(f"{rule}/cases", {"text": text.replace("status: met", "status: good")})
    assert bad.status_code == 422
    assert "cases/1.2.trained.yaml:" in bad.content.decode()
    assert (folder / "cases" / "1.2.trained.yaml").read_text("utf-8") == text
    saved = evaluator.post(f"{rule}/cases", {"text": text.replace("status: met", "status: violated")})
    assert "✗ 次数够了" in evaluator.get(saved["Location"].partition("#")[0]).content.decode()

    # a rule that goes takes its cases with it
    assert evaluator.post(f"{rule}/lines", {"text": ""})["Location"] == page
    assert block_of(folder, "1.2.trained") is None
    assert not (folder / "cases" / "1.2.trained.yaml").exists()
    assert block_of(folder, "1.2.staff") is not None


def test_a_new_version_of_a_book_in_force_and_what_it_changes(world: World) -> None:
    from gongkai.console.folder import current
    from gongkai.console.models import office_store as rows
    from gongkai.console.office import runner, runs

    LIVE.refresh()
    evaluator, publisher = world.client("evaluator"), world.client("publisher")
    with mock.patch.object(runner, "start", lambda: None):
        evaluator.post("/county/runs/new", {"title": "先前的", "as_of": "2023-08-31"})
    assert publisher.post("/county/books/jinxiang-2023/version").status_code == 403
    assert evaluator.post("/county/books/nothing/version").status_code == 404
    made = "/county/books/jinxiang-2023-v2/"
    assert evaluator.post("/county/books/jinxiang-2023/version")["Location"] == made
    assert evaluator.post("/county/books/jinxiang-2023/version").status_code == 409, "one open version at a time"
    folder = drafting.folder_of("jinxiang-2023-v2")
    assert folder is not None
    compare = f"{made}compare/jinxiang-2023"
    assert "规则没有不同" in evaluator.get(compare).content.decode()
    block = block_of(folder, "N6.training")
    assert block is not None
    changed = block.text.replace("at_least: 1", "at_least: 2")
    assert changed != block.text
    assert evaluator.post(f"{made}rules/N6.training/lines", {"text": changed}).status_code == 303
    page = evaluator.get(compare).content.decode()
    assert "1 条规则不同" in page
    assert "N6.training" in page
    assert "<td>1</td><td>2</td>" in page.partition("至少几次")[2].partition("</tr>")[0]

    # both versions at once are refused; the new one is proposed, approved, held
    both = {"kind": "books", "content": "- jinxiang-2023\n- jinxiang-2023-v2\n", "reason": "试试"}
    assert "同一本规则库的几个版本" in evaluator.post("/county/settings/new", both).content.decode()
    form = {**both, "content": "- jinxiang-2023-v2\n- regulation-2019\n"}
    assert evaluator.post("/county/settings/new", form).status_code == 303
    assert "改了什么" in publisher.get("/county/settings/1/").content.decode()
    assert publisher.post("/county/settings/1/approve").status_code == 303
    assert evaluator.post(f"{made}rules/N6.training/lines", {"text": block.text}).status_code == 409
    assert current().settings.books == ("jinxiang-2023-v2", "regulation-2019")
    row = next(one for one in LIVE.refresh().rows(A) if one["rule"] == "N6.training")
    assert (row["obligation"], row["required"]) == (f"jinxiang-2023/N6.training/{A}/2023", 2)

    # an earlier run keeps its version, a new one names the new one
    assert "--book jinxiang-2023 " in runs.command(rows.runs().get())
    asked = runs.make(world.people["evaluator"], runs.AskedRun("后来的", "2023-08-31"))
    assert "--book books/jinxiang-2023-v2" in runs.command(asked)
    assert evaluator.post("/county/books/jinxiang-2023-v2/version")["Location"] == "/county/books/jinxiang-2023-v3/"
    use(world.folder)


def test_a_book_with_errors_says_which_rules_to_mend_first(world: World) -> None:
    LIVE.refresh()
    evaluator = world.client("evaluator")
    whole = SOURCE.read_bytes()
    evaluator.post("/county/books/", {"id": BOOK, "file": _file("a.txt", whole)})
    page = f"/county/books/{BOOK}/"
    text = evaluator.get(page).content.decode()
    unknown = text.partition("检查（rules check）")[2].partition("整个文件")[0]
    assert f'href="{page}rules/' in unknown, "the rule with the unknown unit is a link"
    assert "名录中没有单位或组" in unknown
    assert "rules accept" not in unknown, "what is left to decide stands beside its rule"
    assert "待定：用哪一类记录证明：" in text
    assert "（information.published）" in text, "event types are called by their names"
    clause = text.partition("rules/new?clause=")[2].partition('"')[0]
    answer = evaluator.get(f"{page}rules/new", {"clause": clause, "template": "times-a-year"}).content.decode()
    assert "先改好才能加规则" in answer
    assert "写出规则和用例" not in answer
