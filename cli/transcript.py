"""How a reply looks in the terminal while it comes and when it is there."""

from typing import TextIO

from ledger.posts import Post


class Transcript:
    """Prints one reply: a status line on a screen, then the text as it grows, then a blank line.

    Text that is already printed is not printed again; where the final reply differs from what was shown, the
    whole of it follows under a line that says so.
    """

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._screen = out.isatty()
        self._printed = ""
        self._status = False

    def show(self, post: Post) -> None:
        """Print what is new in a reply."""
        text = str(post.payload["text"])
        if post.payload["kind"] == "status":
            self._show_status(text)
            return
        self._clear_status()
        if not text.startswith(self._printed):
            self._out.write("\n\n(I corrected my answer:)\n\n")
            self._printed = ""
        self._out.write(text[len(self._printed) :])
        self._printed = text
        if post.payload["final"]:
            self._out.write("\n\n")
        self._out.flush()

    def _show_status(self, text: str) -> None:
        if self._screen and not self._printed:
            self._clear_status()
            self._out.write(f"\x1b[2m{text} …\x1b[0m")
            self._out.flush()
            self._status = True

    def _clear_status(self) -> None:
        if self._status:
            self._out.write("\r\x1b[2K")
            self._status = False
