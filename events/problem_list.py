"""Problems as they turn up, and an end to them: a file that is no log must not fill the memory with complaints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.limits import limits

if TYPE_CHECKING:
    from collections.abc import Iterable

    from events.problems import Problem


class TooManyProblemsError(Exception):
    """A file has as many problems as are listed of one."""


class ProblemList(list["Problem"]):
    """A list that takes as many problems of a file as the limit `problems` allows, and then raises."""

    def __init__(self, problems: Iterable[Problem] = ()) -> None:
        """Start with some problems, which do not count."""
        super().__init__(problems)
        self._start = len(self)

    def start(self) -> None:
        """Count from here on: another file is read."""
        self._start = len(self)

    def append(self, problem: Problem) -> None:
        """Add a problem.

        Raises:
            TooManyProblemsError: the file has had enough of them.
        """
        if len(self) - self._start >= limits().problems:
            raise TooManyProblemsError
        super().append(problem)

    def extend(self, problems: Iterable[Problem]) -> None:
        """Add problems, as `append` does."""
        for problem in problems:
            self.append(problem)

    def take(self, problems: Iterable[Problem]) -> None:
        """Add problems that were counted elsewhere."""
        super().extend(problems)
