"""What Gradio keeps of a browser's session, kept small.

Whenever an event changes some parts of the page and leaves out others, Gradio makes each part that
was left out anew, under another number, and what that part shows next it keeps under this number as
well, beside all that it showed before, to the end of the program. So a session would keep every
state of the page that there ever was.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import gradio as gr

MOST_SESSIONS = 1000
"""Sessions that are kept; a page that is loaded is a new one. Of the one unused for longest, a page
that is still open forgets its conversation, which is in the archive. Gradio would keep 10,000."""


def drop_stale(page: "gr.Blocks", session: str) -> None:
    """Forget what the page showed before in this session, and shows no longer."""
    kept = page.state_holder.session_data.get(session)
    if kept is None:
        return
    parts = kept.blocks_config.blocks
    current = {*page.blocks, *(parts[number]._id for number in page.blocks if number in parts)}
    for number in [*kept.config_values, *parts]:
        if number not in current:
            kept.config_values.pop(number, None)
            parts.pop(number, None)


def drop_shown(page: "gr.Blocks", session: str) -> None:
    """Forget all that the page shows in this session, which has been left.

    The conversation stays for an hour, as Gradio has it: the browser may only have been asleep.
    """
    kept = page.state_holder.session_data.get(session)
    if kept is not None:
        kept.config_values.clear()
        drop_stale(page, session)
