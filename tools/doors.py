"""
The import-linter contract that keeps every room to one door.

A room is a child of the package: a module (`salescore.book`) or a folder (`salescore.values`).
Its door is the child itself; the modules inside a folder are its own affair.
"""

import attrs
import grimp
from importlinter import Contract, ContractCheck, fields, output


@attrs.frozen
class Trespass:
    """
    One import that does not go through a door.

    Attributes:
        importer: Dotted name of the module that imports.
        imported: Dotted name of the module it reaches.
        door: Dotted name of the module it should have imported, or `None` for the front door.
        lines: Line numbers of the import, ascending.
    """

    importer: str
    imported: str
    door: str | None
    lines: tuple[int, ...]


def room_of(module: str, house: str) -> str | None:
    """Return the dotted name of the room a module stands in, or `None` for the front door."""
    if module == house:
        return None
    return ".".join(module.split(".")[: house.count(".") + 2])


def trespasses(
    graph: grimp.ImportGraph, house: str, front_door_users: frozenset[str]
) -> tuple[Trespass, ...]:
    """Return every import inside the house that does not go through a door, in name order."""
    inside = {house, *graph.find_descendants(house)}
    found: list[Trespass] = []
    for importer in sorted(inside):
        for imported in sorted(graph.find_modules_directly_imported_by(importer) & inside):
            room = room_of(imported, house)
            if room is None:
                allowed = importer == house or importer in front_door_users
            else:
                allowed = imported == room or room == room_of(importer, house)
            if not allowed:
                details = graph.get_import_details(importer=importer, imported=imported)
                lines = tuple(sorted({detail["line_number"] for detail in details}))
                found.append(Trespass(importer, imported, room, lines))
    return tuple(found)


class DoorsContract(Contract):
    """
    A room is imported through its door, and no room imports the front door.

    Configuration:
        house: The package whose children are the rooms.
        front_door_users: The modules that may import the package itself.
    """

    type_name = "doors"

    house = fields.StringField()
    front_door_users = fields.SetField(subfield=fields.StringField(), required=False)

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002, FBT001 - the signature is import-linter's
        """Return the check's outcome with the trespasses as its metadata."""
        found = trespasses(graph, str(self.house), frozenset(self.front_door_users or ()))
        return ContractCheck(kept=not found, metadata={"trespasses": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print each trespass with the door that would be right."""
        for trespass in check.metadata["trespasses"]:
            where = ", ".join(map(str, trespass.lines))
            right = f"import {trespass.door}" if trespass.door else "import the room itself"
            output.print_error(
                f"- {trespass.importer} -> {trespass.imported} (l.{where}): {right}", bold=False
            )
        output.new_line()
