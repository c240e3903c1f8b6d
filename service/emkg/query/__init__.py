"""Named questions: documented SPARQL queries, asked by name, answered with rows and notes."""

from emkg.query.answer import Answer, Json, Note, Row, Value, to_json
from emkg.query.ask import AskContext, ask
from emkg.query.catalogue import find_question, questions
from emkg.query.parameter import Parameter
from emkg.query.question import Column, Question, Text
from emkg.query.run import Evaluator

__all__ = [
    "Answer",
    "AskContext",
    "Column",
    "Evaluator",
    "Json",
    "Note",
    "Parameter",
    "Question",
    "Row",
    "Text",
    "Value",
    "ask",
    "find_question",
    "questions",
    "to_json",
]
