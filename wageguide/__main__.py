"""`python -m wageguide` is the command line."""

from wageguide.cli import main

main()
