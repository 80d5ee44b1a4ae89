"""Fields of declared models: bounds, label, unit and help said once.

Forms, files, the command line and the help pages all read a field from here, so a value that a
form would refuse is refused in a file with the same words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import isfinite
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, ValidationError
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from cnn_studio.core.words import Pointed, Words, one_line, say
from cnn_studio.i18n import N_

Size = int | tuple[int, ...]
"""One number for every axis, or one per axis."""

MAX_AXES = 3

_SIZE_WANTED = N_("{label} must be one whole number, or one per axis (at most 3), but it is {value}")
_SIZE_OR_WORD_WANTED = N_(
    "{label} must be a whole number, one per axis (at most 3), or one of {choices}, but it is {value}"
)
_SEQUENCE_WANTED = N_("{label} must be a list of {fewest} to {most} whole numbers, but it is {value}")
_NUMBERS_WANTED = N_("{label} must be a list of at most {limit} numbers, but it is {value}")
_WHOLE_WANTED = N_("{label} must be a whole number, but it is {value}")
_TOO_SMALL = N_("{label} must be at least {limit}, but it is {value}")
_TOO_LARGE = N_("{label} must be at most {limit}, but it is {value}")
_NUMBER_WANTED = N_("{label} must be a number, but it is {value}")
_FLAG_WANTED = N_("{label} must be yes or no, but it is {value}")
_TOO_LONG = N_("{label} may have at most {limit} characters, but it is {value}")
_TEXT_WANTED = N_("{label} must be a text, but it is {value}")
_CHOICE_WANTED = N_("{label} must be one of {choices}, but it is {value}")
_MISSING = N_("{label} is missing")
_EXTRA = N_("there is no field called {label} here")
_OTHER = N_("{label} cannot be {value}")


class Model(BaseModel):
    """Base of everything declared: immutable, strict about types, no unknown fields."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, defer_build=True, allow_inf_nan=False, protected_namespaces=()
    )


@dataclass(frozen=True)
class SizeBounds:
    """Pydantic validator of sizes: a number or one per axis within bounds, or one of a few words."""

    minimum: int
    maximum: int
    words: tuple[str, ...] = ()
    single: bool = True
    axes: tuple[int, int] = (1, MAX_AXES)

    @property
    def wanted(self) -> str:
        """The sentence that says what is taken."""
        if not self.single:
            return _SEQUENCE_WANTED
        return _SIZE_OR_WORD_WANTED if self.words else _SIZE_WANTED

    def refusal(self) -> PydanticCustomError:
        """The error of a value that is not even of the right form."""
        return PydanticCustomError("studio", self.wanted, {"min_axes": self.axes[0], "max_axes": self.axes[1]})

    def check(self, value: Any) -> Size | str:
        """The value in its canonical form; refuses with the reason's type in a PydanticCustomError."""
        if type(value) is int and self.single:
            numbers: Sequence[int] = (value,)
        elif isinstance(value, str) and value in self.words:
            return value
        elif isinstance(value, (list, tuple)) and all(type(item) is int for item in value):
            numbers = value = tuple(value)
        else:
            raise self.refusal()
        if isinstance(value, tuple) and not self.axes[0] <= len(value) <= self.axes[1]:
            raise self.refusal()
        for number in numbers:
            if number < self.minimum:
                raise PydanticCustomError("studio", _TOO_SMALL, {"ge": self.minimum})
            if number > self.maximum:
                raise PydanticCustomError("studio", _TOO_LARGE, {"le": self.maximum})
        return value  # type: ignore[no-any-return]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.check)


