import tomllib
from collections import Counter
from importlib import resources

import pytest

from bot.languages import LANGUAGES, _, speaking
from bot.mentoring.profiles.pure.topics import (
    CuratedTopic,
    _key,
    curated,
    distinct,
    merge_spellings,
    normalise,
    same_topic,
    suggest,
    topic_name,
    topics_in,
)


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
        ("Pyton", "Python"),
        ("Phyton", "Python"),
        ("kubernetis", "Kubernetes"),
        ("API", "API design"),
        ("Spreadsheet", "Spreadsheets"),
        ("Databse", "Databases"),
    ],
)
def test_spellings_and_synonyms_mean_the_curated_topic(written: str, name: str) -> None:
    assert topic_name(written) == name
    assert isinstance(normalise(written), CuratedTopic)


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
        ("React", "Redux"),
        ("Java", "Javanese"),
        ("German", "Germany"),
        ("Statistics", "Status"),
        ("Baking", "Banking"),
    ],
)
def test_unrelated_words_stay_apart(one: str, other: str) -> None:
    assert topic_name(one) != topic_name(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Guitar", "Guitars"),
        ("guitar", "GUITAR"),
        ("Guitar", "Giutar"),
        ("Guitar", "Gutar"),
        ("thai Cooking", "Thai-cooking"),
        ("Hobby", "Hobbies"),
        ("Movie", "movies"),
        ("GitLab CI", "Gitlab ci"),
        ("Wine tasting", "Wine tastings"),
    ],
)
def test_own_topics_of_two_people_meet(one: str, other: str) -> None:
    assert same_topic(one, other)
    assert same_topic(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Baking", "Banking"),
        ("Diving", "Driving"),
        ("Hiking", "Biking"),
        ("Rowing", "Roving"),
        ("Chess", "Cheese"),
        ("F#", "F"),
        ("Web 2", "Web 3"),
        ("Windows", "Window"),
        ("Java", "JavaScript"),
        ("Product management", "Project management"),
    ],
)
def test_own_topics_that_are_others_stay_apart(one: str, other: str) -> None:
    assert not same_topic(one, other)


def test_what_could_be_a_slip_of_two_topics_stays_by_itself() -> None:
    names = merge_spellings({"Salsa": 3, "Saalsas": 1, "Sals": 2})
    assert names["Saalsas"] == "Salsa"
    assert names["Sals"] == "Sals", "too short to guess"
    assert merge_spellings({"Weaving": 2, "Wearing": 2, "Weaing": 1})["Weaing"] == "Weaing"


def test_the_name_is_what_most_people_wrote() -> None:
    assert set(merge_spellings({"guitar": 1, "Guitars": 3, "Giutars": 1}).values()) == {"Guitars"}


def test_a_field_holds_several_topics() -> None:
    assert topics_in("K8s; rust / python") == ["Kubernetes", "Rust", "Python"]
    assert topics_in("Gitlab CI\n!!!,;, tcp/ip") == ["Gitlab CI", "Networking"]
    assert distinct(["GitLab CI", "gitlab-ci", "Rust"]) == ["GitLab CI", "Rust"]


def test_own_topics_keep_their_authors_spelling() -> None:
    assert topic_name("  thai   Cooking") == "thai Cooking"
    assert topic_name("GitLab CI") == "GitLab CI"
    assert topic_name("") == ""
    assert topic_name("🧗") == "🧗"
    assert topic_name("تصميم") == "تصميم"


def test_every_name_and_alias_belongs_to_one_topic() -> None:
    text = resources.files("bot.mentoring.profiles.pure").joinpath("topics.toml").read_text("utf-8")
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


@pytest.mark.parametrize("language", LANGUAGES)
def test_curated_topics_are_read_in_the_language_in_which_they_are_shown(language: str) -> None:
    with speaking(language):
        assert [topics_in(_(topic.name)) for topic in curated()] == [
            [each.name] for each in curated()
        ]
