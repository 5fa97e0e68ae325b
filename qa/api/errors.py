"""Every failure in the shape that OpenAI's clients read, with the status that fits it."""

import math
from collections.abc import Mapping

from fastapi import HTTPException
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from qa.errors import BadQuestion, CuttingsError, IndexMissing, LibraryError, OutOfTime

KINDS: Mapping[int, str] = {
    401: "authentication_error",
    403: "permission_error",
    429: "rate_limit_error",
}
"""The `type` of an error by its status; else whoever is at fault: the request or the server."""


class ErrorDetail(BaseModel):
    """What went wrong, with the next step; `param` is the field that is at fault."""

    message: str
    type: str
    param: str | None = None
    code: str | None = None


class ErrorBody(BaseModel):
    """The body of every answer that is none."""

    error: ErrorDetail


class ApiError(HTTPException):
    """A request that is refused; `code` is for programs, `retry_after_s` for those that wait."""

    def __init__(
        self,
        status: int,
        message: str,
        code: str | None = None,
        param: str | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        headers = {}
        if retry_after_s is not None:
            headers["retry-after"] = str(math.ceil(retry_after_s))
        if status == 401:
            headers["www-authenticate"] = 'Bearer realm="Cuttings"'
        super().__init__(status, message, headers)
        self.code = code
        self.param = param


def error_body(
    status: int, message: str, code: str | None = None, param: str | None = None
) -> ErrorBody:
    """An error as OpenAI's clients read it."""
    fault = "invalid_request_error" if status < 500 else "server_error"
    kind = KINDS.get(status, fault)
    return ErrorBody(error=ErrorDetail(message=message, type=kind, param=param, code=code))


def error_response(error: HTTPException) -> JSONResponse:
    """What is sent for a refusal."""
    code = getattr(error, "code", None)
    body = error_body(error.status_code, str(error.detail), code, getattr(error, "param", None))
    return JSONResponse(body.model_dump(), error.status_code, error.headers)


def as_api_error(error: CuttingsError) -> ApiError:
    """An error of the program with its status: what a request can mend is 4xx."""
    match error:
        case BadQuestion():
            return ApiError(400, str(error), "bad_question", "messages")
        case IndexMissing():
            return ApiError(404, str(error), "index_missing")
        case LibraryError():
            return ApiError(500, str(error), "library_error")
        case OutOfTime():
            return ApiError(504, str(error), "out_of_time")
        case _:
            return ApiError(503, str(error), "not_available")
