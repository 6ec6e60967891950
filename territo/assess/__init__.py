"""Independent figures of an organisation; never sees the model."""
