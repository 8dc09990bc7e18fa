"""Statements as trees of text: what is random is made of nodes, so that a statement can be made smaller piece by piece."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(eq=False)
class Node:
    """A piece of SQL.

    `parts` are texts and nodes in the order in which they are written. `type` is the type of an expression, None for
    anything else. `smaller` are pieces that may stand in its place when a statement is shrunk.
    """

    parts: list
    type: str | None = None
    smaller: list = field(default_factory=list)

    def __str__(self) -> str:
        return "".join(str(part) for part in self.parts)

    def children(self) -> list[Node]:
        return [part for part in self.parts if isinstance(part, Node)]


@dataclass(eq=False)
class Several(Node):
    """Pieces of one kind with a separator between, of which at least `least` stay."""

    separator: str = ", "
    least: int = 1

    def __str__(self) -> str:
        return self.separator.join(str(part) for part in self.parts)


def optional(*parts) -> Node:
    """A clause that can be left out."""
    return Node(list(parts), smaller=[""])


def expression(type: str, *parts, smaller=()) -> Node:
    return Node(list(parts), type=type, smaller=list(smaller))


def several(parts, separator=", ", least=1) -> Several:
    return Several(list(parts), separator=separator, least=least)


def nodes(root: Node):
    """Every node below and including this one, the outermost first, level by level."""
    level = [root]
    while level:
        yield from level
        level = [child for node in level for child in node.children()]
