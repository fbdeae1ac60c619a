from bot.insights.pure.figures import publishable_segments
from bot.insights.pure.published_figure import PublishedFigure
from bot.insights.pure.sealed_wave import SealedComment, SealedWave
from bot.insights.pure.theme_figures import theme_figures
from bot.insights.pure.words.themes import Term
from tests.insights.sealed import WORKLOAD, answers, sealed

PAY = "The pay is terrible"
TOOLS = "The software is terrible"
BOTH = "The pay and the software are terrible"
NEITHER = "Hello there"


def wave(*texts: str, terms: frozenset[Term] = frozenset()) -> SealedWave:
    comments = [SealedComment(f"r{number}", 0, 0, text) for number, text in enumerate(texts)]
    people = {"Design": answers(0, *[1, 2, 3, 4, 5] * (len(texts) // 5 + 2))}
    return sealed([WORKLOAD], people, comments=comments, theme_terms=terms)


def shown(given: SealedWave) -> dict[str, PublishedFigure]:
    candidates = publishable_segments(given)
    assert candidates is not None
    return {figure.measure_ref: figure for figure in theme_figures(given, candidates)}


def test_a_theme_is_shown_from_twice_k_writers_on() -> None:
    assert shown(wave(*[PAY] * 9, *[NEITHER] * 9)) == {}

    pay = shown(wave(*[PAY] * 12, *[NEITHER] * 9))["pay"]

    assert (pay.n, pay.population) == (10, 20)
    assert pay.unfavourable is not None
    assert pay.favourable is not None
    assert pay.unfavourable > pay.favourable


def test_a_theme_is_hidden_if_few_others_wrote() -> None:
    assert shown(wave(*[PAY] * 20, *[NEITHER] * 4)) == {}
    assert set(shown(wave(*[PAY] * 20, *[NEITHER] * 5))) == {"pay"}
    assert set(shown(wave(*[PAY] * 20))) == {"pay"}


def test_of_two_themes_with_nearly_the_same_writers_one_is_shown() -> None:
    assert set(shown(wave(*[BOTH] * 12, *[PAY] * 3, *[NEITHER] * 10))) == {"pay"}
    assert set(shown(wave(*[BOTH] * 12, *[PAY] * 6, *[NEITHER] * 10))) == {"pay", "tools"}
    assert set(shown(wave(*[TOOLS] * 12, *[PAY] * 12))) == {"pay", "tools"}


def test_comments_in_an_unknown_language_have_a_theme_but_no_mood() -> None:
    terms = frozenset({Term("pay", "stipendio")})
    (pay,) = shown(wave(*["Lo stipendio è troppo basso"] * 10, terms=terms)).values()

    assert (pay.measure_ref, pay.n) == ("pay", 10)
    assert (pay.favourable, pay.unfavourable) == (None, None)


def test_the_workspaces_own_terms_count() -> None:
    texts = ["Zebra is slow"] * 12

    assert shown(wave(*texts)) == {}
    assert set(shown(wave(*texts, terms=frozenset({Term("tools", "zebra")})))) == {"tools"}
