from importlinter import cli as importlinter


def test_every_import_follows_the_contract() -> None:
    assert importlinter.lint_imports(config_filename="pyproject.toml", is_debug_mode=False) == 0
