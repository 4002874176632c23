"""The parts of a workbook found by its relationships, in any spelling that OPC allows, under the usual names.

Part names are compared without regard to case, a relationship may be absolute or lead up and down through folders, and
any part may have any name: what makes a part a sheet or the styles is the relationship that leads to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote
from xml.sax.saxutils import quoteattr

from events.formats.office.xlsx_marks import parse

if TYPE_CHECKING:
    from collections.abc import Mapping

WORKBOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
STYLES, TEXTS, SHEETS = "xl/styles.xml", "xl/sharedStrings.xml", "xl/worksheets/"
_NAMES = {"styles": STYLES, "sharedStrings": TEXTS}
_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = (
    b'<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Default Extension="xml" ContentType="application/xml"/></Types>'
)


@dataclass(frozen=True, slots=True)
class Relation:
    """One relationship of a part.

    Attributes:
        id: by which the part names it.
        kind: the last word of its type, such as `worksheet`.
        target: the name of the part that it leads to, folded.
    """

    id: str
    kind: str
    target: str


def usual_parts(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the parts of a workbook that have to do with its cells, under the names that Excel gives them.

    Args:
        parts: the parts of a package by name.

    Raises:
        SheetError: relationships are not XML.
    """
    found = {folded(name): content for name, content in parts.items()}
    start = next((one.target for one in _relations(found, "") if one.kind == "officeDocument"), WORKBOOK)
    workbook = start if start in found else WORKBOOK
    if workbook not in found:
        return {}
    usual = {"[Content_Types].xml": _TYPES, "_rels/.rels": _relations_part([("rId1", "officeDocument", WORKBOOK)])}
    usual[WORKBOOK] = found[workbook]
    listed: list[tuple[str, str, str]] = []
    names: dict[str, str] = {}
    for one in _relations(found, workbook):
        if one.kind in {"worksheet", "dialogsheet", "chartsheet", "macrosheet"}:
            folder = "worksheets" if one.kind == "worksheet" else f"{one.kind}s"
            name = names.setdefault(one.target, f"xl/{folder}/sheet{len(names) + 1}.xml")
        elif one.kind in _NAMES:
            name = _NAMES[one.kind]
        else:
            continue
        listed.append((one.id, one.kind, name.removeprefix("xl/")))
        if one.target in found and one.kind in {"worksheet", *_NAMES}:
            usual.setdefault(name, found[one.target])
    usual[RELATIONS] = _relations_part(listed)
    return usual


def folded(name: str) -> str:
    """Return the name of a part as names are compared: with slashes, without a first one, in lower case."""
    return name.replace("\\", "/").lstrip("/").casefold()


def _relations(parts: Mapping[str, bytes], source: str) -> list[Relation]:
    """Return the relationships of a part; those of the package where the source is blank."""
    folder, _, name = source.rpartition("/")
    part = parts.get(f"{folder}/_rels/{name}.rels".lstrip("/"))
    found: list[Relation] = []

    def relation(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship" and attributes.get("TargetMode", "").casefold() != "external":
            kind = attributes.get("Type", "").rpartition("/")[2]
            found.append(Relation(attributes.get("Id", ""), kind, _resolved(folder, attributes.get("Target", ""))))

    if part is not None:
        parse(part, relation)
    return found


def _resolved(folder: str, target: str) -> str:
    """Return the folded name of the part that a target leads to from a folder."""
    target = unquote(target).replace("\\", "/")
    steps: list[str] = []
    for step in (target if target.startswith("/") else f"{folder}/{target}").split("/"):
        if step == "..":
            del steps[-1:]
        elif step not in {"", "."}:
            steps.append(step)
    return "/".join(steps).casefold()


def _relations_part(relations: list[tuple[str, str, str]]) -> bytes:
    """Return relationships as a part."""
    items = "".join(
        f'<Relationship Id={quoteattr(name)} Type="{_KINDS}/{kind}" Target={quoteattr(target)}/>'
        for name, kind, target in relations
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="{space}">{items}</Relationships>'.encode()
