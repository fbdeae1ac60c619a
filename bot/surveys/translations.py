"""HR's own questions in other languages: typed in the form, stored beside each question."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.blockkit.blocks import OPTION_TEXT, Block, field_input, text_input
from bot.blockkit.form_state import FormState
from bot.blockkit.text import storable
from bot.languages import LANGUAGES, _, _n, current_language, speaking
from bot.surveys import form_fields

QUESTION_LENGTH: Final = 300
Typed = Mapping[str, str]
"""What HR typed for a question, by language: the question, then each option on a line."""


@dataclass(frozen=True)
class Translation:
    """A question in one of `LANGUAGES`; `options` is empty unless it is a choice."""

    language: str
    text: str
    options: tuple[str, ...] = ()


def stored(translations: Iterable[Translation]) -> dict[str, Any]:
    """Return translations for a JSON column, by language."""
    return {
        each.language: {"text": each.text, "options": list(each.options)} for each in translations
    }


def translations_of(column: Mapping[str, Any]) -> tuple[Translation, ...]:
    """Read what `stored` returned."""
    return tuple(
        Translation(language, each["text"], tuple(each["options"]))
        for language, each in column.items()
    )


def in_readers_language(
    text: str, options: Sequence[str], translations: Iterable[Translation]
) -> tuple[str, tuple[str, ...]]:
    """Return a question and its options as HR translated them, else as they were written."""
    for each in translations:
        if each.language == current_language():
            return each.text, each.options or tuple(options)
    return text, tuple(options)


def missing_in(text: str, translations: Iterable[Translation]) -> tuple[str, ...]:
    """Return the names of the languages in which a question is shown as it was written.

    The language that HR reads counts as that of the question. The templates' own questions are in
    our catalogues.
    """
    known = {each.language for each in translations} | {current_language()}
    return tuple(
        name
        for language, name in LANGUAGES.items()
        if language not in known and not _is_in_catalogue(text, language)
    )


def _is_in_catalogue(text: str, language: str) -> bool:
    with speaking(language):
        return _(text) != text


def translation_fields(number: int, typed: Typed, *, has_options: bool) -> list[Block]:
    """Build a field for each language in which HR may write its question of this number, from 0."""
    hint = None
    if has_options:
        hint = _("The question, then its options in the same order, one on each line.")
    blocks = []
    for language, name in LANGUAGES.items():
        if language == current_language() and language not in typed:
            continue
        field = _field(number, language)
        element = text_input(field, multiline=has_options, initial=typed.get(language))
        label = _("Question {number} in {language}").format(number=number + 1, language=name)
        blocks.append(field_input(label, element, block_id=field, hint=hint, optional=True))
    return blocks


def typed_in(state: FormState, number: int) -> dict[str, str]:
    """Read the fields of one question from a view's state."""
    typed = {language: state.one(_field(number, language)) for language in LANGUAGES}
    return {language: text for language, text in typed.items() if text.strip()}


def typed_of(translations: Iterable[Translation]) -> dict[str, str]:
    """Return the fields of stored translations."""
    return {each.language: "\n".join((each.text, *each.options)) for each in translations}


def read_translations(
    number: int, typed: Typed, options: Sequence[str], wrong: dict[str, str]
) -> tuple[Translation, ...]:
    """Return a question's translations; say in `wrong` what doesn't fit, by field."""
    found = []
    for language, text in typed.items():
        lines = [" ".join(line.split()) for line in storable(text).splitlines() if line.strip()]
        if not options:
            lines = [" ".join(lines)]
        if fault := _fault_in(lines, len(options)):
            wrong[_field(number, language)] = fault
        found.append(Translation(language, lines[0], tuple(lines[1:])))
    return tuple(found)


def _fault_in(lines: Sequence[str], options: int) -> str | None:
    if len(lines) != 1 + options:
        return _n(
            "Please write the question on the first line, and {count} option beneath it.",
            "Please write the question on the first line, and {count} options beneath it, one on "
            "each line.",
            options,
        )
    if len(lines[0]) > QUESTION_LENGTH:
        return _("Please shorten the question to {most} characters.").format(most=QUESTION_LENGTH)
    if any(len(line) > OPTION_TEXT for line in lines[1:]):
        return _("Please shorten each option to {most} characters.").format(most=OPTION_TEXT)
    if len({line.casefold() for line in lines[1:]}) < options:
        return _("Two options are the same. Please change or remove one of them.")
    return None


def _field(number: int, language: str) -> str:
    return form_fields.own(f"{form_fields.OWN_TRANSLATION}:{language}", number)
