"""Messages become tokens by the chat template that the GGUF file carries.

The template's own words (`<|im_start|>` and the like) are read as control tokens, everything else
as plain text: an article that contains such a word cannot open a turn of its own.
"""

import re
from collections.abc import Callable, Sequence
from typing import Protocol

from qa.engine.generation import Message, Role
from qa.engine.thoughts import closed
from qa.errors import ModelError

# A part's place while the template is rendered: private-use characters that no article is allowed
# to bring along (they would be tokenised as text in any case) and that no template touches.
_PLACE = "\ue000{}\ue001"
_PLACES = re.compile("\ue000(\\d+)\ue001")


Render = Callable[[list[dict[str, str]]], str]
"""A chat template applied to role and content pairs.

ValueError where it takes no such roles, or not in that order.
"""


class Tokenizer(Protocol):
    """Text to token ids; with `control`, words such as `<|im_end|>` become their control token."""

    def __call__(self, text: str, *, control: bool) -> list[int]:
        """Token ids, without a beginning-of-text token."""


def tokenize_messages(
    messages: Sequence[Message], render: Render, tokenize: Tokenizer
) -> list[int]:
    """The prompt's tokens, up to where the assistant begins to speak.

    Every part is tokenised alone, so that equal beginnings of two prompts have equal tokens. Of a
    last turn that is the assistant's own, its words stand behind where it begins. Raises ModelError
    where the template leaves out what is to be said.
    """
    *turns, last = messages
    begun = last.parts if last.role is Role.ASSISTANT else ()
    turns = turns if begun else list(messages)
    parts = [part for message in turns for part in message.parts]
    rendered = closed(_render_whole(turns, render))
    tokens: list[int] = []
    for index, piece in enumerate(_PLACES.split(rendered)):
        is_place = index % 2 == 1
        text = parts[int(piece)] if is_place else piece
        if text:
            tokens += tokenize(text, control=not is_place)
    for part in begun:
        tokens += tokenize(part, control=False)
    return tokens


def _render_whole(turns: Sequence[Message], render: Render) -> str:
    """The turns by the template, with every part's place in it, once and in order.

    Some templates refuse a system text, some leave it out without a word: it goes into the first
    user turn then.
    """
    pairs = _with_places(turns)
    wanted = [str(number) for number in range(sum(len(turn.parts) for turn in turns))]
    for tried in (pairs, without_system(pairs)):
        try:
            rendered = render(tried)
        except ValueError:  # what a template's own raise_exception becomes
            continue
        if _PLACES.findall(rendered) == wanted:
            return rendered
    raise ModelError(
        "The model's chat template cannot be used: it leaves out what it is given, or refuses it. "
        "Choose an instruct model of another make: qa models list"
    )


def without_system(messages: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """The same pairs with the system text at the head of the first user turn.

    For templates that know no system role.
    """
    system = [pair["content"] for pair in messages if pair["role"] == Role.SYSTEM.value]
    rest = [dict(pair) for pair in messages if pair["role"] != Role.SYSTEM.value]
    if rest and system:
        rest[0]["content"] = "\n\n".join([*system, rest[0]["content"]])
    return rest


def _with_places(messages: Sequence[Message]) -> list[dict[str, str]]:
    pairs, count = [], 0
    for message in messages:
        places = range(count, count + len(message.parts))
        count += len(message.parts)
        content = "".join(_PLACE.format(number) for number in places)
        pairs.append({"role": message.role.value, "content": content})
    return pairs
