"""The properties of the whole network: its name, its story, its totals, and the data it is meant for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from cnn_studio.core.context import DataFacts
from cnn_studio.core.edits import EditError
from cnn_studio.core.fields import Model, number, size, text
from cnn_studio.core.graph import LONGEST_NOTE, name_problem
from cnn_studio.core.layers.endpoints import Input
from cnn_studio.core.project import MOST_CLASSES
from cnn_studio.core.shapes import Shape
from cnn_studio.core.words import Words, say
from cnn_studio.gui.forms import Form
from cnn_studio.gui.labels import SMALL, STRONG, Text
from cnn_studio.gui.properties.figures import network_figures
from cnn_studio.gui.properties.parts import Figures, NameField, NoteField, Rule, View
from cnn_studio.gui.workspace import Workspace
from cnn_studio.i18n import N_, _, language

UNNAMED = "data"
"""What data are called as long as nobody has named them."""


class DataFields(Model):
    """What a network is told of its data, as a form edits it; classes stand in one line."""

    name: str = text("", N_("Data set"), longest=200, help=N_("What the network is meant to be trained on."))
    channels: int = number(
        1, N_("Channels"), ge=1, le=65_536, help=N_("Of one sample as it enters the network: 1 for grey, 3 for colour.")
    )
    sizes: tuple[int, ...] = size(
        (28, 28), N_("Sizes"), ge=1, le=1_048_576, single=False, axes=(0, 3), unit="px",
        help=N_("Of one sample: height and width; for sound its length."),
    )  # fmt: skip
    classes: str = text(
        "", N_("Classes"), longest=1_000_000, help=N_("Names of the classes in the order of the outputs, with commas.")
    )

    @classmethod
    def of(cls, data: DataFacts | None, sample: Shape) -> DataFields:
        """The fields of what is known; ``sample`` stands in where nothing is."""
        if data is None:
            return cls(channels=sample.channels, sizes=sample.sizes)
        separator = "; " if any("," in name for name in data.classes) else ", "
        return cls(
            name=data.name,
            channels=data.sample.channels,
            sizes=data.sample.sizes,
            classes=separator.join(data.classes),
        )

    def facts(self, before: DataFacts | None = None) -> DataFacts:
        """What the network is told; what is not a field stays as it was before."""
        name, sample = self.name.strip() or UNNAMED, Shape(self.channels, self.sizes)
        if before is None:
            return DataFacts(name, sample, class_names(self.classes))
        return replace(before, name=name, sample=sample, classes=class_names(self.classes))


def class_names(line: str) -> tuple[str, ...]:
    """The names on a line, parted by semicolons if there is one, else by commas; each once."""
    parts = line.split(";" if ";" in line else ",")
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def data_problem(field: str, value: Any) -> Words | None:
    """Why a file could not hold a name or the classes, or None."""
    if field == "name":
        return name_problem(value)
    if field == "classes":
        names = class_names(value)
        if len(names) > MOST_CLASSES:
            return say(N_("at most {limit} classes, and these are {count}"), limit=MOST_CLASSES, count=len(names))
        return next((problem for name in names if (problem := name_problem(name))), None)
    return None


class NetworkView(View):
    """Shown when nothing is chosen."""

    def __init__(self, workspace: Workspace, name: str) -> None:
        super().__init__(workspace, f"{name}.network")
        self.name = NameField(f"{name}.network.name")
        self.name.bind(self._judge_name, self._keep_name)
        self.name.left.connect(self.show_kept)
        self.hint = Text("secondary", SMALL, f"{name}.network.hint")
        self.figures = Figures(f"{name}.network.figures")
        self.story_head = Text("text", STRONG)
        self.story = NoteField(f"{name}.network.story", lines=7)
        self.story_head.setBuddy(self.story)
        self.data_head = Text("text", STRONG)
        self.data_hint = Text("secondary", SMALL, f"{name}.network.data.hint")
        self.form = Form(f"{name}.network.data")
        self.forget = QPushButton()
        self.forget.setObjectName(f"{name}.network.data.forget")
        for widget in (self.name, self.hint, self.figures, Rule(), self.data_head, self.data_hint, self.form):
            self.box.addWidget(widget)
        self.box.addWidget(self.forget, 0, Qt.AlignmentFlag.AlignLeft)
        self.box.addWidget(Rule())
        self.box.addWidget(self.story_head)
        self.box.addWidget(self.story)
        self.story.written.connect(self._keep_story)
        self.form.judge = data_problem
        self.form.committed.connect(self._keep_data)
        self.forget.clicked.connect(lambda: workspace.document.set_data(None))

    def _sample(self) -> Shape:
        inputs = [node.layer for node in self.workspace.document.graph.of_kind("input")]
        first = inputs[0] if inputs else None
        return Shape(first.channels, first.sizes) if isinstance(first, Input) else Shape(1, (28, 28))

    def show_kept(self) -> None:
        document = self.workspace.document
        self.name.show_name(document.name, "studio")
        self.story.show_note(document.story.get(language(), ""))
        self.form.show_models([DataFields.of(document.data, self._sample())], len(self._sample().sizes) or 1)
        self.data_hint.setVisible(document.data is None)
        self.forget.setVisible(document.data is not None)

    def show_figures(self) -> None:
        self.figures.show_figures(network_figures(self.workspace.document.report))

    def finish(self) -> None:
        self.name.finish()
        self.form.finish()
        self.story.finish()

    def retranslate(self) -> None:
        self.name.line.setPlaceholderText(_("Name of the network"))
        self.name.line.setAccessibleName(_("Name of the network"))
        self.name.line.setToolTip(_("Name of the network"))
        self.hint.setText(_("Choose a layer on the canvas to see its settings."))
        self.story_head.setText(_("Story"))
        self.story.setPlaceholderText(_("What this network is, and where it comes from"))
        self.story.setAccessibleName(_("Story"))
        self.story.setToolTip(_("A paragraph about the network, in the language of the moment"))
        self.data_head.setText(_("Data"))
        self.data_hint.setText(_("No data chosen yet. What stands here is compared with the Input and the Output."))
        self.forget.setText(_("No data"))
        self.forget.setToolTip(_("Forget what the network is meant to be trained on"))
        self.forget.setAccessibleName(_("No data"))
        self.form.retranslate()

    # -- edits --------------------------------------------------------------------------------------------------------

    def _judge_name(self, text: str) -> Words | None:
        return name_problem(text) if text.strip() else None

    def _keep_name(self, text: str) -> None:
        try:
            self.workspace.document.rename(text)
        except EditError as error:  # judged while typing already
            self.workspace.said.emit(str(error))

    def _keep_story(self, story: str) -> None:
        document = self.workspace.document
        if len(story) > LONGEST_NOTE:
            self.workspace.said.emit(_("the story is too long: at most {limit} letters").format(limit=LONGEST_NOTE))
            self.show_kept()
            return
        whole = story.encode("utf-8", "replace").decode("utf-8")  # half a character could not be saved
        stories = {**document.story, language(): whole}
        document.set_story({code: one for code, one in stories.items() if one.strip()})

    def _keep_data(self, values: dict[str, Any], key: str) -> None:
        shown = self.form.models[0]
        current = {name: getattr(shown, name) for name in DataFields.model_fields}
        document = self.workspace.document
        document.set_data(DataFields(**{**current, **values}).facts(document.data))
