"""Ready-made surveys that HR can begin with; from ``templates.toml``."""

import tomllib
from functools import cache
from importlib import resources
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, TypeAdapter
from pydantic.dataclasses import dataclass

from bot.surveys.pure.bank import load_bank
from bot.surveys.pure.scales import Scale

_STRICT = ConfigDict(extra="forbid", str_strip_whitespace=True)


@dataclass(frozen=True, config=_STRICT)
class TemplateQuestion:
    """A question of a template that the bank does not have."""

    text: Annotated[str, Field(min_length=5, max_length=119)]
    scale: Literal[Scale.AGREE, Scale.TEXT]


@dataclass(frozen=True, config=_STRICT)
class Template:
    """A ready-made survey. It has at most ten questions, three of them its own."""

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
    name: Annotated[str, Field(min_length=5, max_length=75)]
    """The name that people see, too."""
    about: Annotated[str, Field(min_length=10, max_length=150)]
    """What it is for."""
    cadence: Literal["now", "weekly", "biweekly", "monthly", "quarterly"]
    open_days: Literal[1, 2, 3, 5, 7, 14]
    questions: Annotated[tuple[str, ...], Field(max_length=7)] = ()
    """Keys of the question bank."""
    own: Annotated[tuple[TemplateQuestion, ...], Field(max_length=3)] = ()
    joined_at_most: Annotated[int, Field(ge=1)] | None = None
    """Months since joining, of those who are asked; empty for everyone."""

    def wordings(self) -> list[str]:
        """Return its questions as people read them."""
        from_bank = [load_bank().get(key).wording for key in self.questions]
        return [*from_bank, *(each.text for each in self.own)]


@dataclass(frozen=True, config=_STRICT)
class _File:
    license: str
    templates: tuple[Template, ...]


@cache
def load_templates() -> dict[str, Template]:
    """Return the templates by key, in the file's order; raise ValueError if it breaks a rule."""
    text = resources.files(__package__).joinpath("templates.toml").read_text("utf-8")
    file = TypeAdapter(_File).validate_python(tomllib.loads(text))
    found = {each.key: each for each in file.templates}
    if len(found) < len(file.templates):
        raise ValueError("templates.toml uses a key twice")
    for each in found.values():
        if not each.wordings():
            raise ValueError(f"the template {each.key} has no question")
    return found
