"""A contraction hierarchy, and sweeps over it: travel times from hundreds of ends to all nodes."""

from territo.access.hierarchy.hierarchy import Hierarchy, hierarchy_of

__all__ = ["Hierarchy", "hierarchy_of"]
