"""A survey as its author composed it, before it is stored."""

from dataclasses import dataclass, field
from datetime import date, time

from bot.surveys.audience import Audience
from bot.surveys.pure.audience_overlap import OWN_DRIVER
from bot.surveys.pure.bank import BankQuestion
from bot.surveys.pure.scales import Scale
from bot.surveys.pure.schedule import Cadence, Plan
from bot.surveys.translations import Translation


@dataclass(frozen=True)
class NewQuestion:
    """A question of a survey that is being composed."""

    text: str
    scale: Scale
    driver: str = OWN_DRIVER
    direction: int = 1
    options: tuple[str, ...] = ()
    bank_key: str | None = None
    translations: tuple[Translation, ...] = field(default=(), compare=False)
    """Of a question that HR wrote. They may change without making it another question."""

    @classmethod
    def from_bank(cls, question: BankQuestion) -> "NewQuestion":
        """Use a question of the bank unchanged."""
        return cls(
            question.wording,
            question.scale,
            question.driver,
            question.direction,
            question.options,
            question.key,
        )


@dataclass(frozen=True)
class Repeating:
    """When a repeating survey is asked; only those by month use `ordinal` (such as `2nd`)."""

    cadence: Cadence
    weekday: int
    """0 is Monday."""
    ordinal: str
    ask_at: time
    ends_on: date | None = None
    """The last date; empty if HR ends it."""
    working_days: bool = False
    """True if a wave on a day off moves to the next working day."""


@dataclass(frozen=True)
class CompanyPulse:
    """What HR chose for the company pulse."""

    questions_a_week: int
    """The most questions for a person in a week."""
    half_width: float
    """How sure HR wants to be of each figure: half of a 95 % interval, out of ten."""


@dataclass(frozen=True)
class NewSurvey:
    """A survey as its author composed it, with every field well-formed."""

    name: str
    questions: tuple[NewQuestion, ...]
    audience: Audience
    when: Plan | Repeating
    open_hours: int
    anonymous: bool = True
    company_pulse: CompanyPulse | None = None
    """Only for the cadence `standing`."""
    prepared: str | None = None
    """As in `models.Survey`."""
    replaces: str | None = None
    """As in `models.Survey`."""
