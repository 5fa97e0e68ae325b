"""What the sheet of settings asks for: models pulled and taken, and a person's own preferences."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from qa.conversing.preferences import chosen
from qa.errors import BadSettings, ModelError, PageError

from .backend import Backend
from .guard import OWNER
from .model_work import ModelWork
from .settings_sheet import hub_list, model_list, preference_form, settings_sheet


class SettingsRoutes:
    """The handlers, over a backend. Where people share a page, none of them changes its model."""

    def __init__(self, backend: Backend, work: ModelWork, *, may_change_model: bool) -> None:
        self._backend = backend
        self._work = work
        self._may_change_model = may_change_model

    def sheet(self, request: Request) -> Response:
        """The whole sheet."""
        preferences = self._backend.archive.preferences(request.scope[OWNER])
        usual = self._backend.collections.usual
        form = preference_form(preferences, usual)
        may_pull = self._may_change_model and not self._backend.collections.models.server
        numbers = self._backend.collections.numbers
        return HTMLResponse(settings_sheet(self._models(), form, numbers, may_pull=may_pull))

    def models(self, request: Request) -> Response:
        """The list of models, with how far the work on them is."""
        return HTMLResponse(self._models())

    def hub(self, request: Request) -> Response:
        """What a repository of the hub holds."""
        self._check()
        name = request.query_params.get("name", "").strip()
        try:
            return HTMLResponse(hub_list(self._backend.collections.models.on_the_hub(name)))
        except ModelError as error:
            return HTMLResponse(hub_list((), error=str(error)))

    def pull(self, request: Request) -> Response:
        """Begin to fetch a model."""
        self._check()
        self._work.pull(request.query_params.get("name", ""))
        return self.models(request)

    def take(self, request: Request) -> Response:
        """Begin to load another model in the place of the one that answers."""
        self._check()
        self._work.take(request.query_params.get("name", ""))
        return self.models(request)

    def stop(self, request: Request) -> Response:
        """End a pull."""
        self._check()
        self._work.stop()
        return self.models(request)

    def prefer(self, request: Request) -> Response:
        """Keep what a person has chosen for their own questions."""
        owner, usual = request.scope[OWNER], self._backend.collections.usual
        asked = {} if "usual" in request.query_params else dict(request.query_params)
        try:
            preferences = chosen(asked)
        except BadSettings as error:
            kept = self._backend.archive.preferences(owner)
            return HTMLResponse(preference_form(kept, usual, error=str(error)))
        self._backend.archive.prefer(owner, preferences)
        note = "Kept: from the next question on."
        return HTMLResponse(preference_form(preferences, usual, note=note))

    def _models(self) -> str:
        models = self._backend.collections.models
        return model_list(
            models.lines(),
            self._work.work,
            {} if models.server else models.benched(),
            server=models.server and models.name,
            may_change=self._may_change_model,
        )

    def _check(self) -> None:
        if not self._may_change_model:
            raise PageError("Which model answers is up to whoever runs Cuttings here.")
        if self._backend.collections.models.server:
            raise PageError("A server answers. Set generator and model in qa.toml.")
