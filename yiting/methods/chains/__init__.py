"""An industry chain: units and their relations, the path between two, what is missing, and a drawing of it."""

from yiting.methods.chains.drawing import Drawing, Edge, Node, layers
from yiting.methods.chains.errors import ChainInvalid
from yiting.methods.chains.gaps import Gap, Offering, Wanting, gaps
from yiting.methods.chains.relations import KINDS, Relation, RelationKind, Step, path_between

__all__ = [
    "KINDS",
    "ChainInvalid",
    "Drawing",
    "Edge",
    "Gap",
    "Node",
    "Offering",
    "Relation",
    "RelationKind",
    "Step",
    "Wanting",
    "gaps",
    "layers",
    "path_between",
]
