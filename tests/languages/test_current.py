import asyncio

import pytest

from bot.languages import LANGUAGES, best_language, browsers_language, current_language, speaking


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        (["de-AT"], "de"),
        (["pt-PT"], "pt_BR"),
        (["pt"], "pt_BR"),
        (["pt_BR"], "pt_BR"),
        (["ja-JP"], "ja"),
        ([None, "fr-CA"], "fr"),
        (["sv-SE", "es-LA"], "es"),
        (["de", "fr-FR"], "de"),
        (["sv-SE", None], "en"),
        (["", "DE"], "de"),
        (["x" * 16], "en"),
    ],
)
def test_the_first_language_that_there_is(wanted: list[str | None], language: str) -> None:
    assert best_language(*wanted) == language


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("en-US, ja;q=0.9", "en"),
        ("sv, fr;q=0.5, pt-BR;q=0.85", "pt_BR"),
        ("de;q=0, es;q=0.001", "es"),
        ("*", "en"),
        ("", "en"),
        (";q=,;;q=x", "en"),
    ],
)
def test_what_a_browser_wants_most(accepted: str, language: str) -> None:
    assert browsers_language(accepted) == language


def test_it_ends_with_its_block() -> None:
    with speaking("ja"):
        with speaking("de"):
            assert current_language() == "de"
        assert current_language() == "ja"
    assert current_language() == "en"


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="sv"), speaking("sv"):
        pass


async def test_tasks_and_threads_speak_it_and_do_not_disturb_others() -> None:
    async def reader(language: str) -> tuple[str, str, str]:
        with speaking(language):
            started = asyncio.create_task(_later())
            await asyncio.sleep(0)
            in_thread = await asyncio.to_thread(current_language)
        return current_language(), await started, in_thread

    found = await asyncio.gather(*(reader(each) for each in LANGUAGES))
    assert found == [("en", each, each) for each in LANGUAGES]


async def _later() -> str:
    await asyncio.sleep(0)
    return current_language()
