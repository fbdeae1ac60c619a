"""Elements to choose with: radio buttons, checkboxes, and selects of one choice."""

from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from nicegui import events

from sandbox.state import Channel, Json
from sandbox.web.mrkdwn import text_html, words
from sandbox.web.names import Names, people, person_name
from sandbox.web.surface import Place
from sandbox.web.tags import EMIT_CHECKED, EMIT_VALUE, el, put, raw


@dataclass(frozen=True)
class Choice:
    """One thing to choose: ``given`` is what the engine is told."""

    text: str
    given: Any
    key: str
    group: str = ""


def option_choice(option: Json, group: str = "") -> Choice:
    """Return an option as a choice."""
    text = words(option["text"])
    if description := words(option.get("description")):
        text = f"{text} – {description}"
    return Choice(text, option, option.get("value") or option["text"]["text"], group)


def choices_of(element: Json, names: Names) -> list[Choice]:
    """Return all that an element lets choose from; none for external selects."""
    kind = element["type"].removeprefix("multi_")
    if kind == "users_select":
        return [Choice(person_name(u), u.id, u.id) for u in people(names.world)]
    if kind in {"channels_select", "conversations_select"}:
        allowed = allowed_channels(element, names)
        return [Choice(names.channel(c), c.id, c.id) for c in allowed]
    grouped = [
        option_choice(option, words(group["label"]))
        for group in element.get("option_groups") or []
        for option in group["options"]
    ]
    return [*(option_choice(option) for option in element.get("options") or []), *grouped]


def allowed_channels(element: Json, names: Names) -> list[Channel]:
    """Return the conversations that a select may offer to this person."""
    wanted = (element.get("filter") or {}).get("include")
    if element["type"].endswith("channels_select"):
        wanted = ["public"]
    kinds = {"public_channel": "public", "private_channel": "private", "im": "im", "mpim": "mpim"}
    return [
        channel
        for channel in names.world.channels.values()
        if not channel.is_archived
        and (wanted is None or kinds[channel.kind] in wanted)
        and (channel.kind == "public_channel" or names.viewer.id in channel.members)
    ]


def key_of(value: Any) -> str:
    """Return what tells a chosen value apart: an option's value, or the id itself."""
    if isinstance(value, dict):
        return str(value.get("value") or value["text"]["text"])
    return str(value)


def chosen_keys(element: Json, place: Place) -> list[str]:
    """Return the keys of what is chosen now."""
    value = place.current(element)
    values = value if isinstance(value, list) else [value] if value else []
    return [key_of(one) for one in values]


def select(element: Json, place: Place) -> None:
    """Draw a select of one choice as the browser's own."""
    choices = choices_of(element, place.names)
    chosen = chosen_keys(element, place)
    drawn = el("select", classes="field", **place.aria(element))
    with drawn:
        placeholder = words(element.get("placeholder")) or "Choose an option"
        el("option", placeholder, value="", selected=not chosen)
        draw_options(choices, chosen)

    async def changed(event: events.GenericEventArguments) -> None:
        index = str(event.args)
        await place.changed(element, choices[int(index)].given if index else None)

    drawn.on("change", changed, js_handler=EMIT_VALUE)
    place.controls.append(drawn)


def draw_options(choices: list[Choice], chosen: list[str]) -> None:
    """Draw options, those of one group together."""
    group, parent = "", None
    for index, choice in enumerate(choices):
        if choice.group != group:
            group, parent = choice.group, el("optgroup", label=choice.group)
        with parent or nullcontext():
            el("option", choice.text, value=str(index), selected=choice.key in chosen)


def radio_buttons(element: Json, place: Place) -> None:
    """Draw radio buttons."""
    with el("div", classes="choices", role="radiogroup", **place.aria(element)) as group:
        for option in element["options"]:
            draw_one(element, place, option, "radio", group.html_id)
    place.controls.append(group)


def checkboxes(element: Json, place: Place) -> None:
    """Draw checkboxes; a group of them may not be called required."""
    attributes = place.aria(element) | {"aria_required": None}
    with el("div", classes="choices", role="group", **attributes) as group:
        for option in element["options"]:
            draw_one(element, place, option, "checkbox", group.html_id)
    place.controls.append(group)


def draw_one(element: Json, place: Place, option: Json, kind: str, name: str) -> None:
    """Draw one radio button or checkbox with its label."""
    is_chosen = key_of(option) in chosen_keys(element, place)
    with el("label", classes="choice"):
        drawn = el("input", type=kind, name=name, checked=is_chosen)
        put(drawn, data_focus=place.focus_key(element, key_of(option)))
        with el("span"):
            raw(text_html(option["text"], place.names), "span")
            if option.get("description"):
                raw(text_html(option["description"], place.names), "span", "choice-about")

    async def changed(event: events.GenericEventArguments) -> None:
        if element["type"] == "radio_buttons":
            await place.changed(element, option)
            return
        keys = set(chosen_keys(element, place)) - {key_of(option)}
        if event.args:
            keys.add(key_of(option))
        given = [one for one in element["options"] if key_of(one) in keys]
        await place.changed(element, given)

    drawn.on("change", changed, js_handler=EMIT_CHECKED)
