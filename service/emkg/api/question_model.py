"""What `/api` gives, as the models that the OpenAPI document shows."""

from __future__ import annotations

from datetime import date  # noqa: TC003  (pydantic reads the annotation at run time)
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field, JsonValue, create_model

if TYPE_CHECKING:
    from emkg.query import Question, Text


class TextModel(BaseModel):
    """A text in Chinese and English."""

    zh: str
    en: str


class ParameterModel(BaseModel):
    """A parameter of a question."""

    name: str
    type: str = Field(description="event, event-type, division, level, phase, body, date or hops")
    many: bool = Field(description="Whether several values may be given, separated by commas")
    default: str | None
    description: TextModel


class ColumnModel(BaseModel):
    """A column of an answer."""

    name: str
    description: TextModel


class QuestionModel(BaseModel):
    """A named question."""

    name: str
    title: TextModel
    description: TextModel
    parameters: list[ParameterModel]
    requires: list[list[str]] = Field(description="Sets of parameters of which one must be given in full")
    columns: list[ColumnModel]
    sparql: str = Field(description="The query, with its parameters open")


class NoteModel(BaseModel):
    """What the rows cannot say."""

    code: str
    zh: str
    en: str
    subjects: list[str] = Field(description="IRIs of what the note is about")


class AnswerModel(BaseModel):
    """The answer to a named question."""

    question: str
    parameters: dict[str, list[str]] = Field(description="Every parameter as it was taken")
    as_of: date
    generation: int = Field(description="The ledger's generation it was computed on")
    columns: list[str]
    notes: list[NoteModel]


def question_model(question: Question) -> QuestionModel:
    """A question as JSON shows it."""
    return QuestionModel(
        name=question.name,
        title=_text(question.title),
        description=_text(question.description),
        parameters=[
            ParameterModel(
                name=each.name,
                type=each.type,
                many=each.many,
                default=each.default,
                description=TextModel(zh=each.zh, en=each.en),
            )
            for each in question.parameters
        ],
        requires=[list(group) for group in question.requires],
        columns=[
            ColumnModel(name=each.name, description=_text(each.description)) for each in question.columns
        ],
        sparql=question.text,
    )


def answer_model(question: Question) -> type[BaseModel]:
    """The model of a question's answer, with a model of its rows."""
    stem = "".join(word.capitalize() for word in question.name.split("-"))
    columns = {
        each.name: (JsonValue, Field(None, description=f"{each.description.zh} / {each.description.en}"))
        for each in question.columns
    }
    row = create_model(f"{stem}Row", **columns)  # type: ignore[call-overload]  # columns are data
    return create_model(f"{stem}Answer", __base__=AnswerModel, rows=(list[row], ...))


def _text(text: Text) -> TextModel:
    return TextModel(zh=text.zh, en=text.en)
