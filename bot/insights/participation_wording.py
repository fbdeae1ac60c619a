"""How many people answered, in words, and why a wave has no figures."""

from bot.insights.pure.segments import EVERYONE_ELSE
from bot.insights.wave_results import WaveResults
from bot.insights.wording import percent
from bot.languages import _, _n, write_number, write_sentence, write_sentences


def participation(wave: WaveResults) -> str:
    """Say how many answered, or that too few did; exact for a named wave."""
    if wave.named is not None:
        return _("{answered} of {invited} invited people answered ({share})").format(
            answered=write_number(wave.named),
            invited=write_number(wave.invited),
            share=percent(wave.named / wave.invited),
        )
    if wave.answered is None:
        return _n(
            "Too few of {count} invited person answered",
            "Too few of {count} invited people answered",
            wave.invited,
        )
    text = invited_answered(wave.answered, wave.invited)
    if not wave.not_asked:
        return text
    asked = _(
        "({asked} were asked; the others were away or had had their messages for the week)"
    ).format(asked=write_number(wave.invited - wave.not_asked))
    return f"{text} {asked}"


def invited_answered(answered: int, invited: int) -> str:
    """Say how many of the invited people answered, rounded down, with a capital first letter."""
    text = (
        _("Nearly all of {invited} invited people answered")
        if answered == invited
        else _("At least {answered} of {invited} invited people answered")
    )
    return text.format(answered=write_number(answered), invited=write_number(invited))


def too_few(wave: WaveResults, *, sees_names: bool = False) -> str:
    """Say why a wave has no figures; `sees_names` if the reader can open answers by person."""
    if wave.named is not None:
        return _too_few_named(wave, wave.named, sees_names=sees_names)
    if wave.ended_early and wave.anonymous:
        return _(
            "This survey was ended early. {too_few_answered}, so there are no figures. After "
            "an early end I need {needed} answers, to protect those who answered first."
        ).format(too_few_answered=participation(wave), needed=write_number(wave.needed))
    return _(
        "{too_few_answered}, so there are no figures. In so small a group they could point "
        "to a person; I show them from {least} answers on, if more than {least} people were "
        "asked."
    ).format(too_few_answered=participation(wave), least=wave.k)


def _too_few_named(wave: WaveResults, answered: int, *, sees_names: bool) -> str:
    """Say where to read the few answers of a named survey."""
    text = _("{few_answered}. Figures need {least} answers of more than {least} people").format(
        few_answered=participation(wave), least=wave.k
    )
    if not answered:
        return write_sentence(text)
    if sees_names:
        where = (
            _("open “Answers by person” to read this one.")
            if answered == 1
            else _("open “Answers by person” to read these {answers}.").format(answers=answered)
        )
        return f"{text}; {where}"
    where = (
        _("HR admins can read this one by person: `/pulse results` has a button for that.")
        if answered == 1
        else _(
            "HR admins can read these {answers} by person: `/pulse results` has a button for that."
        ).format(answers=answered)
    )
    return write_sentences([text, where])


def hidden_teams(note: str) -> str:
    """Say the stored note of how many teams are too small to show, and where they count."""
    count = int(note.partition(" ")[0])
    if note.endswith(EVERYONE_ELSE):
        return _n(
            "{count} team is too small to show alone: it is counted in {everyone_else}.",
            "{count} teams are too small to show alone: they are counted in {everyone_else}.",
            count,
        ).format(everyone_else=_(EVERYONE_ELSE))
    return _n(
        "{count} team is too small to show alone: it is in the total.",
        "{count} teams are too small to show alone: they are in the total.",
        count,
    )


def nothing_came_out(k: int) -> str:
    """Say why a week of the company pulse has no figures."""
    return _(
        "No team has a new figure this week. Answers wait until at least {least} people of a team "
        "have answered about the same thing."
    ).format(least=k)
