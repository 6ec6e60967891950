"""Road graph and points become travel times; knows no service."""
