"""The oracle: verdicts by plain Python, one unit and one rule at a time, from what the rule language means.

It is slow and shares no code with the engine: what both say of the same log is right or the meaning is not settled.
"""
