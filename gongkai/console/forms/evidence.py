"""A file that comes with the form of an event: it is kept with the draft, or neither is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from gongkai.console.entry.attachments import AttachmentError, keep_upload

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from gongkai.console.forms.problems import FormProblems
    from gongkai.console.models import Person, Submission


def kept_with_file(
    request: HttpRequest, person: Person, problems: FormProblems, make: Callable[[], Submission]
) -> Submission | None:
    """Return the draft that a form made, with the file that came with it; None where the file is not taken.

    Args:
        request: the form as it was sent.
        person: who sent it.
        problems: where it is told why the file is not taken.
        make: makes or changes the draft.
    """
    file = request.FILES.get("file")
    try:
        with transaction.atomic():
            made = make()
            if file is not None:
                keep_upload(person, made, file.name or "", file.read())
    except AttachmentError as error:
        problems.add("file", str(error))
        return None
    return made
