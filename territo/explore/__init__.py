"""Questions that take many solves: frontiers, prices of promises, verdicts, robustness, alternatives."""
