"""The process of a run: `gongkai` as it is, which ends when the server that began it has ended, however that was."""

from __future__ import annotations

import os
import threading

ALONE = 75
"""The exit status of a process whose server is gone."""


def end_with_server() -> None:
    """Wait for the end of the input, which the server holds open as long as it lives, and end."""
    while os.read(0, 1024):
        pass
    os._exit(ALONE)  # what was being written is put right by the next run, as after a power cut


if __name__ == "__main__":
    threading.Thread(target=end_with_server, name="server", daemon=True).start()
    from gongkai.__main__ import main

    main()
