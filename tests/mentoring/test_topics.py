import tomllib
from collections import Counter
from importlib import resources

import pytest

from bot.mentoring.topics import Topic, _key, curated, normalise, suggest, topic_name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("k8s", "Kubernetes"),
        ("kubernetes ", "Kubernetes"),
        ("Kubernets", "Kubernetes"),
        ("js", "JavaScript"),
        ("Java Script", "JavaScript"),
        ("javascrpit", "JavaScript"),
        ("postgres", "PostgreSQL"),
        ("Postgre-SQL", "PostgreSQL"),
        ("GoLang", "Go"),
        ("go", "Go"),
        ("pyhton", "Python"),
        ("cpp", "C++"),
        ("c ++", "C++"),
        ("C#", "C#"),
        ("Ｋ８Ｓ", "Kubernetes"),
        ("Español", "Spanish"),
        ("publik speaking", "Public speaking"),
    ],
)
def test_spellings_and_synonyms_mean_the_curated_topic(written: str, name: str) -> None:
    assert topic_name(written) == name
    assert isinstance(normalise(written), Topic)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Java", "JavaScript"),
        ("Java", "Lava"),
        ("R", "Rust"),
        ("R", "Ruby"),
        ("C", "C++"),
        ("C", "C#"),
        ("C++", "C#"),
        ("Go", "God"),
        ("Go", "Django"),
        ("SQL", "MySQL"),
        ("SQL", "NoSQL"),
        ("Scala", "Scale"),
        ("Hiring", "Hiking"),
        ("Hiring", "Firing"),
        ("Testing", "Texting"),
        ("Leadership", "Readership"),
        ("Design systems", "System design"),
        ("Python", "Python 2"),
        ("+", "#"),
    ],
)
def test_unrelated_words_stay_apart(one: str, other: str) -> None:
    assert topic_name(one) != topic_name(other)


def test_own_topics_are_tidied_alike() -> None:
    assert topic_name("  thai   Cooking") == topic_name("Thai-cooking") == "Thai cooking"
    assert topic_name("") == ""
    assert topic_name("🧗") == "🧗"
    assert topic_name("تصميم") == "تصميم"


def test_every_name_and_alias_belongs_to_one_topic() -> None:
    text = resources.files("bot.mentoring").joinpath("topics.toml").read_text("utf-8")
    spellings = Counter(
        key
        for names in tomllib.loads(text).values()
        for name, aliases in names.items()
        for key in {_key(spelling) for spelling in (name, *aliases)}
    )
    assert [key for key, topics in spellings.items() if topics > 1] == []
    assert "" not in spellings
    for topic in curated():
        assert normalise(topic.name) == topic


def test_suggestions_begin_with_what_was_meant() -> None:
    assert suggest("k8s")[0].name == "Kubernetes"
    assert suggest("post", 3)[0].name == "PostgreSQL"
    assert suggest("kuberntes")[0].name == "Kubernetes"
    assert suggest("r", 20)[0].name == "R"
    assert suggest("", 5) == curated()[:5]
    assert suggest("zzzzzz") == []
    assert len(suggest("a", 4)) == 4
