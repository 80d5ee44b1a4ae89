"""Whether data fit the network, in words, with what mends it as buttons."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from cnn_studio.core.problems import Fix
from cnn_studio.core.shapes import Shape
from cnn_studio.gui.choosing import can_be_brought, problems_with
from cnn_studio.gui.labels import Message
from cnn_studio.gui.problem_cards import ProblemCard
from cnn_studio.gui.properties.parts import column
from cnn_studio.gui.workspace import Workspace
from cnn_studio.i18n import _, integer


class DataFit(QWidget):
    """The data of a workspace against its network."""

    def __init__(self, workspace: Workspace, name: str) -> None:
        super().__init__()
        self.workspace = workspace
        self.setObjectName(name)
        self.fits = Message("success", f"{name}.fits")
        self.resize_button = QPushButton()
        self.resize_button.setObjectName(f"{name}.resize")
        self.cards: list[ProblemCard] = []
        self._box = column(self)
        self._box.addWidget(self.fits)
        self._box.addWidget(self.resize_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.resize_button.clicked.connect(self._bring)
        self._show_bring(False)

    def renew(self) -> None:
        """Judge anew."""
        document = self.workspace.document
        problems = problems_with(document)
        for card in self.cards:
            card.blockSignals(True)
            self._box.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = []
        for number, problem in enumerate(problems):
            card = ProblemCard(problem, f"{self.objectName()}.{problem.code}.{number}")
            card.chosen.connect(lambda card=card: self._show(card))
            card.tried.connect(lambda fix, card=card: self._try(card, fix))
            card.applied.connect(self._apply)
            self._box.insertWidget(number, card)
            card.show_fixes()
            self.cards.append(card)
        self.fits.say("" if problems else self._praise())
        self._show_bring(any(problem.code == "input_sample" for problem in problems))

    def _praise(self) -> str:
        document = self.workspace.document
        entry = self._input()
        if entry is None or document.data is None or document.diagnosis.errors:
            return ""
        stored = self._stored()
        classes = integer(len(document.data.classes))
        if stored is not None and stored != entry:
            return _("Fits the network: samples of {stored} are made {shape}, and there are {n} answers for {n} classes.").format(
                stored=stored, shape=entry, n=classes
            )  # fmt: skip
        return _("Fits the network: it takes {shape}, and has {n} answers for {n} classes.").format(
            shape=entry, n=classes
        )

    def _show_bring(self, wrong: bool) -> None:
        """Offer to bring the samples to the network, where that can be."""
        entry, stored = self._input(), self._stored()
        possible = wrong and entry is not None and stored is not None and can_be_brought(stored, entry)
        self.resize_button.setVisible(possible)
        self.resize_button.setText(_("Bring the samples to {shape}").format(shape=entry or ""))
        self.resize_button.setToolTip(_("Steps of preprocessing make the samples as the network takes them"))
        self.resize_button.setAccessibleName(self.resize_button.text())

    def _input(self) -> Shape | None:
        entries = self.workspace.document.graph.of_kind("input")
        return entries[0].layer.output_shape() if entries else None

    def _stored(self) -> Shape | None:
        facts = self.workspace.data.splits.get("train")
        return facts.shape if facts is not None else None

    # -- hands ---------------------------------------------------------------------------------------------------------

    def _bring(self) -> None:
        self.workspace.chooser.choose(self.workspace.data_name)

    def _show(self, card: ProblemCard) -> None:
        nodes = [node for node in card.problem.nodes if node in self.workspace.document.graph.nodes]
        if nodes:
            self.workspace.select(nodes, reveal=True)

    def _try(self, card: ProblemCard, fix: Fix | None) -> None:
        self.workspace.show_ghost(card.try_out(fix))

    def _apply(self, fix: Fix) -> None:
        self.workspace.show_ghost(None)
        self.workspace.edit(fix.apply, fix.label)
