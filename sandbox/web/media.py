"""Pictures, videos and files."""

from nicegui import ui

from sandbox.web.buttons import words
from sandbox.web.markup import link, safe_url
from sandbox.web.names import Names
from sandbox.web.surface import Json, Place, Surface
from sandbox.web.tags import el, icon, raw

FILES = "/files-web"
"""Where the page takes the workspace's files from, without a token."""


def picture(element: Json, place: Place) -> None:
    """Draw an image element."""
    image(element, place.names, "picture")


def image(content: Json, names: Names, classes: str) -> None:
    """Draw a picture, or its description where there is no address to open."""
    source = source_of(content, names)
    alt = content.get("alt_text") or ""
    if source is None:
        el("div", alt or "A picture that can't be opened", "unknown-box", role="img")
        return
    el("img", classes=classes, src=source, alt=alt, loading="lazy", referrerpolicy="no-referrer")


def source_of(content: Json, names: Names) -> str | None:
    """Return where a picture is: on the web, or among the workspace's files."""
    if url := content.get("image_url"):
        return safe_url(url)
    wanted = content.get("slack_file") or {}
    for file in names.world.files.values():
        if file.id == wanted.get("id") or f"-{file.id}/" in str(wanted.get("url", "")):
            return f"{FILES}/{file.id}"
    return None


def image_block(block: Json, surface: Surface) -> None:
    """Draw a picture with its title."""
    with el("figure", classes="figure"):
        if block.get("title"):
            el("figcaption", words(block["title"]))
        image(block, surface.names, "large-picture")


def video(block: Json, surface: Surface) -> None:
    """Draw a video as its still picture, which opens the film elsewhere."""
    title = words(block.get("title"))
    with el("figure", classes="figure"):
        with el("figcaption"):
            raw(link(block.get("title_url") or block.get("video_url", ""), title), "span")
        still = {"image_url": block.get("thumbnail_url", ""), "alt_text": block.get("alt_text")}
        image(still, surface.names, "large-picture")
        about = [block.get("author_name"), block.get("provider_name")]
        el("p", " · ".join(filter(None, [words(block.get("description")), *about])), "quiet-text")


def file(block: Json, surface: Surface) -> None:
    """Draw a file from elsewhere."""
    del surface
    name = block.get("external_id") or block.get("file_id") or ""
    with el("div", classes="attachment"):
        icon("attach_file")
        el("span", f" File {name}")


def shared_file(shown: Json, names: Names) -> None:
    """Draw a file of the workspace: a picture as such, anything else as a link."""
    source = f"{FILES}/{shown.get('id')}"
    if str(shown.get("mimetype", "")).startswith("image/"):
        content = {"slack_file": {"id": shown.get("id")}}
        content |= {"alt_text": shown.get("alt_txt") or shown.get("title", "")}
        with el("figure", classes="figure"):
            el("figcaption", str(shown.get("title") or shown.get("name")))
            image(content, names, "large-picture")
        return
    with el("div", classes="attachment"):
        icon("attach_file")
        ui.link(str(shown.get("title") or shown.get("name")), source, new_tab=True)
