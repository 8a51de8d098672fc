"""Entry point of `python -m helpers`."""

import sys

from helpers.commands.cli import main

sys.exit(main())
