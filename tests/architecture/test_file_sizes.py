from pathlib import Path

LONGEST = 400


def test_no_python_file_has_outgrown_one_sitting(checkout: Path) -> None:
    files = [*checkout.glob("service/**/*.py"), *checkout.glob("tests/**/*.py")]

    too_long = {
        str(file.relative_to(checkout)): lines
        for file in files
        if (lines := len(file.read_text(encoding="utf-8").splitlines())) > LONGEST
    }

    assert files
    assert too_long == {}
