"""What the views of preprocessing and of augmentation have in common: a list of the plan's parts, and pictures of their work."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from cnn_studio.core.document import Change
from cnn_studio.core.kinds import Registry
from cnn_studio.core.words import say
from cnn_studio.gui import theme
from cnn_studio.gui.data_views.part_list import PartList
from cnn_studio.gui.labels import Message
from cnn_studio.gui.properties.parts import column
from cnn_studio.gui.samples import DATA, READY, Sample
from cnn_studio.gui.workspace import Workspace
from cnn_studio.i18n import N_

if TYPE_CHECKING:
    from cnn_studio.engine.datasets.base import Dataset


class PartsView(QWidget):
    """Edits one list of the plan's parts, each edit a step, and shows on samples of the data what they do.

    Nothing is worked out while it is out of sight. Subclasses fill ``layout_`` and say what is shown.
    """

    field: ClassVar[str]
    """Of the plan."""
    step: ClassVar[str]
    """What an edit is called, marked for translation."""
    registry: ClassVar[Registry[Any]]
    """The kinds of parts."""
    side: ClassVar[int] = 0
    """Pixels of a picture beside each part; 0 for none."""

    def __init__(self, workspace: Workspace, name: str) -> None:
        super().__init__()
        self.workspace = workspace
        self.setObjectName(name)
        self.list = PartList(f"{name}.parts", self.registry, self.side)
        self.problem = Message("warning", f"{name}.problem")
        self.layout_ = column(self, theme.GAP)
        self.list.committed.connect(self._keep)
        workspace.changed.connect(self._changed)
        workspace.document_replaced.connect(self.renew)
        workspace.data.changed.connect(self.renew)
        workspace.look.sample_changed.connect(self.show_samples)

    def renew(self) -> None:
        """Show everything anew, when in sight."""
        if self.isVisible():
            self.list.show_parts(getattr(self.workspace.plan, self.field))
            self.show_samples()

    def show_samples(self) -> None:
        """Have the pictures worked out, when in sight."""
        if not self.isVisible():
            return
        if self.workspace.data.state == READY:
            self.ask()
        else:
            self.problem.say(self.workspace.data.problem)
            self.show_nothing()

    def retranslate(self) -> None:
        """Every text in the language of the moment."""

    def ask(self) -> None:
        """Ask for the pictures; the data are ready."""

    def show_nothing(self) -> None:
        """There are no data to show."""

    def work(self, work: Callable[[Dataset], Any], done: Callable[[Any], object]) -> None:
        """Do this with the data in the other thread; what is refused is said."""
        dataset = self.workspace.data.dataset
        if dataset is not None:
            self.workspace.quick.ask(self.objectName(), lambda: work(dataset), done, self._refused)

    def _refused(self, sentence: str) -> None:
        self.show_nothing()
        self.problem.say(sentence)

    def looked_at(self) -> Sample | None:
        """The sample of the data that is looked at, or None."""
        sample = self.workspace.look.sample
        return sample if sample is not None and sample.source == DATA else None

    def _keep(self, parts: tuple[Any, ...], key: str) -> None:
        plan = self.workspace.plan.model_copy(update={self.field: parts})
        self.workspace.set_plan(plan, say(N_("plan: {name}"), name=say(self.step)), merge=key)

    def _changed(self, change: Change) -> None:
        if "plan" in change.parts and not change.preview:
            self.renew()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.workspace.data.ensure()
        self.renew()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.list.finish()
        self.workspace.quick.drop(self.objectName())
