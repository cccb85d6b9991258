#!/usr/bin/env python
"""Django's command line, on the database of this checkout unless DATABASE_URL names another (config/commandline.py)."""

import os
import sys

from config.commandline import local_site


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    with local_site(sys.argv):
        from django.core.management import execute_from_command_line  # needs the environment made above

        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
