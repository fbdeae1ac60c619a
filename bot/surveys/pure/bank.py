"""The question bank: drivers and ready-made questions, read from ``bank.toml``."""

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from importlib import resources
from typing import Annotated, Final, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from bot.languages import _
from bot.surveys.pure.scales import Scale

BANK_FILE: Final = "bank.toml"

_STRICT: Final = ConfigDict(extra="forbid", str_strip_whitespace=True)

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Wording = Annotated[str, Field(min_length=5, max_length=119)]
Option = Annotated[str, Field(min_length=1, max_length=75)]  # the longest option text Slack shows


class BankError(ValueError):
    """The bank's data file breaks rules; the message lists each."""


@dataclass(frozen=True, config=_STRICT)
class Driver:
    """What a question measures."""

    key: Key
    label: Option
    measures: Annotated[str, Field(min_length=10, max_length=150)]
    cause: Literal["", "demands", "control", "support", "relationships", "role", "change"] = ""
    """The cause of strain that it covers, of the HSE Management Standards; empty for none."""
    only_at_milestones: bool = False
    """True if its questions are for people at a milestone alone, such as those who leave."""


@dataclass(frozen=True, config=_STRICT)
class Instrument:
    """A published instrument that questions are taken from."""

    key: Key
    name: str
    source: str
    terms: str
    """Under which terms it is used here."""
    limits: str
    """What its figures do not say."""


@dataclass(frozen=True, config=_STRICT)
class BankQuestion:
    """A ready-made question.

    ``direction`` is +1 if agreeing is good news and −1 if it is bad news; choices and texts have
    an unused +1. ``options`` is empty unless the scale is a choice. ``instrument`` is the key of
    the one that it is taken from; empty for our own.
    """

    key: Key
    driver: Key
    wording: Wording
    scale: Scale
    direction: Literal[1, -1]
    options: Annotated[tuple[Option, ...], Field(max_length=10)] = ()
    instrument: Key | Literal[""] = ""
    strain_from: Annotated[int, Field(ge=0)] = 0
    """Of a choice whose options are steps of strain: the first step that counts as strain, from 2;
    0 for every other question. Only the share from this step on is published."""
    strain_label: Annotated[str, Field(max_length=40)] = ""
    """What is true of people from that step on, such as "feel burned out"."""

    @property
    def steps(self) -> str:
        """Say which steps count as strain: `steps 3 to 5 of 5`."""
        return _("steps {first} to {last} of {last}").format(
            first=self.strain_from, last=len(self.options)
        )


@dataclass(frozen=True, config=_STRICT)
class Bank:
    """All drivers and questions, in the order of the file."""

    drivers: tuple[Driver, ...]
    questions: tuple[BankQuestion, ...]
    instruments: tuple[Instrument, ...] = ()

    @cached_property
    def _question_by_key(self) -> Mapping[str, BankQuestion]:
        return {question.key: question for question in self.questions}

    def by_driver(self, key: str) -> tuple[BankQuestion, ...]:
        """Return the driver's questions; raise KeyError for an unknown driver."""
        if all(driver.key != key for driver in self.drivers):
            raise KeyError(key)
        return tuple(question for question in self.questions if question.driver == key)

    def instrument(self, key: str) -> Instrument:
        """Return one instrument; raise KeyError for an unknown key."""
        return {each.key: each for each in self.instruments}[key]

    def get(self, question_key: str) -> BankQuestion:
        """Return one question; raise KeyError for an unknown key."""
        return self._question_by_key[question_key]

    def find(self, question_key: str) -> BankQuestion | None:
        """Return one question; None for an unknown key."""
        return self._question_by_key.get(question_key)


def driver_label(key: str) -> str:
    """Return a driver's name, or its key if the bank no longer has it."""
    return next((each.label for each in load_bank().drivers if each.key == key), key)


def strain_question(bank_key: str | None) -> BankQuestion | None:
    """Return the bank's question of this key if its options are steps of strain, else None."""
    found = load_bank().find(bank_key) if bank_key else None
    return found if found and found.strain_from else None


@cache
def load_bank() -> Bank:
    """Read and check this package's bank; raise BankError if it breaks a rule."""
    return parse_bank(resources.files(__package__).joinpath(BANK_FILE).read_text("utf-8"))


def parse_bank(text: str) -> Bank:
    """Read a bank from TOML; raise BankError listing every rule it breaks."""
    try:
        bank = TypeAdapter(Bank).validate_python(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BankError(f"The question bank is not valid TOML: {error}.") from error
    except ValidationError as error:
        broken = [
            f"{'.'.join(str(part) for part in detail['loc'])}: {detail['msg']}"
            for detail in error.errors()
        ]
        raise BankError(_listed(broken)) from error
    if broken := list(_broken_rules(bank)):
        raise BankError(_listed(broken))
    return bank


def _listed(broken: list[str]) -> str:
    return "The question bank breaks these rules:\n" + "\n".join(f"- {rule}" for rule in broken)


def _broken_rules(bank: Bank) -> Iterator[str]:
    driver_keys = [driver.key for driver in bank.drivers]
    for key in _repeated(driver_keys):
        yield f"driver {key}: the key is used twice"
    for key in _repeated([question.key for question in bank.questions]):
        yield f"question {key}: the key is used twice"
    for wording in _repeated([question.wording.casefold() for question in bank.questions]):
        yield f"the wording {wording!r} is used twice"
    for key in sorted(set(driver_keys) - {question.driver for question in bank.questions}):
        yield f"driver {key}: it has no question"
    for question in bank.questions:
        yield from _unknown_references(bank, question)
        if question.scale is Scale.CHOICE and len(question.options) < 2:
            yield f"question {question.key}: a choice needs two options or more"
        is_among = 2 <= question.strain_from <= len(question.options)
        if (question.strain_from or question.strain_label) and not (
            is_among and question.strain_label
        ):
            yield f"question {question.key}: strain needs a label, and a step from the second on"
        if question.scale is not Scale.CHOICE and question.options:
            yield f"question {question.key}: only a choice has options"
        if _repeated([option.casefold() for option in question.options]):
            yield f"question {question.key}: an option is given twice"


def _unknown_references(bank: Bank, question: BankQuestion) -> Iterator[str]:
    if all(each.key != question.driver for each in bank.drivers):
        yield f"question {question.key}: there is no driver {question.driver}"
    if question.instrument and all(each.key != question.instrument for each in bank.instruments):
        yield f"question {question.key}: there is no instrument {question.instrument}"


def _repeated(values: list[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]
