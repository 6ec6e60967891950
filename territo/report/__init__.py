"""Pages, maps and tables that people open."""
