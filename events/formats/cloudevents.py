"""CloudEvents 1.0 as events of the log."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from events import findings
from events.problems import Problem, Text

if TYPE_CHECKING:
    from events.problems import Where

VERSION = "1.0"
_CONTEXT = {
    "id": "id",
    "type": "type",
    "subject": "subject",
    "time": "occurred_at",
    "recordedat": "recorded_at",
    "corrects": "corrects",
    "retracts": "retracts",
    "data": "data",
}


def is_cloud_event(value: dict[str, Any]) -> bool:
    """Say whether a JSON object is a CloudEvent: only those have a `specversion`."""
    return "specversion" in value


def read_cloud_event(value: dict[str, Any], where: Where) -> tuple[dict[str, Any] | None, tuple[Problem, ...]]:
    """Return a CloudEvent under the names of the contract; extensions that the contract does not have are left out.

    Args:
        value: the JSON object.
        where: its place.

    Returns:
        The object, None where it cannot be read, and what is wrong with it.
    """
    version = value["specversion"]
    if version != VERSION:
        fact = Text(f"CloudEvents 版本是“{findings.shown(version)}”", f"it is CloudEvents {findings.shown(version)}")
        cure = Text("请按 CloudEvents 1.0 导出", "Export it as CloudEvents 1.0")
        return None, (findings.simple("cloudevents-version", where, fact, cure, findings.shown(version)),)
    content_type = value.get("datacontenttype")
    if "data_base64" in value or not _is_json(content_type):
        fact = Text("CloudEvents 的数据不是 JSON", "the data of the CloudEvent is not JSON")
        cure = Text("请用 application/json 的 data", "Give `data` as application/json")
        return None, (findings.simple("cloudevents-data", where, fact, cure),)
    result = {ours: value[theirs] for theirs, ours in _CONTEXT.items() if theirs in value}
    if "source" in value:
        result["unit"] = _unit(value["source"])
    return result, ()


def _is_json(content_type: object) -> bool:
    if content_type is None:
        return True
    return isinstance(content_type, str) and content_type.split(";")[0].strip().lower().endswith(("/json", "+json"))


def _unit(source: object) -> object:
    """Return the unit that a source names: the last part of its address, or the whole."""
    if not isinstance(source, str):
        return source
    parts = [part for part in re.split(r"[/:#]", unquote(source)) if part.strip()]
    return parts[-1] if parts else source
