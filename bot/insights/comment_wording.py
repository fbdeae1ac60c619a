"""How comments sound, and what they are about, in words."""

from bot.insights.pure.words.sentiment import ERROR_RATE
from bot.insights.wave_results import Mood, PublishedNumber, ThemeResult
from bot.insights.wording import number_of_weeks
from bot.languages import _, _p, write_number


def mood_line(mood: Mood) -> str:
    """Say how the comments sound, in words: the estimate is too rough for percentages."""
    sentences = [
        _("*Comments* At least {comments}: {positive_and_negative}.").format(
            comments=write_number(mood.n),
            positive_and_negative=mood_words(mood.positive, mood.negative),
        )
    ]
    if mood.not_scored:
        sentences.append(
            _("About {comments} more are in another language and were not judged.").format(
                comments=write_number(mood.not_scored)
            )
        )
    sentences.append(
        _(
            "Estimated by software from the words and the answers beside them; "
            "{about_one_in_three} is judged wrongly."
        ).format(about_one_in_three=_(ERROR_RATE))
    )
    return " ".join(sentences)


def theme_line(theme: ThemeResult) -> str:
    """Write a theme of the comments as a line of mrkdwn."""
    parts = [
        _("*{theme}* at least {people} people").format(
            theme=_(theme.label), people=write_number(theme.n)
        )
    ]
    if theme.positive is not None and theme.negative is not None:
        parts[0] += f": {mood_words(theme.positive, theme.negative)}"
    if theme.change and theme.change.low > 0:
        weeks = theme.change.weeks
        parts.append(
            _("more than in the week before")
            if weeks == 1
            else _("more than in the {number} weeks before").format(number=number_of_weeks(weeks))
        )
    return " · ".join(parts)


def mood_words(positive: PublishedNumber, negative: PublishedNumber) -> str:
    """Say how comments sound: the estimate is too rough for percentages."""
    return _("{how_many} positive and {how_many_others} negative").format(
        how_many=share_words(positive.value), how_many_others=share_words(negative.value)
    )


def share_words(share: float) -> str:
    """Write a share of comments, from 0 to 1, in words."""
    shares = (
        (0.0, _p("comments", "none")),
        (0.15, _p("comments", "few")),
        (0.4, _p("comments", "some")),
        (0.6, _p("comments", "about half")),
        (0.9, _p("comments", "most")),
        (0.999, _p("comments", "almost all")),
    )
    return next((words for limit, words in shares if share <= limit), _p("comments", "all"))
