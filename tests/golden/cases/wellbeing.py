"""The private self-check, and where HR says that it leads."""

from bot.journeys.wellbeing import forms
from bot.journeys.wellbeing.pure.self_check import QUESTIONS, read
from bot.journeys.wellbeing.service import NO_PAGE, Help
from tests.golden.shown import Cases, Sentences

HERE = Help("https://help.example/eap?a=1&b=2", "U0MAYA")
WELL = {each.key: 4 if each.is_good else 0 for each in QUESTIONS}

CASES: Cases = {
    "form": lambda: forms.self_check_view(may_change_help=False),
    "form-admin": lambda: forms.self_check_view(may_change_help=True),
    "result-little": lambda: forms.result_view(read(WELL), HERE),
    "result-causes": lambda: forms.result_view(read(WELL | {"demands": 3, "role": 1}), Help()),
    "result-exhaustion": lambda: forms.result_view(
        read({each.key: 0 if each.is_good else 4 for each in QUESTIONS}), HERE
    ),
    "help-form": lambda: forms.help_form(Help()),
    "help-form-filled": lambda: forms.help_form(HERE),
    "help-saved": forms.help_saved_view,
    "home": forms.home_blocks,
    "sentences": lambda: Sentences([forms.MISSING, NO_PAGE]),
}
