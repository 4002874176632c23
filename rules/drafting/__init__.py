"""From a document to a rulebook to finish: clauses, phrases that can be measured, proposed rules."""
