"""Makes text safe for each place that shows it: terminals, HTML, pictures, JSON files.

A name of a user's file may hold anything: characters that move a cursor, turn the reading direction
or cannot be seen, and what HTML or matplotlib would read as markup. Whoever shows such a name asks
this module, and no other.
"""

from __future__ import annotations

import html
import re

__all__ = ["in_html", "in_json", "in_picture", "on_line", "on_page"]

# Controls, marks of reading direction, invisible characters, and halves of characters. The core
# shows the same ones as escapes (sim/base/diagnostic.cpp).
_HIDDEN = (
    "\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff"
)
_ON_PAGE = re.compile(f"[{_HIDDEN}]")
_ON_LINE = re.compile(f"[\n{_HIDDEN}]")
_NAMES = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # a byte of a file name that is not UTF-8
        return f"\\x{code - 0xDC00:02x}"
    return _NAMES.get(character) or (f"\\x{code:02x}" if code < 0x80 else f"\\u{{{code:04x}}}")


def on_page(text: str) -> str:
    """For a terminal: lines stay, and every character that cannot be seen becomes an escape.

    >>> on_page("a\\x1b[31m b\\n\\u202ec")
    'a\\\\x1b[31m b\\n\\\\u{202e}c'
    """
    return _ON_PAGE.sub(_escape, text)


def on_line(text: str) -> str:
    """The same on one line.

    >>> on_line("a\\nb")
    'a\\\\nb'
    """
    return _ON_LINE.sub(_escape, text)


def in_html(text: object) -> str:
    """For HTML: safe for a terminal, too, since browsers follow marks of reading direction.

    >>> in_html("<b>\\x07")
    '&lt;b&gt;\\\\x07'
    """
    return html.escape(on_page(str(text)))


def in_picture(text: str, most: int = 60) -> str:
    """For matplotlib: on one line of at most ``most`` characters, and never as mathematics.

    >>> in_picture("a $ and $"), in_picture("a" * 99, most=5)
    ('a \\\\$ and \\\\$', 'aa…aa')
    """
    text = on_line(text)
    if len(text) > most:
        text = text[:most // 2] + "…" + text[len(text) - (most - 1) // 2:]
    return text.replace("$", "\\$")


def in_json(text: str) -> str:
    """For a file of JSON that is read by people: the same JSON, with escapes for such characters.

    >>> in_json('"\\u202e"')
    '"\\\\u202e"'
    """
    def escape(found: re.Match[str]) -> str:
        units = found[0].encode("utf-16-be", "surrogatepass").hex()
        return "".join(f"\\u{units[i:i + 4]}" for i in range(0, len(units), 4))

    return _ON_PAGE.sub(escape, text)
