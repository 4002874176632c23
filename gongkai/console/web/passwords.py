"""Passwords: Argon2id with the parameters of OWASP, at most two at a time, so that a rush of logins keeps threads."""

from __future__ import annotations

import threading
from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher

_LANE = threading.BoundedSemaphore(2)


class LaneArgon2(Argon2PasswordHasher):
    """Argon2id with 19 MiB and two passes, in a lane of two."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1

    def encode(self, password: str, salt: str) -> Any:  # noqa: ANN401 (as Django's own)
        """Return the hash of a password."""
        with _LANE:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        """Say whether a password is the one."""
        with _LANE:
            return bool(super().verify(password, encoded))
