"""What is sent to the endpoint and what it sends back, in OpenAI's form with our fields beside it.

Fields of a request that OpenAI knows and that are not here (temperature, tools …) are left out of
account: how an answer is made is decided by the settings alone.
"""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

MOST_MESSAGES = 1000
MOST_TEXTS = 256
MOST_TEXT_CHARS = 8192

ANY_MODEL = "cuttings"
"""The model's name for whoever does not care which one answers."""


class TextPart(BaseModel):
    """A part of a message; parts that are no text are refused."""

    type: Literal["text"]
    text: str = ""


class ChatMessage(BaseModel):
    """One message; what the system says is left out of account."""

    role: Literal["system", "developer", "user", "assistant"]
    content: str | list[TextPart] | None = None

    @property
    def text(self) -> str:
        """All that it says."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content)
        return self.content or ""


class StreamOptions(BaseModel):
    """Whether the last chunk of a stream tells the usage."""

    include_usage: bool = False


class ChatRequest(BaseModel):
    """A question: the last message, which is the user's; those before it are the history.

    `collection`, `since`, `until` and `sources` say where it is looked for, as the flags of
    `qa ask` do; OpenAI's client sends them as `extra_body`.
    """

    model: str | None = ANY_MODEL
    messages: Annotated[list[ChatMessage], Field(min_length=1, max_length=MOST_MESSAGES)]
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    n: Literal[1] | None = None
    collection: str | None = None
    since: date | None = None
    until: date | None = None
    sources: list[str] | None = None


class UrlCitation(BaseModel):
    """Where `[n]` stands in the text, and the address of the words that it cites."""

    url: str
    title: str
    start_index: int
    end_index: int


class Annotation(BaseModel):
    """A citation in OpenAI's form."""

    type: Literal["url_citation"] = "url_citation"
    url_citation: UrlCitation


class CitedWords(BaseModel):
    """A citation as `qa ask --json` prints it; offsets count characters of the article's text."""

    number: int
    article_id: str
    passage_id: str
    start: int
    end: int
    quote: str
    page: int | None
    confidence: float | None


class Findings(BaseModel):
    """What an answer rests on, as `qa ask --json` prints it."""

    outcome: Literal["answered", "close", "nothing"]
    citations: list[CitedWords]
    evidence: list[dict[str, Any]]
    sources: list[dict[str, Any]]
    conflict: list[dict[str, Any]] | None
    confidence: float | None
    understood: str | None


class AnswerMessage(BaseModel):
    """The answer's text with its `[n]`."""

    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None
    annotations: list[Annotation]


class Choice(BaseModel):
    """The one answer."""

    index: int = 0
    message: AnswerMessage
    finish_reason: Literal["stop"] = "stop"
    logprobs: None = None


class ChatUsage(BaseModel):
    """The model's tokens; none where the articles' own words were the answer."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class ChatCompletion(Findings):
    """An answer as a whole."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    choices: list[Choice]
    usage: ChatUsage


class EmbeddingsRequest(BaseModel):
    """Texts for the embedder of the articles."""

    model_config = ConfigDict(protected_namespaces=())

    model: str | None = ANY_MODEL
    input: (
        Annotated[str, StringConstraints(min_length=1, max_length=MOST_TEXT_CHARS)]
        | Annotated[
            list[Annotated[str, StringConstraints(min_length=1, max_length=MOST_TEXT_CHARS)]],
            Field(min_length=1, max_length=MOST_TEXTS),
        ]
    )
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: int | None = None


class EmbeddingRow(BaseModel):
    """One vector of unit length, as numbers or as base64 of little-endian 32-bit floats."""

    object: Literal["embedding"] = "embedding"
    index: int
    embedding: list[float] | str


class EmbeddingsUsage(BaseModel):
    """The embedder's tokens."""

    prompt_tokens: int
    total_tokens: int


class Embeddings(BaseModel):
    """A vector for each text, in order."""

    object: Literal["list"] = "list"
    model: str
    data: list[EmbeddingRow]
    usage: EmbeddingsUsage


class ModelCard(BaseModel):
    """A model that can be named."""

    id: str
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: str = "cuttings"


class ModelList(BaseModel):
    """Every model that can be named."""

    object: Literal["list"] = "list"
    data: list[ModelCard]


class Health(BaseModel):
    """That it answers at all."""

    status: Literal["ok"] = "ok"
