"""Files and locks as every system has them: no links followed, nothing half written, nobody else at the same time."""