@dataclass(frozen=True)
class NumbersBounds:
    """Pydantic validator of a short list of decimal numbers within bounds."""

    minimum: float
    maximum: float
    most: int

    def check(self, value: Any) -> tuple[float, ...]:
        """The numbers as a tuple; refuses with the reason in a PydanticCustomError."""
        if not isinstance(value, (list, tuple)) or not 1 <= len(value) <= self.most:
            raise PydanticCustomError("studio", _NUMBERS_WANTED, {"max_length": self.most})
        for item in value:
            if type(item) not in (int, float) or not isfinite(item):
                raise PydanticCustomError("studio", _NUMBERS_WANTED, {"max_length": self.most})
            if item < self.minimum:
                raise PydanticCustomError("studio", _TOO_SMALL, {"ge": self.minimum})
            if item > self.maximum:
                raise PydanticCustomError("studio", _TOO_LARGE, {"le": self.maximum})
        return tuple(map(float, value))

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.check)


@dataclass(frozen=True)
class FieldSpec:
    """Everything a form, a help page or a message needs to know about one field.

    ``editor`` is "number" (whole), "decimal", "numbers", "size", "choice", "flag" or "text". ``choices`` maps
    stored values to labels (marked, not yet translated); for a size they are its allowed words.
    ``axes`` are the fewest and the most numbers of a size that is given as a list.
    """

    name: str
    label: str
    editor: str
    default: Any
    unit: str = ""
    help: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: Mapping[str, str] | None = None
    single: bool = True
    advanced: bool = False
    axes: tuple[int, int] = (1, MAX_AXES)


class FieldProblem(NamedTuple):
    """One refused value: where it stands and the sentence that says why."""

    path: tuple[str | int, ...]
    words: Words

    def __str__(self) -> str:
        return str(self.words)


def _studio(label: str, editor: str, **more: Any) -> dict[str, Any]:
    return {"studio": {"label": label, "editor": editor, **more}}


def number(
    default: float, label: str, *, ge: float, le: float, unit: str = "", help: str = "", advanced: bool = False
) -> Any:
    """A whole number (annotated int) or a decimal one (annotated float) within bounds."""
    editor = "decimal" if isinstance(default, float) else "number"
    return Field(
        default, ge=ge, le=le, json_schema_extra=_studio(label, editor, unit=unit, help=help, advanced=advanced)
    )


def numbers(
    default: tuple[float, ...],
    label: str,
    *,
    ge: float,
    le: float,
    most: int = 4,
    help: str = "",
    advanced: bool = False,
) -> Any:
    """A short list of decimal numbers (annotated tuple[float, ...]), each within bounds."""
    info: Any = Field(default, json_schema_extra=_studio(label, "numbers", help=help, advanced=advanced))
    info.metadata.append(NumbersBounds(ge, le, most))
    return info


def choice(default: str, label: str, choices: Mapping[str, str], *, help: str = "", advanced: bool = False) -> Any:
    """One of a few words (annotated as a Literal of the same words); ``choices`` gives each a label."""
    return Field(default, json_schema_extra=_studio(label, "choice", choices=choices, help=help, advanced=advanced))


def flag(default: bool, label: str, *, help: str = "", advanced: bool = False) -> Any:
    """Yes or no."""
    return Field(default, json_schema_extra=_studio(label, "flag", help=help, advanced=advanced))


def text(default: str, label: str, *, longest: int, help: str = "", advanced: bool = False) -> Any:
    """Free text of at most ``longest`` characters."""
    return Field(default, max_length=longest, json_schema_extra=_studio(label, "text", help=help, advanced=advanced))


def size(
    default: Size | str,
    label: str,
    *,
    ge: int,
    le: int,
    unit: str = "",
    help: str = "",
    words: Mapping[str, str] | None = None,
    single: bool = True,
    axes: tuple[int, int] = (1, MAX_AXES),
    advanced: bool = False,
) -> Any:
    """One number or one per axis within bounds, or one of ``words`` (such as "same").

    With ``single=False`` only a list is taken, of at least and at most ``axes`` numbers.
    """
    extra = _studio(label, "size", unit=unit, help=help, choices=words, single=single, advanced=advanced)
    info: Any = Field(default, json_schema_extra=extra)
    info.metadata.append(SizeBounds(ge, le, tuple(words or ()), single, axes))
    return info


