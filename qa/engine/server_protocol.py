"""What is said to an OpenAI-compatible server, and what its answers mean. Pure.

The chat completions of platform.openai.com/docs/api-reference/chat, as llama.cpp, Ollama and vLLM
speak them: only what is used here, everything else in an answer is passed over.

Our own engine reads a text's `<|im_start|>` as plain text, whatever stands in it. A server is given
characters, and some servers read control words wherever they stand: an article that holds one could
close its turn and open another. So they are made harmless first.
"""

import json
import math
import re
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, model_validator

from qa.engine.generation import Message, Token

END_OF_STREAM = "[DONE]"

BYTES_A_TOKEN, TOKENS_A_MESSAGE = 4, 6
"""Roughly, the words around a turn included. The default model's tokenizer takes 4.2 bytes a token
in the articles of seeds/, 5.2 in Russian and Chinese, 3.0 in Czech."""

UNTOLD = -0.3
"""The log-probability of a token where the server tells none: the default model is as sure of a
token in half of what it finds in passages (`bench/calibration/`)."""

LONGEST_REASON = 200  # characters


class Said(BaseModel):
    """A part of what a server says; some say null where others leave a field out."""

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, said: Any) -> Any:
        if not isinstance(said, dict):
            return said
        return {name: value for name, value in said.items() if value is not None}


class WrittenToken(Said):
    """A token and the natural logarithm of its probability."""

    token: str = ""
    logprob: float = UNTOLD


class Logprobs(Said):
    """Log-probabilities of a piece, token by token; servers of older kinds have no `content`."""

    content: list[WrittenToken] | None = None


class Delta(Said):
    """A text, or the next piece of one; what a model thinks before it comes by two names."""

    content: str | None = None
    reasoning_content: str | None = None  # llama.cpp, vLLM
    reasoning: str | None = None  # Ollama

    @property
    def thoughts(self) -> str:
        """What was thought in this piece; never a part of the answer."""
        return self.reasoning_content or self.reasoning or ""


class Choice(Said):
    """The next piece of the one answer that is asked for, or all of it as `message`."""

    delta: Delta = Delta()
    message: Delta = Delta()  # from a server that does not stream
    finish_reason: str | None = None
    logprobs: Logprobs | None = None


class PromptDetails(Said):
    """Of the prompt's tokens, those that the server had read before."""

    cached_tokens: int | None = None


class ServerUsage(Said):
    """What an answer cost, in the server's own tokens."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    prompt_tokens_details: PromptDetails | None = None


class Completion(Said):
    """An answer, or one event of its stream."""

    choices: list[Choice] = []
    usage: ServerUsage | None = None
    error: Any = None


class ServedModel(BaseModel):
    """A model by the name that the server knows it by, and whose it is."""

    id: str
    owned_by: Any = None


class ServedModels(BaseModel):
    """The answer to `GET /models`."""

    data: list[ServedModel] | None  # null where a server written in Go has none


def as_pairs(messages: Sequence[Message]) -> list[dict[str, str]]:
    """Messages as role and content, the parts of each joined and without control words."""
    return [
        {"role": message.role.value, "content": without_control_words("".join(message.parts))}
        for message in messages
    ]


def estimate_tokens(messages: Sequence[Message]) -> int:
    """About how many tokens a prompt has: only the server could count them.

    By bytes of UTF-8, so that scripts with more tokens to the character count more.
    """
    lengths = [sum(len(part.encode()) for part in message.parts) for message in messages]
    return sum(TOKENS_A_MESSAGE + math.ceil(length / BYTES_A_TOKEN) for length in lengths)


def event_data(line: str) -> str | None:
    """What a line of an event stream carries; None where it carries nothing.

    Every server sends an event's data in one line, the first perhaps behind a byte order mark. Some
    of llama.cpp's send a failure as `error:`.
    """
    field, _, value = line.removeprefix("\ufeff").partition(":")
    if field == "error":
        return f'{{"error": {value}}}'
    return value.strip() if field == "data" else None


def tokens_of(choice: Choice) -> list[Token]:
    """The tokens of a piece of the answer, each with its log-probability.

    One token where a piece cannot be parted, because a character stands in two of its tokens: with
    the sum of theirs. UNTOLD where the server tells none.
    """
    text = choice.delta.content or choice.message.content or ""
    told = (choice.logprobs and choice.logprobs.content) or []
    if len(told) > 1 and "".join(token.token for token in told) == text:
        return [Token(token.token, token.logprob) for token in told]
    logprob = math.fsum(token.logprob for token in told) if told else UNTOLD
    return [Token(text, logprob)] if text else []


def reason_in(body: str) -> str:
    """What went wrong, from the body of a failed answer, short and in one line; "" from a page."""
    try:
        said = json.loads(body)
    except ValueError:
        said = "" if "<" in body[:LONGEST_REASON] else body
    return reason_of(said)


def reason_of(said: Any) -> str:
    """The words of an error object, wherever the server puts them."""
    while isinstance(said, dict):
        said = said.get("error") or said.get("message") or said.get("detail")
    line = " ".join(
        "".join(char if char.isprintable() else " " for char in str(said or "")).split()
    )
    return line[:LONGEST_REASON].rstrip(".")


_NAMED = (
    # Llama 2, Mistral and their kin
    "<s> </s> <unk> <pad> [INST] [/INST] <<SYS>> <</SYS>> [SYSTEM_PROMPT] [/SYSTEM_PROMPT]"
    " [AVAILABLE_TOOLS] [/AVAILABLE_TOOLS] [TOOL_CALLS] [TOOL_RESULTS] [/TOOL_RESULTS] [THINK]"
    " [/THINK]"
    # Gemma
    " <bos> <eos> <start_of_turn> <end_of_turn>"
    # Command R, GLM
    " <BOS_TOKEN> <EOS_TOKEN> [gMASK] <sop> <eop>"
    # reasoning and tools
    " <think> </think> <tool_call> </tool_call> <tool_response> </tool_response>"
).split()

# What begins every other one: `<|im_start|>` (ChatML, Llama 3, Phi, Granite, Command R), DeepSeek's
# full-width `<｜User｜>`, EXAONE's `[|user|]`.
_OPENINGS = ("<|", "<｜", "[|")

CONTROL_WORDS = re.compile("|".join(map(re.escape, (*_OPENINGS, *_NAMED))), re.IGNORECASE)


def without_control_words(text: str) -> str:
    """The text with a space behind the first character of every control word: `< |im_start|>`.

    A space and not an invisible character: some tokenizers drop those before they look.
    """
    return CONTROL_WORDS.sub(lambda match: f"{match[0][0]} {match[0][1:]}", text)
