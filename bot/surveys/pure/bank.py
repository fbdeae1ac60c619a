"""The question bank: drivers and ready-made questions, read from ``bank.toml``."""

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from importlib import resources
from typing import Annotated, Final, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

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

    def get(self, question_key: str) -> BankQuestion:
        """Return one question; raise KeyError for an unknown key."""
        return self._question_by_key[question_key]


def driver_label(key: str) -> str:
    """Return a driver's name, or its key if the bank no longer has it."""
    return next((each.label for each in load_bank().drivers if each.key == key), key)


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
