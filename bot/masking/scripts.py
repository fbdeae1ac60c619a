"""Latin letters behind those of other scripts: look-alikes, and Cyrillic as it is transcribed."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

_LOOKS: Final = str.maketrans(
    "авесԁһніјкӏмоопрԛѕтуѵԝхαβεηικνορτυχγωհոցօսᴀʙᴄᴅᴇɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢɑɡℓ",
    "abecdhhijklmoonpqstyvwxabenikvoptuxywhngouabcdeghijklmnoprstuvwyzagl",
)
_LATIN: Final = re.compile(r"[a-z\u00c0-\u024f]")
_OTHER: Final = re.compile(r"[\u0370-\u058f\u1d00-\u1dbf\u0250-\u02af]|ꜱ|ℓ")
_CYRILLIC: Final = re.compile(r"[\u0400-\u04ff\u0301]+")
_PLAIN: Final = dict(zip("абвгдезиклмнопрстуфыэіґ", "abvgdeziklmnoprstufyeig", strict=True)) | {
    "ж": "zh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ъ": "",
    "ь": "",
    "ї": "i",
}
_TRANSCRIPTIONS: Final = tuple(
    str.maketrans(_PLAIN | each)
    for each in (
        {"ё": "e", "й": "i", "х": "kh", "ю": "iu", "я": "ia", "є": "ie"},
        {"ё": "yo", "й": "y", "х": "h", "ю": "yu", "я": "ya", "є": "ye"},
    )
)


def in_latin(word: str) -> Iterator[str]:
    """Yield Latin spellings of a word in other letters, by looks and by sound."""
    if not _OTHER.search(word):
        return
    word = unicodedata.normalize("NFC", word)
    looks = word.translate(_LOOKS)
    if _LATIN.search(word) or looks.isascii():
        yield looks
    if _CYRILLIC.fullmatch(word):
        for table in _TRANSCRIPTIONS:
            yield word.translate(table)
