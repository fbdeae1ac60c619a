"""The Home tab, through the real bot and the sandbox."""

from slack_sdk.web.async_client import AsyncWebClient

from bot.home.blocks import ADMIN_HINTS
from bot.mentoring.profiles import forms
from bot.pulse.blocks import PRIVACY_TITLE
from sandbox.demo.company import people
from tests.journeys.stage import open_stage, text_of

MAYA, OTHER = (person.id for person in people()[:2])


async def test_the_home_tab_is_published_when_it_is_opened(database_url: str) -> None:
    async with open_stage(database_url) as stage:
        await stage.sandbox.home(OTHER)
        await stage.sandbox.home(MAYA)
        await stage.settled()

        mine = await stage.sandbox.home(OTHER)
        hers = await stage.sandbox.home(MAYA)

        assert mine.view
        assert PRIVACY_TITLE in text_of(mine.view)
        assert ADMIN_HINTS[0] not in text_of(mine.view)
        assert hers.view
        assert ADMIN_HINTS[0] in text_of(hers.view)


async def test_the_profile_form_opens_from_the_home_tab(database_url: str) -> None:
    async with open_stage(database_url) as stage:
        await stage.sandbox.home(OTHER)
        await stage.settled()
        home = stage.sandbox.views(OTHER)["home"]

        opened = await stage.sandbox.press(OTHER, forms.PROFILE, view_id=home["id"])

        assert opened.view
        saved = await stage.sandbox.submit(OTHER, opened.view["id"], {forms.WANTS: ["Kubernetes"]})
        assert saved.ok
        again = await stage.sandbox.home(OTHER)
        await stage.settled()
        assert again.ok
        shown = text_of(stage.sandbox.views(OTHER)["home"])
        assert shown
        assert forms.INVITING not in shown


async def test_the_messages_tab_publishes_nothing(database_url: str) -> None:
    async with open_stage(database_url) as stage:
        outcome = await stage.sandbox.home(OTHER, "messages")
        await stage.settled()

        assert outcome.ok
        assert not stage.sandbox.views(OTHER).get("home")


async def test_a_server_without_home_tabs_does_no_harm(database_url: str) -> None:
    async with open_stage(database_url, lacks=["views.publish"]) as stage:
        outcome = await stage.sandbox.home(OTHER)
        await stage.settled()

        assert outcome.ok
        assert not stage.sandbox.views(OTHER).get("home")


async def test_hello_is_answered_once_with_what_is_useful(database_url: str) -> None:
    async with open_stage(database_url) as stage:
        written = await stage.sandbox.message(OTHER, "hello")
        await stage.settled()

        assert written.ok
        _, answer = stage.sandbox.messages("dm", OTHER)
        assert answer["user"] == stage.sandbox.app.bot_user_id
        for command in ("/pulse privacy", "/mentor", "/pulse help"):
            assert f"`{command}`" in text_of(answer)
        assert "hello" not in text_of(answer)


async def test_edits_apps_and_channels_are_not_answered(database_url: str) -> None:
    async with open_stage(database_url) as stage:
        client = AsyncWebClient(stage.sandbox.app.bot_token, stage.sandbox.api_url)
        posted = await client.chat_postMessage(channel=OTHER, text="A question")
        await client.chat_update(channel=posted["channel"], ts=posted["ts"], text="Another")
        for changed in ({"subtype": "message_changed"}, {"bot_id": "B0OTHER"}, {"user": None},
                        {"channel_type": "channel"}):  # fmt: skip
            engine = stage.sandbox.engine
            event = {"type": "message", "channel_type": "im", "channel": posted["channel"],
                     "user": OTHER, "text": "x", "ts": "1.2", **changed}  # fmt: skip
            reply = await engine.events.deliver(event, "message.im")
            assert reply.ok
        await stage.settled()
        assert [each["text"] for each in stage.sandbox.messages("dm", OTHER)] == ["Another"]
