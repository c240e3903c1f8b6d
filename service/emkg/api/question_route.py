"""`/api`: the named questions, listed, and answered as JSON."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request  # noqa: TC002  (FastAPI reads the annotation at run time)
from starlette.responses import Response

from emkg.api.question_model import QuestionModel, answer_model, question_model
from emkg.errors import ParameterError
from emkg.query import ask, find_question, questions

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from emkg.api.service import Service
    from emkg.query import Question

    Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]

_NOT_MODIFIED: Final = 304
_FORMATS: Final = {"date": "date", "hops": "int32"}


def question_routes(service: Service) -> APIRouter:
    """A list of the questions, one route for any of them, and one for each."""
    router = APIRouter(tags=["Questions"])

    @router.get("/api/questions", summary="问题清单 / The named questions")
    async def list_questions() -> list[QuestionModel]:
        """Every named question with its parameters, its columns and its SPARQL text."""
        return [question_model(question) for question in questions()]

    @router.get(
        "/api/questions/{name}",
        summary="按名称提问 / Ask a question by its name",
        response_class=Response,
        responses={200: {"description": "The answer. 回答。"}},
    )
    async def ask_question(name: str, request: Request) -> Response:
        """Answer the question of this name; the query string gives its parameters."""
        return await run_in_threadpool(_answer, service, name, request)

    for question in questions():
        _add(router, service, question)
    return router


def _add(router: APIRouter, service: Service, question: Question) -> None:
    router.add_api_route(
        f"/api/{question.name}",
        _endpoint(service, question),
        name=question.name,
        summary=f"{question.title.zh} / {question.title.en}",
        description=f"{question.description.zh}\n\n{question.description.en}",
        response_class=Response,
        responses={200: {"model": answer_model(question), "description": "The answer. 回答。"}},
        openapi_extra={"parameters": _parameters(question)},
    )


def _endpoint(service: Service, question: Question) -> Endpoint:
    async def answer_question(request: Request) -> Response:
        return await run_in_threadpool(_answer, service, question.name, request)

    return answer_question


def _parameters(question: Question) -> list[dict[str, Any]]:
    return [
        {
            "name": parameter.name,
            "in": "query",
            "required": False,
            "description": f"{parameter.zh} / {parameter.en}",
            "schema": {"type": "string"}
            | ({"format": _FORMATS[parameter.type]} if parameter.type in _FORMATS else {})
            | ({"default": parameter.default} if parameter.default is not None else {}),
        }
        for parameter in question.parameters
    ]


def _answer(service: Service, name: str, request: Request) -> Response:
    find_question(name)
    today = service.context.today or date.today()  # noqa: DTZ011  (a city's civil date)
    if request.headers.get("if-none-match") and _matches(
        request.headers["if-none-match"], _tag(service.evaluator.generation, today, request)
    ):
        return _tagged(
            Response(status_code=_NOT_MODIFIED), _tag(service.evaluator.generation, today, request)
        )
    answer = ask(name, _texts(request), service.evaluator, context=service.context)
    content = json.dumps(answer.document(), ensure_ascii=False)
    response = Response(content, media_type="application/json")
    return _tagged(response, _tag(answer.generation, today, request))


def _texts(request: Request) -> dict[str, str]:
    """The parameters; one that takes several values may be repeated."""
    texts: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        texts.setdefault(name, []).append(value)
    repeated = [name for name, values in texts.items() if len(values) > 1 and name != "body"]
    if repeated:
        raise ParameterError(f"{repeated[0]} is given twice", message_zh=f"参数 {repeated[0]} 重复")
    return {name: ",".join(values) for name, values in texts.items()}


def _tag(generation: int, today: date, request: Request) -> str:
    """What an answer depends on: the generation, what was asked, and the day that stands for a date not given."""
    asked = f"{generation} {today} {request.url.path}?{request.url.query}"
    return f'"{hashlib.sha256(asked.encode()).hexdigest()[:20]}"'


def _matches(header: str, tag: str) -> bool:
    return tag in {each.strip().removeprefix("W/") for each in header.split(",")}


def _tagged(response: Response, tag: str) -> Response:
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "no-cache"
    return response
