import pytest

from emkg.query import Question, questions


@pytest.mark.parametrize("question", questions(), ids=lambda question: question.name)
def test_the_columns_of_a_terminal_s_table_are_columns_of_the_answer(question: Question) -> None:
    columns = {column.name for column in question.columns}

    unknown = [one.name for one in question.table if not {one.name, f"{one.name}_zh"} & columns]

    assert unknown == []
    assert 0 < len(question.table) < len(columns)
