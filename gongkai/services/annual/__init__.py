"""The annual report of open government: filled in from a log, and checked against one."""
