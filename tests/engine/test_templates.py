"""Chat templates of several makes, rendered by the very Jinja that llama-cpp-python renders by.

They are written after those of the models they are named for, as short as keeps what matters here.
"""

import pytest
from jinja2 import TemplateError

from qa.engine.chat_template import tokenize_messages
from qa.engine.generation import Message, Role
from qa.engine.thoughts import NO_THINKING
from qa.errors import ModelError

TALK = (
    Message(Role.SYSTEM, ("Be brief.",)),
    Message(Role.USER, ("[1] Munich. ", "Where?")),
    Message(Role.ASSISTANT, ("In Munich",)),
    Message(Role.USER, ("When?",)),
)

QWEN3 = """{%- for message in messages %}
{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
    {%- if enable_thinking is defined and enable_thinking is false %}
        {{- '<think>\\n\\n</think>\\n\\n' }}
    {%- endif %}
{%- endif %}"""

SMOLLM3 = """{%- if enable_thinking is not defined %}{% set enable_thinking = true %}{% endif -%}
<|im_start|>system
Reasoning Mode: {{ "/think" if enable_thinking else "/no_think" }}
{% if messages[0].role == "system" %}{{ messages[0].content.replace("/no_think", "") }}{% endif -%}
<|im_end|>
{% for message in messages if message.role != "system" -%}
<|im_start|>{{ message.role }}
{{ message.content }}<|im_end|>
{% endfor -%}
<|im_start|>assistant
{% if not enable_thinking %}{{ '<think>\\n\\n</think>\\n' }}{% endif %}"""

GEMMA = """{{ bos_token }}{% if messages[0]['role'] == 'system' %}
{{ raise_exception('System role not supported') }}{% endif %}
{%- for message in messages %}
{%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}
{{ raise_exception('Conversation roles must alternate') }}{% endif %}
{%- set role = 'model' if message['role'] == 'assistant' else message['role'] %}
{{- '<start_of_turn>' + role + '\\n' + message['content'] | trim + '<end_of_turn>\\n' }}
{%- endfor %}{{ '<start_of_turn>model\\n' }}"""

DEEPSEEK_R1 = """{{ bos_token }}{% for message in messages %}
{%- if message.role == 'user' %}{{ '<｜User｜>' + message.content }}{% endif %}
{%- if message.role == 'assistant' %}
{{- '<｜Assistant｜>' + message.content.split('</think>')[-1]
+ '<｜end▁of▁sentence｜>' }}{% endif %}
{%- endfor %}{{ '<｜Assistant｜><think>\\n' }}"""


def rendered(template: str, messages: tuple[Message, ...] = TALK) -> str:
    """The prompt as it is tokenised; what is read as control words stands as it is, too."""
    from llama_cpp.llama_chat_format import Jinja2ChatFormatter

    form = Jinja2ChatFormatter(template=template, eos_token="</s>", bos_token="<s>")

    def render(pairs: list[dict[str, str]]) -> str:
        try:
            return str(form(messages=pairs, **NO_THINKING).prompt)
        except (TemplateError, TypeError) as error:
            raise ValueError from error

    pieces: list[str] = []

    def tokenize(text: str, *, control: bool) -> list[int]:
        pieces.append(text)
        return [0]

    tokenize_messages(messages, render, tokenize)
    return "".join(pieces)


def test_a_model_that_can_think_is_told_not_to() -> None:
    assert rendered(QWEN3) == (
        "<|im_start|>system\nBe brief.<|im_end|>\n"
        "<|im_start|>user\n[1] Munich. Where?<|im_end|>\n"
        "<|im_start|>assistant\nIn Munich<|im_end|>\n"
        "<|im_start|>user\nWhen?<|im_end|>\n"
        "<|im_start|>assistant\n<think>\n\n</think>\n\n"
    )


def test_a_model_that_is_told_so_in_its_system_text() -> None:
    said = rendered(SMOLLM3)
    assert said.startswith("<|im_start|>system\nReasoning Mode: /no_think\nBe brief.<|im_end|>\n")
    assert said.endswith("When?<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n")


def test_a_model_without_a_system_role_whose_turns_alternate() -> None:
    assert rendered(GEMMA) == (
        "<s><start_of_turn>user\nBe brief.\n\n[1] Munich. Where?<end_of_turn>\n"
        "<start_of_turn>model\nIn Munich<end_of_turn>\n"
        "<start_of_turn>user\nWhen?<end_of_turn>\n<start_of_turn>model\n"
    )


def test_a_template_that_leaves_the_system_text_out_and_begins_thoughts() -> None:
    assert rendered(DEEPSEEK_R1) == (
        "<s><｜User｜>Be brief.\n\n[1] Munich. Where?<｜Assistant｜>In Munich<｜end▁of▁sentence｜>"
        "<｜User｜>When?<｜Assistant｜><think>\n\n</think>\n\n"
    )


def test_an_answer_that_is_begun_stands_behind_the_end_of_thoughts() -> None:
    begun = (*TALK[:2], Message(Role.ASSISTANT, ("They met",)))
    for template in (QWEN3, DEEPSEEK_R1):
        assert rendered(template, begun).endswith("<think>\n\n</think>\n\nThey met")


@pytest.mark.parametrize(
    "template",
    [
        "{{ messages[0].content }}",
        "{% for m in messages %}{{ m.content[0].text }}{% endfor %}",
        "{{ raise_exception('tools only') }}",
        "{{ ''.__class__.__mro__ }}{% for m in messages %}{{ m.content }}{% endfor %}",
    ],
)
def test_a_template_that_loses_words_or_leaves_the_sandbox_is_refused(template: str) -> None:
    with pytest.raises(ModelError, match="chat template cannot be used"):
        rendered(template)
