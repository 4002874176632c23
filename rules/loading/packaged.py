"""Where the rulebooks that come with the product are, and where one is that somebody names."""

from __future__ import annotations

from pathlib import Path

from events.problems import Problem, Text, Where, did_you_mean, suggestion

BOOKS = Path(__file__).parents[1] / "books"


def packaged_books() -> tuple[str, ...]:
    """Return the names of the rulebooks that come with the product."""
    return tuple(sorted(path.parent.name for path in BOOKS.glob("*/book.yaml")))


def find_book(folder_or_name: str | Path) -> tuple[Path | None, tuple[Problem, ...]]:
    """Find a rulebook's folder.

    Args:
        folder_or_name: the name of a rulebook that comes with the product, or the path of a folder.

    Returns:
        The folder, None where there is none, and the problem then.
    """
    name = str(folder_or_name)
    if name in packaged_books():
        return BOOKS / name, ()
    path = Path(folder_or_name)
    if (path / "book.yaml").is_file():
        return path, ()
    if path.is_dir():
        fact = Text("文件夹里没有 book.yaml", "there is no book.yaml in the folder")
        cure = Text("规则集的文件夹须有 book.yaml", "The folder of a rulebook has a book.yaml")
        return None, (Problem("unknown-book", Where(name), fact, cure, name),)
    fact = Text(f"没有规则集“{name}”", f"there is no rulebook {name!r}")
    books = packaged_books()
    otherwise = Text(f"可用：{'、'.join(books)}，或者文件夹的路径", f"There are {', '.join(books)}, or give a folder")
    cure = suggestion(did_you_mean(name, books), otherwise)
    return None, (Problem("unknown-book", Where(name), fact, cure, name),)
