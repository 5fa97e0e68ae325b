"""The control words of chat templates, made harmless in a text that a server will tokenise. Pure.

Our own engine reads a text's `<|im_start|>` as plain text, whatever stands in it. A server is given
characters, and some servers read control words wherever they stand: an article that holds one could
close its turn and open another.
"""

import re

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