@cache
def specs(model: type[BaseModel]) -> tuple[FieldSpec, ...]:
    """The declared fields of a model in order, the rarely needed ones last."""
    found = [
        _spec(name, info.json_schema_extra["studio"], info.default, info.metadata)
        for name, info in model.model_fields.items()
        if isinstance(info.json_schema_extra, dict) and "studio" in info.json_schema_extra
    ]
    return tuple(sorted(found, key=lambda field: field.advanced))


def _spec(name: str, studio: Any, default: Any, metadata: list[Any]) -> FieldSpec:
    minimum = maximum = None
    axes = (1, MAX_AXES)
    for constraint in metadata:
        axes = getattr(constraint, "axes", axes)
        if isinstance(constraint, (SizeBounds, NumbersBounds)):
            minimum, maximum = constraint.minimum, constraint.maximum
        minimum = getattr(constraint, "ge", minimum)
        maximum = getattr(constraint, "le", maximum)
    return FieldSpec(name=name, default=default, minimum=minimum, maximum=maximum, axes=axes, **studio)


def spec(model: type[BaseModel], name: str) -> FieldSpec:
    """One declared field; KeyError when the model has no such field."""
    for candidate in specs(model):
        if candidate.name == name:
            return candidate
    raise KeyError(name)


_TEMPLATES = {
    "greater_than_equal": _TOO_SMALL,
    "less_than_equal": _TOO_LARGE,
    "int_type": _WHOLE_WANTED,
    "int_from_float": _WHOLE_WANTED,
    "int_parsing_size": _WHOLE_WANTED,
    "float_type": _NUMBER_WANTED,
    "finite_number": _NUMBER_WANTED,
    "bool_type": _FLAG_WANTED,
    "string_type": _TEXT_WANTED,
    "string_too_long": _TOO_LONG,
    "literal_error": _CHOICE_WANTED,
    "missing": _MISSING,
    "extra_forbidden": _EXTRA,
}


_LIMITS = {"ge": "limit", "le": "limit", "max_length": "limit", "min_axes": "fewest", "max_axes": "most"}
"""What a refusal calls a bound -> its name in the templates; other names, as pydantic fills in those it knows."""


def explain(error: ValidationError, model: type[BaseModel]) -> tuple[FieldProblem, ...]:
    """Every refusal of a model in our words, in the order of its fields."""
    return tuple(_explain_one(dict(one), model) for one in error.errors(include_url=False))


def _explain_one(one: dict[str, Any], model: type[BaseModel]) -> FieldProblem:
    path = tuple(one["loc"])
    context = one.get("ctx") or {}
    label = _label(path, model)
    template = one["msg"] if one["type"] == "studio" else _TEMPLATES.get(one["type"], _OTHER)
    values = {"label": label, "value": _shown(one.get("input")), "choices": _choices(path, model)}
    limits = {_LIMITS[name]: limit for name, limit in context.items() if name in _LIMITS}
    return FieldProblem(path, say(template, **values, **limits))


def _label(path: tuple[str | int, ...], model: type[BaseModel]) -> Words | str:
    name = str(path[0]) if path else ""
    try:
        return say(spec(model, name).label)
    except KeyError:
        return f"“{one_line(name)}”"


def _choices(path: tuple[str | int, ...], model: type[BaseModel]) -> str:
    try:
        return ", ".join(spec(model, str(path[0])).choices or ())
    except (KeyError, IndexError):
        return ""


def _shown(value: Any) -> Any:
    """A refused value as it may stand in a sentence: short, and numbers as numbers."""
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, (int, float)) and abs(value) < 1e15:
        whole = isinstance(value, float) and value.is_integer()
        return Pointed(value) if whole else value  # 6.0 is no whole number, and must not look like one
    if isinstance(value, str):
        return f"“{one_line(value)}”"
    try:
        shown = repr(value)
    except (RecursionError, ValueError):  # nested beyond reason, or a number of thousands of digits
        shown = "…"
    return one_line(shown)
