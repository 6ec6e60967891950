"""The use cases, shared by the command line, the application and the Python API."""
