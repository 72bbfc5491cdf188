"""What a file gets of a window: the project as it is drawn, and the run as far as it belongs to that."""

from __future__ import annotations

from dataclasses import replace

from bpviz.files.project import Saved
from bpviz.model.impact import Impact, impact
from bpviz.ui.document import Document
from bpviz.ui.run.report import Report


def saved_now(document: Document, report: Report | None) -> Saved:
    """Put a document and its run together.

    Args:
        document: As it is now.
        report: Its run at a moment that is hardly past; None if it has none.
    """
    project, next_id = document.project, document.next_id
    if report is None:
        return Saved(project, None, next_id)
    # While a drawing can't run, the run keeps the network it has; other differences end what it learned.
    followed = replace(project, network=report.project.network)
    if impact(report.project, followed)[0] is Impact.RESTART:
        return Saved(project, None, next_id)
    other = report.project.network if report.project.network != project.network else None
    return Saved(project, report.state, next_id, other)
