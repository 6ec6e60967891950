"""Classical location models on plain arrays, exact."""
