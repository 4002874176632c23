"""Arrow without pandas and NumPy: for a program that has no use for them and should not wait for their import."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType


class _Refusal:
    """A finder that lets pandas be as if it were not installed."""

    @staticmethod
    def find_spec(
        name: str,
        path: Sequence[str] | None = None,  # noqa: ARG004 - what the import system hands to a finder
        target: ModuleType | None = None,  # noqa: ARG004
    ) -> ModuleSpec | None:
        """Refuse pandas; leave every other name to the finders after this one."""
        if name == "pandas":
            raise ModuleNotFoundError(name=name)
        return None


def keep_pandas_out() -> None:
    """Let pyarrow find no pandas in this process, unless it is imported already.

    The first `pa.array` of a process looks once whether pandas is installed and imports it then, which takes as long as
    all the other libraries together. Here that look happens while pandas cannot be found. pandas itself can be imported
    as ever afterwards, and `to_pandas` finds it: what asks for pandas by name looks again. Only a pandas object that is
    handed to Arrow before that is taken for a list. So this is for the start of a program, not for a library.
    """
    if "pandas" in sys.modules:
        return
    import pyarrow as pa  # noqa: PLC0415 (who imports this module may not need Arrow yet)

    sys.meta_path.insert(0, _Refusal)
    try:
        pa.array(())
    finally:
        sys.meta_path.remove(_Refusal)


def keep_numpy_out() -> None:
    """Let NumPy be as if it were not installed in this process, unless Arrow or NumPy is imported already.

    Arrow does without; where it finds NumPy, as pandas brings it, it imports it with itself, which takes a seventh of
    the time that all libraries take. From then on nothing in this process can use it (`let_numpy_in`), so this is for a
    program that knows what it runs.
    """
    if "pyarrow" not in sys.modules and "numpy" not in sys.modules:
        # what Python takes for a module that cannot be imported
        sys.modules["numpy"] = None  # type: ignore[assignment]


def let_numpy_in() -> None:
    """Let NumPy be found again, for others' code that needs it; an Arrow that was imported without stays without."""
    if sys.modules.get("numpy", sys) is None:
        del sys.modules["numpy"]
