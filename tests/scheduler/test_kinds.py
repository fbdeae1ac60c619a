"""The table of kinds of message, joined from the tables of the slices."""

import pytest

from bot.digest import messages as digest
from bot.outbox.kinds import NOTICE, Composing, kind_of
from bot.pulse.asking import REMINDER
from bot.surveys.notices import TOO_FEW
from models import Delivery
from scheduler.kinds import KINDS, TABLES
from tests.conftest import NOW


def test_no_two_slices_have_a_kind_of_the_same_name() -> None:
    assert len(KINDS) == sum(len(table) for table in TABLES)


def test_what_would_tell_of_a_person_is_discreet() -> None:
    assert {name for name, kind in KINDS.items() if kind.discreet} == {REMINDER, "mentor_question"}


@pytest.mark.parametrize("name", [digest.LOST, TOO_FEW])
def test_a_notice_is_found_by_what_it_is_about(name: str) -> None:
    assert kind_of(KINDS, Delivery(kind=NOTICE, detail={"about": name})) is KINDS[name]


async def test_an_unknown_kind_cannot_be_composed() -> None:
    delivery = Delivery(kind="of a later version", detail={})
    with pytest.raises(KeyError, match="of a later version"):
        await kind_of(KINDS, delivery).compose(None, delivery, Composing(NOW, None))  # type: ignore[arg-type] # it needs none
