"""Opening, saving and exporting the document of one window, and what is said when that fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from cnn_studio.core.document import Document
from cnn_studio.core.files import FileError, ProjectError, write_atomically
from cnn_studio.core.placing import with_places
from cnn_studio.core.project import SUFFIX, Project, read_project
from cnn_studio.core.recovery import Copy, Recovery
from cnn_studio.core.starters import open_sample, open_starter
from cnn_studio.core.words import say
from cnn_studio.gui import exporting
from cnn_studio.gui.feedback import Answer, Notes
from cnn_studio.gui.keeping import Keeper, Watch
from cnn_studio.gui.workspace import Workspace
from cnn_studio.i18n import N_, _


class Filing(QObject):
    """The files of one window.

    Signals:
        used(Path): a file was opened or saved.

    Attributes:
        canvas: what pictures of the view are taken of, once it is there.
    """

    used = Signal(object)

    def __init__(self, workspace: Workspace, notes: Notes, recovery: Recovery, window: QWidget) -> None:
        super().__init__(window)
        self._workspace, self._notes, self._recovery, self._window = workspace, notes, recovery, window
        self.keeper = Keeper(recovery, workspace.document, self)
        self.keeper.failed.connect(self._copy_failed)
        self._watch = Watch(self)
        self._watch.changed.connect(self._changed_outside)
        self._watch.gone.connect(self._gone_outside)
        self.canvas: exporting.Canvas | None = None

    # -- opening -------------------------------------------------------------------------------------------------------

    def show(self, document: Document) -> None:
        """Another document in this window; nothing is asked."""
        for key in ("file", "save", "revert"):
            self._notes.remove(key)
        self._workspace.replace_document(document)
        self.keeper.follow(document)
        self._watch.follow(document.path)
        if document.path is not None:
            self.used.emit(document.path)

    def open(self, path: Path) -> bool:
        """Open a file in this window. A failure is said and leaves everything as it was."""
        return self._open(path, path.absolute())

    def open_copy(self, path: Path) -> bool:
        """The same without the file: saving asks for another one."""
        return self._open(path, None)

    def _open(self, path: Path, file: Path | None) -> bool:
        document = self.read(path, file)
        if document is not None:
            self.show(document)
        return document is not None

    def read(self, path: Path, file: Path | None) -> Document | None:
        """What a file holds, to be saved in ``file``; None where it cannot be opened, which is said in this window."""
        try:
            document = Document(_placed(read_project(path.absolute())), file)
        except ProjectError as error:
            self._notes.add("file", say(N_("It could not be opened. {problem}"), problem=error.words), (), "error")
            return None
        self._notes.remove("file")
        return document

    def open_starter(self, name: str) -> None:
        """A copy of one of the networks that come with the studio."""
        self.show(Document(open_starter(name)))

    def open_sample(self) -> None:
        """A copy of the network that has learned already."""
        self.show(Document(open_sample()))

    def recover(self, copy: Copy) -> bool:
        """Bring back edits that were not saved. Whether they could be read."""
        try:
            document = Document(_placed(self._recovery.read(copy)), copy.original)
        except ProjectError as error:
            self._notes.add("file", say(N_("It could not be recovered. {problem}"), problem=error.words), (), "error")
            return False
        document.mark_unsaved()
        self.show(document)
        if self.keeper.keep_now():
            self._recovery.discard(copy.key)
        return True

    def ask_path(self) -> Path | None:
        """The file that the person chooses to open, or None."""
        name, _filter = QFileDialog.getOpenFileName(self._window, _("Open"), self._folder(), _filters())
        return Path(name) if name else None

    def _folder(self) -> str:
        path = self._workspace.document.path
        return str(path.parent) if path else self._workspace.settings.last_folder

    # -- saving --------------------------------------------------------------------------------------------------------

    def save(self) -> bool:
        """Save to the file that the document has, or ask for one. Whether it was saved."""
        path = self._workspace.document.path
        return self.save_as() if path is None else self._save_to(path)

    def save_as(self) -> bool:
        """Ask for a file and save there."""
        document = self._workspace.document
        proposed = Path(self._folder()) / (document.path.name if document.path else f"{self.title}{SUFFIX}")
        name, _filter = QFileDialog.getSaveFileName(self._window, _("Save as"), str(proposed), _filters())
        if not name:
            return False
        path = Path(name)
        return self._save_to(path if path.suffix else path.with_suffix(SUFFIX))

    def _save_to(self, path: Path) -> bool:
        path = path.absolute()
        document = self._workspace.document
        self._watch.follow(None)
        try:
            document.save(path)
        except ProjectError as error:
            template = (
                N_("It could not be saved. {problem}. Your edits are still here, and a copy of them is kept.")
                if self.keeper.keep_now()
                else N_("It could not be saved. {problem}. Your edits are still here; no copy of them could be kept.")
            )
            answers = (Answer(say(N_("Save elsewhere...")), self.save_as), Answer(say(N_("Try again")), self.save))
            self._notes.add("save", say(template, problem=error.words), answers, "error")
            return False
        finally:
            self._watch.follow(document.path)
        for key in ("save", "outside"):
            self._notes.remove(key)
        self._workspace.said.emit(_("Saved {file}").format(file=path.name))
        self.used.emit(path)
        return True

    def export(self, name: str) -> bool:
        """Ask for a file and write the network there as code, table or figure."""
        target = exporting.targets[name]
        proposed = Path(self._folder()) / f"{self.title}{target.suffix}"
        chosen, _filter = QFileDialog.getSaveFileName(
            self._window, _(target.label), str(proposed), f"{_(target.label)} (*{target.suffix})"
        )
        if not chosen:
            return False
        from cnn_studio.core.export import ExportError

        path = Path(chosen)
        path = path if path.suffix else path.with_suffix(target.suffix)
        try:
            write_atomically(path, exporting.made(name, self._workspace.document, self.title, self.canvas))
        except ExportError as error:
            self._notes.add("export", say(N_("It could not be exported. {problem}"), problem=error.words), (), "error")
            return False
        except FileError as error:
            sentence = say(N_("“{file}” could not be written: {problem}."), file=path.name, problem=error.words)
            self._notes.add("export", sentence, (), "error")
            return False
        self._notes.remove("export")
        self._workspace.said.emit(_("Written: {file}").format(file=path))
        return True

    # -- back to the file ----------------------------------------------------------------------------------------------

    def revert(self) -> None:
        """What the file holds; the edits can be brought back."""
        old = self._workspace.document
        assert old.path is not None
        if not self.open(old.path):
            return
        if old.is_modified:
            answer = Answer(say(N_("Bring the edits back")), lambda: self._bring_back(old))
            self._notes.add("revert", say(N_("This is what the file holds.")), (answer,))

    def _bring_back(self, old: Document) -> None:
        self.show(old)

    # -- other programs ------------------------------------------------------------------------------------------------

    def _changed_outside(self) -> None:
        answers = (Answer(say(N_("Open what is there now")), self.revert),)
        self._note_outside(N_("{file} was changed by another program."), answers)

    def _gone_outside(self) -> None:
        self._note_outside(
            N_("{file} is no longer there. Saving writes it again."), (Answer(say(N_("Save")), self.save),)
        )
        self._workspace.document.mark_unsaved()

    def _note_outside(self, template: str, answers: tuple[Answer, ...]) -> None:
        path = self._workspace.document.path
        if path is not None:
            self._notes.add("outside", say(template, file=path.name), answers, "warning")

    def _copy_failed(self, problem: str) -> None:
        sentence = say(
            N_("Edits cannot be kept safe from a crash at the moment: {problem}. Save now and then."), problem=problem
        )
        self._notes.add("copies", sentence, (), "warning")

    # -- names ---------------------------------------------------------------------------------------------------------

    @property
    def title(self) -> str:
        """What to call the document, also as the name of a file."""
        document = self._workspace.document
        name = document.name or (document.path.stem if document.path else "") or _("Untitled")
        return "".join(" " if letter in '/\\:*?"<>|' else letter for letter in name).strip(" .") or _("Untitled")

    def end(self) -> None:
        """The window closes."""
        self.keeper.end()
        self._watch.end()


def _placed(project: Project) -> Project:
    """What a file holds, with places for layers that no hand has placed; that is no edit."""
    return replace(project, graph=with_places(project.graph))


def _filters() -> str:
    return _("Networks of CNN Studio") + f" (*{SUFFIX});;" + _("All files") + " (*)"


Opener = Callable[[Path], bool]
