"""`python -m kij_analysis` is `kij`."""

from kij_analysis.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
