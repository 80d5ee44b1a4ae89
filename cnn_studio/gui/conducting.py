"""Begins, steers and ends the run of one window, and says what stands in the way with a button for each way out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from cnn_studio.core.words import say
from cnn_studio.gui import windows
from cnn_studio.gui.feedback import Answer
from cnn_studio.gui.look import same_network
from cnn_studio.gui.run_events import Failure
from cnn_studio.gui.training import IDLE, PAUSED, RUNNING
from cnn_studio.i18n import N_

if TYPE_CHECKING:
    from cnn_studio.core.plans.plan import TrainingPlan
    from cnn_studio.gui.main_window import MainWindow

NOTE = "training"
FITTED = frozenset({"input_sample"})
"""Problems that do not keep a run from beginning: the preprocessing brings the samples to the Input."""
RATE_CUT = 0.3
CLIP = 1.0


class Conductor(QObject):
    """What the person asks of training, for one window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._workspace = window, window.workspace
        self._training = window.workspace.training
        self._closing = False
        self._warned = False
        self._wanted: Path | None = None
        self._workspace.runs.shown.connect(self._shown)
        self._training.failed.connect(self._failed)
        self._training.state_changed.connect(self._state_changed)
        self._workspace.changed.connect(lambda _change: self._edited())

    # -- what there is to do -------------------------------------------------------------------------------------------

    def start(self, *, single: bool = False) -> None:
        """Train the network as it is; with ``single`` wait after one batch."""
        workspace = self._workspace
        if self._training.is_live:
            return
        if workspace.document.is_previewing:
            workspace.document.commit()
        self._window.notes.remove(NOTE)
        errors = [problem for problem in workspace.document.diagnosis.errors if problem.code not in FITTED]
        if errors:
            self._say(
                say(N_("The network cannot be trained yet. {problem}"), problem=errors[0].message),
                (Answer(say(N_("Show the problem")), self._show_problem),),
            )
            return
        self._show_curves()
        self._warned = False
        workspace.data.leave_to_run()
        self._training.start(workspace.document.project, workspace.plan, workspace.data.dataset, single=single)

    def pause_or_go_on(self) -> None:
        """Wait after the batch in progress, or go on."""
        if self._training.state == PAUSED:
            self._training.go_on()
        else:
            self._training.pause()

    def single_batch(self) -> None:
        """One batch: of a run that waits, or the first of a new one."""
        if self._training.state == PAUSED:
            self._training.single_batch()
        else:
            self.start(single=True)

    def stop(self) -> None:
        """End the run and keep what was learned."""
        self._training.stop()

    def resume(self, folder: Path | None = None, epochs: int | None = None) -> None:
        """Take up a run: that which is shown, where none is named. One that had all its epochs gets as many again."""
        run = self._training.run
        folder = folder or (run.folder if run is not None else None)
        if folder is None or self._training.is_live:
            return
        if epochs is None and run is not None and run.folder == folder and len(self._training.history.epochs):
            done = self._training.history.epochs[-1].epoch
            if done >= run.plan.epochs:
                epochs = done + run.plan.epochs
        self._window.notes.remove(NOTE)
        self._show_curves()
        self._training.resume(folder, self._fitting_data(run), epochs)

    def show_and_resume(self, folder: Path) -> None:
        """Take up a run that may not be shown: what it has told so far is shown first."""
        if not self._training.is_live:
            self._wanted = folder
            self._workspace.runs.show(folder)

    def _shown(self, folder: Path) -> None:
        if folder == self._wanted:
            self._wanted = None
            self.resume(folder)

    def _fitting_data(self, run: Any) -> Any:
        """The data that are open, where they are those of the run."""
        data = self._workspace.data
        return data.dataset if run is not None and run.plan.data == data.name else None

    # -- closing -------------------------------------------------------------------------------------------------------

    def may_close(self) -> bool:
        """Whether the window can go; asks, where a run is in progress."""
        if not self._training.is_live:
            return True
        if self._closing:
            return False
        windows.ask_stop(self._window)
        return False

    def stop_and_close(self) -> None:
        """End the run, keep what was learned, then close the window."""
        self._closing = True
        if self._training.is_live:
            self._training.stop()
        else:
            self._window.close()

    # -- what happens --------------------------------------------------------------------------------------------------

    def _state_changed(self) -> None:
        if self._training.state == RUNNING:
            self._window.notes.remove(NOTE)
        elif self._training.state == IDLE:
            self._workspace.data.no_run()
            if self._closing:
                self._closing = False
                self._window.close()

    def _edited(self) -> None:
        """Say once that a run in progress does not follow edits."""
        run = self._training.run
        if self._warned or not self._training.is_live or run is None:
            return
        if not same_network(run.graph, self._workspace.document.graph):
            self._warned = True
            self._workspace.said.emit(
                str(say(N_("The run goes on with the network as it was; train again to try the edited one.")))
            )

    def _failed(self, failure: Failure) -> None:
        sentence = str(failure.words)
        text = say(N_("The training could not begin. {problem}"), problem=sentence)
        if failure.cause != "start":
            text = say(N_("The training ended: {problem}. What was learned is kept."), problem=sentence.rstrip("."))
        self._say(text, self._offers(failure.cause))

    def _say(self, text: Any, answers: tuple[Answer, ...]) -> None:
        self._window.notes.add(NOTE, text, answers, "error")

    def _show_problem(self) -> None:
        self._window.show_workspace("build")
        windows.walk_problems(self._window, 1)

    def _show_curves(self) -> None:
        if "curves" in self._window.docks.places:
            self._window.show_workspace("train")

    # -- ways out ------------------------------------------------------------------------------------------------------

    def _offers(self, cause: str) -> tuple[Answer, ...]:
        plan = self._workspace.plan
        offers: list[Answer] = []
        if cause == "memory" and plan.batch_size > 1:
            half = plan.batch_size // 2
            offers.append(self._offer(say(N_("Train with batches of {n}"), n=half), batch_size=half))
        if cause == "diverged":
            rate = float(f"{plan.rate * RATE_CUT:.2g}")
            offers.append(self._offer(say(N_("Train with a learning rate of {rate}"), rate=rate), rate=rate))
            if not plan.clip:
                offers.append(self._offer(say(N_("Clip the gradients and train")), clip=CLIP))
            if plan.precision != "fp32":
                offers.append(self._offer(say(N_("Train in single precision")), precision="fp32"))
        if cause in ("disk", "data"):
            offers.append(Answer(say(N_("Try to go on")), self.resume))
        if cause in ("start", "data") and "data" in self._window.docks.places:
            offers.append(Answer(say(N_("Look at the data")), lambda: self._window.show_workspace("data")))
        if cause in ("start", "other"):
            offers.append(Answer(say(N_("Try again")), self.start))
        return tuple(offers)

    def _offer(self, name: Any, **values: Any) -> Answer:
        return Answer(name, self._changer(values))

    def _changer(self, values: dict[str, Any]) -> Callable[[], None]:
        def change() -> None:
            plan: TrainingPlan = self._workspace.plan
            self._workspace.set_plan(plan.model_copy(update=values))
            self.start()

        return change
