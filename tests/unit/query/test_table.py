import pytest

from emkg.query import Question, questions


@pytest.mark.parametrize("question", questions(), ids=lambda question: question.name)
def test_the_columns_of_a_terminal_s_table_are_columns_of_the_answer(question: Question) -> None:
    columns = {column.name for column in question.columns}

    unknown = [name for name in question.table if not {name, f"{name}_zh"} & columns]

    assert unknown == []
    assert len(question.table) < len(columns)
