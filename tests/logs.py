"""Whatever the tests make the product do, its logs hold no answer, comment, name or token.

The log is the one that `python -m bot` and `python -m scheduler` write: every logger from INFO on.
What must not be in it is learnt while it is written into either database, so that a comment which
its author changes or withdraws is looked for as well; answers are recognised by the ways in which
one would log them.

Not learnt: what processes that a test starts write, and rows that a test inserts as SQL text.
"""

import json
import logging
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Engine, event

from bot.masking.words import WORD, data, fold
from bot.surveys.pure.scales import AGREE_LABELS

_SEVERAL: Final = "|".join(label for label in AGREE_LABELS.values() if " " in label)
_SINGLE: Final = "|".join(label for label in AGREE_LABELS.values() if " " not in label)
_ANSWERING: Final = (
    "answer|answers|answered|value|score|scored|rated|rating|pressed|chose|picked|voted|replied"
)

FORMS: Final = {
    "an answer": re.compile(r"\b[0-9a-f]{32}\.\d{1,3}\.(\d{1,3}|-)\.[0-9a-f]{16}\b"),
    "an answer's value": re.compile(
        rf"\b(?:{_ANSWERING})\b(?:[^\w\n]+[^\W\d]+){{0,3}}[^\w\n]+\d{{1,2}}\b", re.IGNORECASE
    ),
    "an answer's label": re.compile(rf"(?i:\b(?:{_SEVERAL})\b)|\b(?:{_SINGLE})\b"),
    "the way back to a conversation with HR": re.compile(
        r"\b[0-9a-f]{32}\.\d{4}-\d{2}-\d{2}\.[0-9a-f]{32}\b"
    ),
    "a message": re.compile(r"""['"]blocks\\?['"]\s*:"""),
    "a respondent's token": re.compile(r"\b[0-9a-f]{64}\b"),
    "a token of Slack": re.compile(r"\bx(ox[abeprs]|app)-[\w-]{8,}"),
    "an address": re.compile(r"[\w.+-]+@[\w-]+\.\w+"),
}
"""The value's form looks for a number of one or two digits up to three words behind."""
SHORTEST_NAME: Final = 3
"""Letters of a name or nick, or of a part of one: fewer are syllables of any log."""
SHORTEST_TEXT: Final = 6
"""Characters of a comment or the like that is found wherever a word begins."""
LONGEST_TEXT: Final = 40
"""A log may cut a text short; its beginning is enough."""
LOG_WORDS: Final = frozenset(
    ["person", "name", "left", "error", "warning", "info", "test", "bot", "slack"]
)
"""Parts of made-up names that every log holds, beside everyday words such as Will and Mark."""

NAMES: Final[Mapping[str, Collection[str]]] = {"employees": ("name", "nick", "email")}
TEXTS: Final[Mapping[str, Collection[str]]] = {
    "open_answers": ("comment",),
    "comments": ("text",),
    "pool_comments": ("comment",),
    "published_comments": ("text",),
    "theme_terms": ("text",),
    "mentoring_profiles": ("hopes",),
    "survey_questions": ("text", "options"),
    "deliveries": ("detail",),
    "voice_messages": ("text",),
    "blockers": ("text",),
    "knowledge_questions": ("text", "answer"),
    "goals": ("text", "measure"),
    "goal_checkins": ("learned",),
    "learning_slots": ("note",),
}
"""The columns that hold what people write, by table."""

_OWN: Final = ("sandbox", "tests", "alembic")
"""Loggers that are no part of the product."""
_ROW_OF_MANY: Final = re.compile(r"_m\d+$")
"""SQLAlchemy numbers the values of an INSERT of several rows: `name_m0`, `name_m1`."""
_TOKEN: Final = re.compile(r"\w+")


@dataclass
class Secrets:
    """What must not be logged."""

    names: set[str] = field(default_factory=set)
    """Whole, and each part; found as whole words, in their own case."""
    texts: set[str] = field(default_factory=set)
    """The beginnings of what people wrote; found in their own case."""

    def learn_name(self, name: str) -> None:
        """Remember a name, a nick or what stands before an address's @, and each part of it.

        The tests make addresses of ids, such as `u0next`: their letters are words, and no names.
        """
        own = name.partition("@")[0]
        is_id = own[:1] == "u" and any(map(str.isdigit, own))
        self.names.update([own] if is_id else [own, *WORD.findall(own)])

    def learn_text(self, text: str) -> None:
        """Remember a text; one of few characters is looked for like a name."""
        text = text.strip()
        (self.texts if len(text) >= SHORTEST_TEXT else self.names).add(text)

    def sought_names(self) -> set[str]:
        """Return the names that are looked for."""
        return {
            name
            for name in self.names
            if sum(map(str.isalpha, name)) >= SHORTEST_NAME
            and fold(name) not in data("everyday") | data("function_words")
            and fold(name) not in LOG_WORDS
        }

    def sought_texts(self) -> set[str]:
        """Return the texts that are looked for, also as Python and JSON would quote them."""
        cut = {text[:LONGEST_TEXT] for text in self.texts}
        return {form for text in cut for form in (text, repr(text)[1:-1], json.dumps(text)[1:-1])}


class LogBook(logging.Handler):
    """Keeps what is logged, and what must not be."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.lines: list[str] = []
        self.secrets = Secrets()
        self._seen: Any = None

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record as it would be written, with its traceback."""
        if record.name.partition(".")[0] not in _OWN:
            self.lines.append(self.format(record))

    @contextmanager
    def learning(self) -> Iterator[None]:
        """Learn from all that this process writes into any database meanwhile."""
        event.listen(Engine, "before_cursor_execute", self._learn)
        try:
            yield
        finally:
            event.remove(Engine, "before_cursor_execute", self._learn)

    def _learn(
        self,
        connection: Connection,
        cursor: Any,
        statement: str,
        parameters: Any,
        context: Any,
        executemany: bool,
    ) -> None:
        """Look at a statement's parameters as they are before a column's type encrypts them."""
        # Many rows are sent in several batches, each of which has the parameters of all.
        if context is self._seen or not (context.isinsert or context.isupdate):
            return
        self._seen = context
        table = context.compiled.statement.table.name
        names, texts = NAMES.get(table, ()), TEXTS.get(table, ())
        for row in context.compiled_parameters if names or texts else ():
            for key, value in row.items():
                column = _ROW_OF_MANY.sub("", key)
                if column in names and value:
                    self.secrets.learn_name(value)
                elif column in texts:
                    for text in _texts_in(value):
                        self.secrets.learn_text(text)


def found_in(lines: Iterable[str], secrets: Secrets) -> list[str]:
    """Say what the lines hold that they must not, without repeating it."""
    text = "\n".join(lines)
    found = [
        f"{name}, {len(hits)} times" for name, form in FORMS.items() if (hits := form.findall(text))
    ]
    # Few of many thousand secrets share all their words with the log; only these are searched for.
    logged = frozenset(_TOKEN.findall(text))
    found += [
        f"a name of {len(name)} characters"
        for name in secrets.sought_names()
        if logged.issuperset(_TOKEN.findall(name))
        and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)
    ]
    return found + [
        f"a text of {len(beginning)} characters or more"
        for beginning in secrets.sought_texts()
        if logged.issuperset(_TOKEN.findall(beginning)[:-1])
        and re.search(rf"(?<!\w){re.escape(beginning)}", text)
    ]


def _texts_in(value: Any) -> Iterator[str]:
    """Give the texts in a column's value; of an object the sentences, for it has ids, too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (text for part in value.values() for text in _texts_in(part) if " " in text)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts_in(part)
