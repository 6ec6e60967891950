"""The organisational model on plain arrays."""
