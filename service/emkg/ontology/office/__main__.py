"""`python -m emkg.ontology.office`."""

import sys

from emkg.ontology.office.command import main

if __name__ == "__main__":
    sys.exit(main())
