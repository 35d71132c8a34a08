"""Contract types for import-linter where its own do not fit: each reads the graph of imports and names what breaks it.

``pyproject.toml`` declares the contracts; ``test_floors.py`` plants a violation of each and sees it caught.
"""

from typing import Any

from importlinter import Contract, ContractCheck, fields, output
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.domain.helpers import module_expressions_to_modules


class PureContract(ForbiddenContract):
    """``forbidden``, for modules that may not exist yet: a room's pure modules are listed before the room is built."""

    type_name = "pure"

    def check(self, graph: Any, verbose: bool) -> ContractCheck:
        present = {
            expression
            for expression in self.source_modules
            if expression.has_wildcard_expression() or expression.expression in graph.modules
        }
        self.source_modules = present
        return super().check(graph, verbose)


class _Direct(Contract):
    """A contract about direct imports, one by one: ``allows(importer, imported)`` says whether one may stand."""

    def allows(self, graph: Any, importer: str, imported: str) -> bool:
        raise NotImplementedError

    def check(self, graph: Any, verbose: bool) -> ContractCheck:
        broken = sorted(
            f"{importer} -> {imported} (line {detail['line_number']})"
            for importer in graph.modules
            if importer.startswith("shiheng.")
            for imported in graph.find_modules_directly_imported_by(importer)
            if not self.allows(graph, importer, imported)
            for detail in graph.get_import_details(importer=importer, imported=imported)
        )
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for line in check.metadata["broken"]:
            output.print_error(line, bold=False)


class FacesContract(_Direct):
    """Views, forms, jobs, interfaces and panels are loaded by ``site``; elsewhere only by faces of the same room."""

    type_name = "faces"
    faces = fields.SetField(subfield=fields.StringField())
    shared = fields.SetField(subfield=fields.StringField())

    def allows(self, graph: Any, importer: str, imported: str) -> bool:
        shared = imported in self.shared or any(imported.startswith(f"{held}.") for held in self.shared)
        if not imported.startswith("shiheng.") or self._face(imported) is None or shared:
            return True
        room = importer.split(".")[1]
        if room == "site":
            return True
        face = self._face(importer)
        return room == imported.split(".")[1] and face is not None

    def _face(self, module: str) -> str | None:
        steps = module.split(".")
        return steps[2] if len(steps) > 2 and steps[2] in self.faces else None


class AllowedContract(_Direct):
    """``source`` may import from this package only what ``allowed`` lists, and its own neighbours below one folder."""

    type_name = "allowed"
    source = fields.StringField()
    allowed = fields.SetField(subfield=fields.ModuleExpressionField())

    def check(self, graph: Any, verbose: bool) -> ContractCheck:
        self._listed = {module.name for module in module_expressions_to_modules(graph, self.allowed, as_packages=True)}
        return super().check(graph, verbose)

    def allows(self, graph: Any, importer: str, imported: str) -> bool:
        if not importer.startswith(f"{self.source}.") or not imported.startswith("shiheng."):
            return True
        depth = self.source.count(".") + 2
        same_folder = importer.split(".")[:depth] == imported.split(".")[:depth]
        return same_folder or imported in self._listed


class OnlyInContract(_Direct):
    """The outside packages ``external`` are imported below ``home`` only."""

    type_name = "only_in"
    home = fields.StringField()
    external = fields.SetField(subfield=fields.StringField())

    def allows(self, graph: Any, importer: str, imported: str) -> bool:
        at_home = importer == self.home or importer.startswith(f"{self.home}.")
        return at_home or imported.split(".", maxsplit=1)[0] not in self.external
