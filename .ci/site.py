"""A hook of MkDocs: pages beside docs/ join the site, and links between the two lead there.

In the repository, docs/hr/index.md links to ../../manifest.json; on the site both stand below one
root. https://www.mkdocs.org/user-guide/configuration/#hooks
"""

import posixpath
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parent.parent
BESIDE_DOCS = ("CHANGELOG.md", "CONTRIBUTING.md", "UPGRADING.md", "Dockerfile", "manifest.json")
LINK = re.compile(r"(?<=\]\()(?!\w+:)[^#)\s]+")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the files that stand beside docs/."""
    for name in BESIDE_DOCS:
        files.append(File.generated(config, name, abs_src_path=str(ROOT / name)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001 (MkDocs calls by name)
    """Turn the repository's relative links into the site's."""
    name = page.file.src_uri
    folder = posixpath.dirname(name if name in BESIDE_DOCS else f"docs/{name}")

    def on_site(link: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(folder, link[0])).removeprefix("docs/")
        return posixpath.relpath(target, posixpath.dirname(name) or ".")

    return LINK.sub(on_site, markdown)
