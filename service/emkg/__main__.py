"""`python -m emkg` is `emkg`."""

from emkg.cli import main

if __name__ == "__main__":
    main()
