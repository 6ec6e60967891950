"""Modelled territories: outlines, roads and grid made from a table of communes, and labelled as such."""

from territo.sources.modelled.draw import draw_table
from territo.sources.modelled.table import CommuneTable, read_table
from territo.sources.modelled.write import write_modelled_territory

__all__ = ["CommuneTable", "draw_table", "read_table", "write_modelled_territory"]
