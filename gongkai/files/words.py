"""The words of a run: those of the product, of its rulebooks, and of the county's vocabulary file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.vocabulary import product_vocabulary, use_vocabulary
from rules.loading.vocabulary import words_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from events.problems import Problem


def use_words(books: Sequence[str | Path] = (), file: Path | None = None) -> tuple[Problem, ...]:
    """Let the words of rulebooks and of a county's file be in use from here on.

    Args:
        books: names or folders of rulebooks.
        file: the vocabulary file (`--vocabulary`).

    Returns:
        What is wrong with the county's file; what is wrong with a book's is told where the book is read.
    """
    vocabulary, _ = words_of(product_vocabulary(), books)
    grown, problems = words_of(vocabulary, files=() if file is None else (file,))
    use_vocabulary(grown)
    return problems
