"""Every network of the courses, made wrong, is mended by clicking the fixes that are offered and nothing else."""

import json
import subprocess
import sys

import pytest

from cnn_studio.core.starters import starter_names
from tests.journeys.driver import ROOT, Person
from tests.journeys.networks import MISTAKES, made_wrong

PREFERRED = {"wrong kernel": "smaller_kernel"}
"""The fix that somebody looks for who made this mistake; else the first one, which is painted as the usual one."""
MOST = 8
"""Clicks that mend any of them."""
ALWAYS = [
    ("lenet5", "without Flatten"), ("course-digits", "cut"), ("course-letters", "other classes"),
    ("alexnet", "wrong channels"), ("vgg16", "wrong kernel"), ("resnet18", "wrong channels"),
    ("googlenet", "without Output"), ("m5", "without Input"),
]  # fmt: skip
OTHERS = [pair for name in starter_names() for mistake in MISTAKES if (pair := (name, mistake)) not in ALWAYS]


def errors(facts) -> list[str]:
    return [code for severity, code in facts["problems"] if severity == "error"]


def is_up_to_date(person: Person, facts) -> bool:
    """Whether the fixes that are offered are those of the problems of now: the panel follows a moment later."""
    offered = {name.split(".")[2] for name in person.ask("names", name="panel.problems.*.fix.*")}
    now = {code for _severity, code in facts["problems"]}
    return not errors(facts) or (bool(offered) and offered <= now)


def mend(person: Person, mistake: str) -> None:
    """Click fixes until nothing is wrong any more."""
    for _click in range(MOST):
        if not errors(person.until(lambda facts: is_up_to_date(person, facts), "fixes are offered")):
            return
        before = person.network()
        offered = person.ask("names", name="panel.problems.*.fix.*")
        wanted = [name for name in offered if f".fix.{PREFERRED.get(mistake)}." in name]
        person.click(*wanted[:1] or ["panel.problems.*.fix.*"])
        person.until(lambda _facts, before=before: person.network() != before, "the fix is applied")
    raise AssertionError(f"still wrong after {MOST} fixes\n{person.report(person.facts())}")


@pytest.mark.parametrize(
    ("starter", "mistake"), [*ALWAYS, *(pytest.param(*pair, marks=pytest.mark.long) for pair in OTHERS)]
)
def test_mended_by_clicking_fixes(person, tmp_path, starter, mistake):
    path = tmp_path / "wrong.cnnstudio"
    if not made_wrong(starter, mistake, path):
        pytest.skip("this network cannot be wrong in this way")
    wrong = path.read_bytes()
    person.start(str(path))
    facts = person.until(errors, "the mistake is found")
    person.until(lambda _facts: person.ask("names", name="panel.problems.*.fix.*"), "fixes are offered")
    mend(person, mistake)
    mended = person.network()
    person.keys("ctrl+s")
    person.until(lambda facts: not facts["modified"], "it is saved")
    command = [sys.executable, "-P", "-m", "cnn_studio", "summary", str(path), "--json"]
    summary = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)
    assert [one["code"] for one in summary["problems"] if one["severity"] == "error"] == []
    assert summary["parameters"] > 0
    while person.facts()["undo"]:
        before = person.network()
        person.keys("ctrl+z")
        person.until(lambda _facts, before=before: person.network() != before, "the fix is taken back")
    assert sorted(errors(person.facts())) == sorted(errors(facts))
    person.keys("ctrl+s")
    person.until(lambda facts: not facts["modified"], "it is saved again")
    assert path.read_bytes() == wrong
    while person.facts()["redo"]:
        before = person.network()
        person.keys("ctrl+y")
        person.until(lambda _facts, before=before: person.network() != before, "the fix is done again")
    assert person.network() == mended
