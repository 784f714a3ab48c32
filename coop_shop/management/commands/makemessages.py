"""`manage.py makemessages` with this project's choices, so that a run without new texts changes nothing.

No dates, no line numbers, no guessed translations, nothing obsolete; English only, and only our own sources.
"""

import argparse
import os
import re
from typing import Any

from django.core.management.commands import makemessages

NOT_OURS = ["node_modules", "simulators", "var", "bench", "tests", "*/tests/*", "conftest.py"]
DATES = re.compile(rb'^"(POT-Creation|PO-Revision)-Date: .*\\n"\n', re.MULTILINE)


class Command(makemessages.Command):
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(locale=["en"], ignore_patterns=NOT_OURS, no_obsolete=True, add_location="file")

    def write_po_file(self, potfile: str, locale: str) -> Any:
        super().write_po_file(potfile, locale)
        path = os.path.join(os.path.dirname(potfile), locale, "LC_MESSAGES", f"{self.domain}.po")
        with open(path, "rb+") as file:
            undated = DATES.sub(b"", file.read())
            file.seek(0)
            file.write(undated)
            file.truncate()
