"""Every error that a person may see, as one small tree.

    CuttingsError            exit code 1, one line on stderr
    ├── BadSettings          qa.toml, an environment variable or a flag is wrong
    ├── BadArticle           one file cannot be read; the others still are
    ├── CannotClip           a page of the web cannot be fetched, or holds nothing to keep
    ├── BadQuestion          the question cannot be asked as it stands
    ├── BadQuestionSet       a file of questions is malformed
    ├── BadCalibration       the numbers that were fitted here cannot be read, or cannot be fitted
    ├── LibraryError         the index is missing, damaged, or cannot be written
    │   └── IndexMissing     nothing has been indexed yet
    ├── ModelError           a model is missing, damaged, or cannot run here
    │   ├── PullFailed       no source could deliver the model
    │   └── ServerFailed     a model's server cannot be reached, or fails
    ├── OutOfTime            an answer took longer than is allowed
    ├── ClusterError         a cluster cannot be reached, or a machine of it lacks something
    ├── RunError             an evaluation run cannot be started, resumed or read
    ├── ConversationError    conversations cannot be kept or read
    ├── BackupError          a backup cannot be written, is damaged, or cannot be restored here
    ├── TooManyTries         too many wrong passwords came from one address
    └── PageError            the chat page, or the endpoint, cannot be served

Each message names the thing and the next step. Only the command line, the page and the endpoint
catch them.
"""


class CuttingsError(Exception):
    """A failure that a person can act on; its text is the whole message, in one line."""


class BadSettings(CuttingsError):
    """A setting is unknown, malformed or out of its range."""


class BadArticle(CuttingsError):
    """A file cannot become an article."""


class CannotClip(CuttingsError):
    """A page of the web cannot be fetched, or holds nothing to keep."""


class BadQuestion(CuttingsError):
    """A question is empty or too long, or no day is left to look for it in."""


class BadQuestionSet(CuttingsError):
    """A file of questions is missing, empty or malformed."""


class BadCalibration(CuttingsError):
    """Numbers of confidence that were fitted here are damaged, or none can be fitted."""


class LibraryError(CuttingsError):
    """The library cannot be opened, read or written."""


class IndexMissing(LibraryError):
    """There is no library yet, or no article in it."""


class ModelError(CuttingsError):
    """A model is missing, damaged, or cannot run on this machine."""


class PullFailed(ModelError):
    """No source could deliver the model whole."""


class ServerFailed(ModelError):
    """A model's server does not answer as it should; another one may.

    `finding` names the server and what is the matter, `step` says what to do.
    """

    def __init__(self, finding: str, step: str) -> None:
        super().__init__(f"{finding}. {step}")
        self.finding = finding
        self.step = step


class OutOfTime(CuttingsError):
    """An answer took longer than `answer_seconds`."""


class ClusterError(CuttingsError):
    """A cluster is not there, was lost, or one of its machines lacks what it needs."""


class RunError(CuttingsError):
    """A run folder cannot be written, resumed or compared."""


class ConversationError(CuttingsError):
    """The file of conversations cannot be written or read."""


class BackupError(CuttingsError):
    """A backup cannot be written, is damaged, or cannot be restored here."""


class TooManyTries(CuttingsError):
    """Too many wrong passwords came from one address; `wait_s` is until the next is looked at."""

    def __init__(self, wait_s: float) -> None:
        super().__init__(f"Too many wrong passwords. Try again in {wait_s:.0f} s.")
        self.wait_s = wait_s


class PageError(CuttingsError):
    """The chat page, or the endpoint beside it, cannot be served."""
