"""Slowing down who tries passwords: after failures a name waits, longer each time; nobody is locked out for good."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

FREE = 5
"""Failures that cost nothing."""
LONGEST = 300.0
"""The longest wait in seconds."""
_KEPT = 10_000


@dataclass(slots=True)
class _Failures:
    count: int = 0
    until: float = 0.0


@dataclass(slots=True)
class Throttle:
    """Failures by key; a key is a name, or a name with an address."""

    _found: dict[str, _Failures] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, *keys: str) -> float:
        """Return how many seconds somebody has to wait before the next try."""
        with self._lock:
            now = time.monotonic()
            return max((self._found[key].until - now for key in keys if key in self._found), default=0.0)

    def failed(self, *keys: str) -> None:
        """Count a failure."""
        with self._lock:
            if len(self._found) > _KEPT:
                now = time.monotonic()
                self._found = {key: one for key, one in self._found.items() if one.until > now}
            for key in keys:
                one = self._found.setdefault(key, _Failures())
                one.count += 1
                if one.count >= FREE:
                    one.until = time.monotonic() + min(2.0 ** (one.count - FREE), LONGEST)

    def succeeded(self, *keys: str) -> None:
        """Forget the failures of a key."""
        with self._lock:
            for key in keys:
                self._found.pop(key, None)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._found.clear()


LOGINS = Throttle()
