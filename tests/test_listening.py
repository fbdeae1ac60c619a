import gc

from bot.listening import freeze_startup_objects


def test_later_collections_pass_over_what_was_loaded_at_the_start() -> None:
    kept: list[object] = []
    kept.append(kept)
    before = gc.get_freeze_count()
    freeze_startup_objects()
    assert gc.get_freeze_count() > before
    assert not any(each is kept for each in gc.get_objects())
