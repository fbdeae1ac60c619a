import gc

from bot.memory import settle_startup


def test_later_collections_pass_over_what_was_loaded_at_the_start() -> None:
    gc.unfreeze()
    kept: list[object] = []
    kept.append(kept)
    settle_startup()
    try:
        assert gc.get_freeze_count() > 10_000
        assert not any(each is kept for each in gc.get_objects())
    finally:
        gc.unfreeze()
