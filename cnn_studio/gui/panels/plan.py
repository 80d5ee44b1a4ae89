"""The plan of the next run: how long, with what steps, and what that will take on this machine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QPushButton, QWidget

from cnn_studio.core.document import Change
from cnn_studio.core.fields import FieldSpec, spec
from cnn_studio.core.words import Words, say
from cnn_studio.gui import theme
from cnn_studio.gui.columns import fill_with_column
from cnn_studio.gui.estimating import Estimator, samples_of
from cnn_studio.gui.forms import Form
from cnn_studio.gui.labels import STRONG, Message, Text
from cnn_studio.gui.panels import panels
from cnn_studio.gui.panels.live import LivePanel
from cnn_studio.gui.part_forms import PartForm
from cnn_studio.gui.properties.figures import network_figures
from cnn_studio.gui.properties.parts import Figure, Figures, Rule
from cnn_studio.gui.rate_view import RateView
from cnn_studio.gui.widgets.flow_layout import FlowLayout
from cnn_studio.gui.workspace import Workspace
from cnn_studio.i18n import N_, _, data_size, duration, figure, integer

ELSEWHERE = frozenset({"data"})
"""Fields that have a panel of their own."""


def _is_plain(field: FieldSpec) -> bool:
    return not field.advanced and field.name not in ELSEWHERE


def _is_rare(field: FieldSpec) -> bool:
    return field.advanced


@panels.declare("plan")
class PlanPanel(LivePanel):
    """Edits the plan; what is edited counts from the next run on."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        from cnn_studio.core.plans import optimizers, schedules
        from cnn_studio.core.plans.presets import PRESETS

        super().__init__(workspace, parent)
        name = self.objectName()
        self.presets = {preset.name: QPushButton() for preset in PRESETS}
        self.live = Message("warning", f"{name}.live")
        self.head = Text("text", STRONG)
        self.figures = Figures(f"{name}.figures")
        self.problem = Message("warning", f"{name}.problem")
        self.form = Form(f"{name}.form", wanted=_is_plain)
        self.rate = RateView(workspace, f"{name}.rate")
        self.optimizer = PartForm(f"{name}.optimizer", optimizers, N_("Optimizer"))
        self.schedule = PartForm(f"{name}.schedule", schedules, N_("Schedule"))
        self.rare = Form(f"{name}.rare", wanted=_is_rare)
        self.estimator = Estimator(workspace.slow, self)
        self._lay_out()
        self._connect()
        self.retranslate()

    def _lay_out(self) -> None:
        buttons = QWidget()
        flow = FlowLayout(buttons, theme.UNIT)
        for name, button in self.presets.items():
            button.setObjectName(f"{self.objectName()}.preset.{name}")
            button.setCheckable(True)
            flow.addWidget(button)
        fill_with_column(self, (
            self.live, buttons, self.form, self.rate, Rule(), self.head, self.figures, self.problem, Rule(),
            self.optimizer, Rule(), self.schedule, Rule(), self.rare,
        ))  # fmt: skip

    def _connect(self) -> None:
        for name, button in self.presets.items():
            button.clicked.connect(lambda _checked=False, name=name: self._choose(name))
        for form in (self.form, self.rare):
            form.committed.connect(self._keep)
        self.optimizer.committed.connect(self._keep_optimizer)
        self.schedule.committed.connect(lambda part, key: self._set({"schedule": part}, _changed(N_("Schedule")), key))
        self.rate.chosen.connect(lambda rate: self._set({"rate": rate}, _changed(N_("Learning rate"))))
        self.estimator.measured.connect(self._show_figures)
        self.workspace.data.changed.connect(self._show_figures)
        self.workspace.training.state_changed.connect(self._trains)

    # -- edits ---------------------------------------------------------------------------------------------------------

    def _choose(self, name: str) -> None:
        from cnn_studio.core.plans.presets import PRESETS

        preset = next(one for one in PRESETS if one.name == name)
        plan = preset.apply(self.workspace.plan)
        if plan != self.workspace.plan:
            self.workspace.set_plan(plan, say(N_("plan: {name}"), name=say(preset.label)))
        else:
            self._show_presets()

    def _keep(self, values: dict[str, Any], key: str) -> None:
        from cnn_studio.core.plans.plan import TrainingPlan

        self._set(values, _changed(spec(TrainingPlan, next(iter(values))).label), key)

    def _keep_optimizer(self, part: Any, key: str) -> None:
        """Another optimizer takes steps of another size: the rate goes along."""
        before = self.workspace.plan.optimizer
        values: dict[str, Any] = {"optimizer": part}
        if part.kind != before.kind and part.default_rate != before.default_rate:
            values["rate"] = part.default_rate
        self._set(values, _changed(N_("Optimizer")), key)

    def _set(self, values: dict[str, Any], name: Words, key: str = "") -> None:
        self.workspace.set_plan(self.workspace.plan.model_copy(update=values), name, merge=key)

    # -- what is shown -------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        plan = self.workspace.plan
        for form in (self.form, self.rare):
            form.show_models([plan])
        self.optimizer.show_part(plan.optimizer)
        self.schedule.show_part(plan.schedule)
        self._show_presets()
        self._show_live()
        self.workspace.data.ensure()
        self._show_figures()
        self.rate.renew()

    def follow(self, change: Change) -> None:
        if change.preview:
            return
        if "plan" in change.parts:
            self.refresh()
        elif change.before is not change.after:
            self.soon()

    delay = 300

    def later(self) -> None:
        """The network was edited."""
        self._show_figures()
        self.rate.renew()

    def _show_presets(self) -> None:
        from cnn_studio.core.plans.presets import PRESETS

        for preset in PRESETS:
            self.presets[preset.name].setChecked(preset.holds_in(self.workspace.plan))

    def _show_live(self) -> None:
        live = self.workspace.training.is_live
        self.live.say(_("A run is in progress: what you change here counts from the next one on.") if live else "")

    def _trains(self) -> None:
        """A run and a measurement would slow each other down: that one waits for the end of the run."""
        self._show_live()
        if self.workspace.training.is_live:
            self.estimator.drop()
        self._show_figures()

    def _show_figures(self) -> None:
        """What a run will take; what is not known yet is measured."""
        if not self.isVisible():
            self._stale = True
            return
        document, plan = self.workspace.document, self.workspace.plan
        if not document.graph.nodes or document.diagnosis.errors:
            self.figures.show_figures([])
            self.problem.say(_("The network cannot be trained yet: look at its problems."))
            return
        step = self.estimator.step(document.graph, plan)
        self.problem.say(step if isinstance(step, str) else self.workspace.data.problem)
        shown = [*network_figures(document.report)[1:3]]
        memory = document.report.totals.memory_of_run(plan.batch_size)
        shown.append((_("Memory"), [_("about {size}").format(size=data_size(memory))]))
        self.figures.show_figures([*shown, *self._times(step)])
        if step is None and not self.workspace.training.is_live:
            self.estimator.measure(document.graph, plan)

    def _times(self, step: float | str | None) -> list[Figure]:
        from cnn_studio.core.plans.run_length import run_seconds

        plan, samples = self.workspace.plan, samples_of(self.workspace.data)
        if step is None:
            waits = self.workspace.training.is_live
            return [(_("Time"), [_("measured after the run") if waits else _("being measured …")])]
        if isinstance(step, str):
            return []
        speed = _("{n} samples/s").format(n=_two_digits(plan.batch_size / step))
        figures: list[Figure] = [(_("Speed"), [_("about {size}").format(size=speed)])]
        if samples is not None:
            time = duration(run_seconds(plan, step, *samples))
            figures.append((_("Time"), [_("about {size}").format(size=time)]))
        return figures

    def hideEvent(self, event: QHideEvent) -> None:
        for form in (self.form, self.rare, self.optimizer, self.schedule):
            form.finish()
        self.estimator.drop()
        super().hideEvent(event)

    def retranslate(self) -> None:
        from cnn_studio.core.plans.presets import PRESETS

        for preset in PRESETS:
            button = self.presets[preset.name]
            button.setText(_(preset.label))
            button.setToolTip(_(preset.help))
            button.setAccessibleName(_(preset.label))
            button.setAccessibleDescription(_(preset.help))
        self.head.setText(_("What a run will take"))
        retranslated: tuple[Callable[[], None], ...] = (
            self.form.retranslate, self.optimizer.retranslate, self.schedule.retranslate, self.rare.retranslate,
            self.rate.retranslate,
        )  # fmt: skip
        for one in retranslated:
            one()


def _two_digits(number: float) -> str:
    """A number of which only two digits are known."""
    return integer(int(float(f"{number:.2g}"))) if number >= 1 else figure(number, 2)


def _changed(label: str) -> Words:
    return say(N_("plan: {name}"), name=say(label))
