"""The service that starts the console with the machine: a systemd unit or a task of Windows, printed to look at."""

from __future__ import annotations

import sys
from pathlib import Path


def systemd_unit(root: Path, listen: str, behind: str | None) -> str:
    """Return a systemd unit for a data folder."""
    command = " ".join(_command(root, listen, behind))
    return f"""\
[Unit]
Description=gongkai console
After=network.target

[Service]
ExecStart={command}
Restart=on-failure
User=gongkai
NoNewPrivileges=yes
ProtectSystem=strict
ReadWritePaths={root.resolve()}
PrivateTmp=yes

[Install]
WantedBy=multi-user.target
"""


def windows_task(root: Path, listen: str, behind: str | None) -> str:
    """Return the command that makes a task of Windows, which starts the console with the machine."""
    command = " ".join(_command(root, listen, behind)).replace('"', '\\"')
    return f'schtasks /Create /TN gongkai /SC ONSTART /RU "NT AUTHORITY\\LOCAL SERVICE" /TR "{command}"\n'


def _command(root: Path, listen: str, behind: str | None) -> list[str]:
    program = Path(sys.executable)
    words = [f'"{program}"', "-m", "gongkai", "serve", f'"{root.resolve()}"', "--listen", listen]
    return [*words, "--behind", behind] if behind else words
