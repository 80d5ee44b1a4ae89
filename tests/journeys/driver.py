"""The real program on a screen of its own, driven by a real mouse and a real keyboard.

A journey reads as what a person does: ``person.click("welcome.new")``, ``person.keys("ctrl+s")``. Everything waits by
asking the program until something is so or the deadline has passed; nothing sleeps.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.journeys.screen import DEADLINE, Screen

ROOT = Path(__file__).resolve().parents[2]
MOMENT = 15
"""Milliseconds between two questions while waiting."""
WHEEL = {1: 5, -1: 4}
"""The buttons by which X turns the wheel down and up."""

Facts = dict[str, Any]


class LostError(AssertionError):
    """The journey could not go on."""


class Person:
    """Starts the program and uses it.

    Attributes:
        folder: the program's current folder, where it proposes to save.
        steps: what was done so far, for when it goes wrong.
    """

    def __init__(self, screen: Screen, folder: Path, variables: Mapping[str, str]) -> None:
        self.screen, self.folder = screen, folder
        self.steps: list[str] = []
        self._variables = {**screen.environment(folder), **variables, "PYTHONPATH": str(ROOT)}
        self._process: subprocess.Popen | None = None
        self._line: socket.socket | None = None
        self._said = folder / "said.txt"

    # -- the program ---------------------------------------------------------------------------------------------------

    def start(self, *arguments: str) -> Facts:
        """Start the program and wait until its window is in front and filled."""
        self._note("start", *arguments)
        self._line, theirs = socket.socketpair()
        self._line.settimeout(DEADLINE)
        command = [sys.executable, "-P", "-m", "tests.journeys.launcher", str(theirs.fileno()), *arguments]
        with self._said.open("ab") as said:
            self._process = subprocess.Popen(
                command, cwd=self.folder, env=self._variables, pass_fds=(theirs.fileno(),), stdout=said, stderr=said
            )
        theirs.close()
        return self.until(
            lambda facts: facts["active"] and (facts["welcoming"] is not bool(arguments)), "the window is there"
        )

    def kill(self) -> None:
        """End the program as a crash or an empty battery does."""
        self._note("kill -9")
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(DEADLINE)
        self._hang_up()

    def ended(self) -> int:
        """Wait until the program has ended by itself; its exit status."""
        assert self._process is not None
        status = self._process.wait(DEADLINE)
        self._hang_up()
        return status

    def leave(self) -> None:
        """The journey is over: the program ends, and nothing went wrong in it meanwhile."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(DEADLINE)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._hang_up()
        said = self._said.read_text("utf-8", "replace") if self._said.exists() else ""
        logs = [path.read_text("utf-8", "replace") for path in (self.folder / "studio").rglob("errors.log")]
        assert not logs, "the program made a mistake:\n" + "\n".join(logs)
        assert not said, f"the program complained:\n{said}"

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None

    # -- asking --------------------------------------------------------------------------------------------------------

    def ask(self, question: str, later: int = 0, **about: Any) -> Any:
        """What the program answers. Raises LookupError when what was asked about is not there."""
        if self._line is None:
            raise LostError("the program does not run")
        try:
            self._line.sendall(json.dumps({"ask": question, "about": about, "later": later}).encode() + b"\n")
            heard = b""
            while not heard.endswith(b"\n"):
                piece = self._line.recv(65_536)
                if not piece:
                    raise ConnectionError
                heard += piece
        except OSError as error:
            self._hang_up()  # an answer that comes after all would be taken for that to another question
            raise LostError(f"the program no longer answers ({error or 'it ended'})\n{self.report()}") from error
        answer = json.loads(heard)
        if "missing" in answer:
            raise LookupError(answer["missing"])
        return answer["answer"]

    def facts(self) -> Facts:
        """What is so now."""
        answer: Facts = self.ask("facts")
        return answer

    def until(self, condition: Callable[..., object], what: str, seconds: float = DEADLINE) -> Facts:
        """Wait until something is so; the facts then."""
        end = time.monotonic() + seconds
        while True:
            facts: Facts = self.ask("facts", later=MOMENT)
            if condition(facts):
                return facts
            if time.monotonic() > end:
                raise LostError(f"waited in vain until {what}\n{self.report(facts)}")

    def find(self, question: str, **about: Any) -> dict[str, Any]:
        """Where something is that can be clicked, brought into view with the wheel when it has to be."""
        end = time.monotonic() + DEADLINE
        reason = ""
        before = None
        while time.monotonic() < end:
            try:
                place = self.ask(question, later=MOMENT, **about)
            except LookupError as error:
                reason, before = str(error), None
                continue
            if place["seen"] and place["enabled"] and place == before:
                return {**place, "at": self._pixels(place["at"])}
            reason = f"{about} is {'greyed out' if place['seen'] else 'covered'}: {place}"
            if place["scroll"] and not place["seen"]:
                *where, way = place["scroll"]
                self.screen.click(*self._pixels(where), button=WHEEL[way])
            before = place
        raise LostError(f"waited in vain for {question} {about}: {reason}\n{self.report()}")

    def _pixels(self, point: list[int]) -> list[int]:
        """The pixel of a point, on a screen with several pixels a point."""
        scale = float(self._variables.get("QT_SCALE_FACTOR", 1))
        return [round(scale * part) for part in point]

    def network(self) -> str:
        """The network as its file holds it."""
        return str(self.ask("network"))

    # -- the mouse -----------------------------------------------------------------------------------------------------

    def click(self, name: str, *, text: str = "", number: int = 0, times: int = 1, button: int = 1) -> None:
        """Click a control."""
        self._note("click", name, text)
        self.at(self._still("place", name=name, text=text, number=number), times=times, button=button)

    def click_on(self, question: str, *, times: int = 1, button: int = 1, **about: Any) -> None:
        """Click something that is no control: a row, a card, a cable, an entry of a menu."""
        self._note("click on", question, *map(str, about.values()), "" if button == 1 else f"button {button}")
        self.at(self._still(question, **about), times=times, button=button)

    def _still(self, question: str, **about: Any) -> dict[str, Any]:
        """Where something is, once it stays there: nobody clicks on what still moves."""
        place = self.find(question, **about)
        while (now := self.find(question, **about))["at"] != place["at"]:
            place = now
        return place

    def at(self, place: dict[str, Any], *, times: int = 1, button: int = 1) -> None:
        """Click at a place that was found."""
        self.screen.click(*place["at"], times=times, button=button)

    def choose(self, *menus: str) -> None:
        """Go through the menus to an entry."""
        for name in menus:
            self.click_on("entry", name=name)

    def drag(self, start: dict[str, Any], end: dict[str, Any]) -> None:
        """Drag from place to place; the program sees the pointer on its way."""
        (x, y), (to_x, to_y) = start["at"], end["at"]
        self._note("drag", str((x, y)), str((to_x, to_y)))
        self.screen.move(x, y)
        self.facts()
        self.screen.press()
        for share in (0.1, 0.3, 0.6, 0.9, 1.0, 1.0):
            self.facts()
            self.screen.move(round(x + (to_x - x) * share), round(y + (to_y - y) * share))
        self.ask("facts", later=MOMENT)
        self.screen.release()

    # -- the keyboard --------------------------------------------------------------------------------------------------

    def keys(self, *names: str) -> None:
        """Press keys."""
        self._note("keys", *names)
        self.screen.keys(*names)

    def type(self, text: str) -> None:
        """Write a text."""
        self._note("type", text)
        self.screen.type(text)

    def tab_to(self, focus: str, key: str = "Tab") -> None:
        """Press Tab until the keyboard is at a field."""
        for _press in range(60):
            here = self.facts()["focus"]
            if here == focus:
                return
            self.keys(key)
            self.until(lambda facts, here=here: facts["focus"] != here, f"{key} leads on from {here}")
        raise LostError(f"{key} does not lead to {focus}\n{self.report()}")

    # -- when it goes wrong --------------------------------------------------------------------------------------------

    def _note(self, *words: str) -> None:
        self.steps.append(" ".join(word for word in words if word))

    def report(self, facts: Facts | None = None) -> str:
        """What was done, and what the program says of itself."""
        steps = "\n".join(f"  {number}. {step}" for number, step in enumerate(self.steps, 1))
        said = self._said.read_text("utf-8", "replace") if self._said.exists() else ""
        return f"steps:\n{steps}\nfacts: {facts}\nthe program said: {said}"

    def picture(self) -> Path | None:
        """A picture of the screen, when the program still answers."""
        path = Path(os.environ.get("TMPDIR", "/tmp")) / f"journey-{os.getpid()}-{len(self.steps)}.png"
        try:
            self.ask("picture", path=str(path))
        except (LostError, LookupError):
            return None
        return path
