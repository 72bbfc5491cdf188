"""What a file gets of a window: the project as it is drawn, and the run as far as it belongs to that."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bpviz.files.project import Saved
from bpviz.model.impact import Impact, impact
from bpviz.training.report import Report
from bpviz.training.timeline_words import kept_text
from bpviz.ui.document import Document


def saved_now(document: Document, report: Report | None) -> Saved:
    """Put a document and its run together.

    Args:
        document: As it is now.
        report: Its run at a moment that is hardly past; None if it has none.
    """
    project, next_id = document.present, document.next_id
    if report is None:
        return Saved(project, None, next_id)
    # While a drawing can't run, the run keeps the network it has; other differences end what it learned.
    followed = replace(project, network=report.project.network)
    if impact(report.project, followed)[0] is Impact.RESTART:
        return Saved(project, None, next_id)
    other = report.project.network if report.project.network != project.network else None
    return Saved(project, report.state, next_id, other, report.timeline)


def file_text(path: Path, saved: Saved, report: Report | None) -> str:
    """Go on after "Saved spiral.bpviz" with how large it is and what of the run's past is in it.

    Args:
        path: The file.
        saved: What was written.
        report: Of the run, which says why its past is not in the file.
    """
    try:
        size = path.stat().st_size
    except OSError:  # somebody took it away at once
        size = 0
    told = f"{size / 1e6:.2g} MB" if size >= 1e6 else f"{max(round(size / 1e3), 1)} KB"
    if saved.timeline is not None:
        return f" ({told}, with {kept_text(saved.timeline)})."
    refused = report.refused if report is not None and saved.state is not None else ""
    return f" ({told}), without moments: {refused}" if refused else f" ({told})."
