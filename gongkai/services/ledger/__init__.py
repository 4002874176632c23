"""The ledger: importing, recording, verifying, exporting."""

from gongkai.services.ledger.imports import ImportRequest, ImportResult, export, import_files, verify
from gongkai.services.ledger.recording import open_for_adding, record

__all__ = ["ImportRequest", "ImportResult", "export", "import_files", "open_for_adding", "record", "verify"]
