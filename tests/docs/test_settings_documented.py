from pathlib import Path

from emkg.settings import known_variables


def test_every_environment_variable_is_documented_and_no_other(checkout: Path) -> None:
    text = (checkout / "docs" / "guide" / "settings.md").read_text(encoding="utf-8")

    documented = {word.split("`")[0] for word in text.split("| `")[1:] if word.startswith("EMKG_")}

    sections = {"CITY", "LEDGER", "QUERY", "SERVICE", "GATE", "UPDATE"}
    assert documented == known_variables() - {f"EMKG_{section}" for section in sections}
