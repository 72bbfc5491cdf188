"""Which engine computes a run in the window: the reference at once, kernels as soon as they are ready."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Protocol

from bpviz.engine.kernels.engine import program_for
from bpviz.engine.plan import Plan
from bpviz.model.spec import Project
from bpviz.training.run_state import RunState
from bpviz.training.session import Session

_WAITS: Final = "This run was trained by the compiled engine; it goes on as soon as that is ready again."


class Kernels(Protocol):
    """Programs that become ready beside the window; see `bpviz.engine.kernels.loader.KernelLoader`."""

    @property
    def error(self) -> str | None: ...
    @property
    def notice(self) -> str | None: ...
    def ready(self, name: str) -> bool: ...
    def start(self) -> None: ...
    def close(self) -> None: ...


class Engines:
    """Hands runs over between two steps.

    Args:
        kernels: None leaves everything to the reference.
    """

    def __init__(self, kernels: Kernels | None) -> None:
        self._kernels = kernels
        self._plan: Plan | None = None
        self._program = ""
        self._resumed: Session | None = None
        self._news: list[str] = []
        self._said: frozenset[str] = frozenset()

    def session(self, project: Project, state: RunState | None) -> Session:
        """Begin a run, or go on with a saved one.

        Raises:
            BpvizError: If the project can't run, or the state is not one of it.
        """
        self._resumed = None
        if self._kernels is None or state is None or state.path == "reference":
            session = Session(project, state=state)
        else:
            session = self._resumed = Session(project, state=state, path="kernel")
        self.settle(session)
        return session

    def settle(self, session: Session) -> bool:
        """Let the fastest engine that is ready compute from here on; whether the run may go on now.

        Only a saved run has to wait: the reference would not give the bits that its own engine gives.  If
        that will never be ready, the reference takes over, as it does after an edit for which another program
        is needed; both are events of the run.
        """
        if self._kernels is None:
            return True
        if self._kernels.ready(self._program_of(session)):
            self._resumed = None
            session.hand_over("kernel")
        elif session.path == "kernel":
            if session is self._resumed and self._kernels.error is None:
                self._tell([_WAITS])
                return False
            session.hand_over("reference")
        self._tell([text for text in (self._kernels.error, self._kernels.notice) if text])
        return True

    def news(self) -> Iterable[str]:
        """Sentences for the user, each of them once."""
        news, self._news = self._news, []
        return news

    def _tell(self, sentences: Iterable[str]) -> None:
        for sentence in sentences:
            if sentence not in self._said:
                self._said |= {sentence}
                self._news.append(sentence)

    def _program_of(self, session: Session) -> str:
        """Name of the program for a run; found once for each network, because every slice asks."""
        plan = session.compiled.plan
        if plan is not self._plan:
            self._plan, self._program = plan, program_for(plan, session.project.training.precision)
        return self._program
