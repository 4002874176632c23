"""Lines for a terminal, in colours where it has some: whoever prints them knows that."""

from __future__ import annotations


class ColouredLine:
    """A line in parts.

    Attributes:
        parts: texts, each with its style as rich calls it, such as `bold red`; blank for none.
    """

    def __init__(self, *parts: str | tuple[str, str], style: str = "") -> None:
        """Join parts; those without a style of their own have `style`."""
        self.parts = tuple((one, style) if isinstance(one, str) else one for one in parts)

    def __str__(self) -> str:
        """Return the line without colours."""
        return "".join(text for text, _ in self.parts)
