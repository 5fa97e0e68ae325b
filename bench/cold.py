"""One question in a new process, on the clock since the process was asked for; see processes.py.

python bench/cold.py QUESTION SECONDS_SINCE_THE_EPOCH
"""

import json
import sys
import time


def main() -> None:
    """Print the seconds of each step as a JSON object."""
    question, started = sys.argv[1], float(sys.argv[2])
    marks = {"interpreter_started": time.time()}
    from qa.service.opening import open_assistant
    from qa.settings import load_settings
    from qa.types import Reading, Retrieved, Writing

    settings = load_settings()
    marks["imports"] = time.time()
    with open_assistant(settings) as assistant:
        marks["library_and_models_opened"] = time.time()
        for event in assistant.ask(question):
            match event:
                case Retrieved():
                    marks["embedder_warmed_and_passages_found"] = time.time()
                case Reading():
                    marks["prompt_read"] = time.time()
                case Writing():
                    marks.setdefault("first_token_chosen", time.time())
    seconds, before = {}, started
    for name, at in marks.items():
        seconds[f"{name}_s"] = at - before
        before = at
    print(json.dumps(seconds | {"first_s": before - started}))


if __name__ == "__main__":
    main()
