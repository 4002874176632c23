"""Who kept what: the calendar, the kinds of rule and the verdicts."""
