"""The county's own rulebooks: drafted, changed rule by rule, and in versions."""
