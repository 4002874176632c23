"""A process of a run that stands still until it is ended."""

from __future__ import annotations

import sys
import threading

from gongkai.console.office.child import end_with_server

if __name__ == "__main__":
    sys.stderr.write("正在算\n")
    sys.stderr.flush()
    threading.Thread(target=end_with_server, daemon=True).start()
    threading.Event().wait(120)
