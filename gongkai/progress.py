"""The progress of long work: what is going on is told to whoever watches, and nothing is printed here."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from events.problems import Text


class Progress(Protocol):
    """Somebody who watches."""

    def __call__(self, text: Text, /) -> AbstractContextManager[None]:
        """Show what is going on until it is done."""


def silent(_text: Text) -> AbstractContextManager[None]:
    """Show nothing."""
    return nullcontext()
