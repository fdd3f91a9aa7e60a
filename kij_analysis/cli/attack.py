"""`kij attack`."""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

import kij_analysis as kij
from kij_analysis.cli.telling import on_study
from kij_analysis.errors import ReleaseError
from kij_analysis.profiles import PROFILES, UNCONFIRMED

TEXT = "Try to recompute hidden counts from everything in report/ and figures/."
SHOWN = 20


def arguments(part: argparse.ArgumentParser) -> None:
    """Declare the options."""
    on_study(part, raw=False)
    part.add_argument(
        "--against", metavar="RELEASE", help="an earlier release: its folder, or the record of its counts"
    )
    part.add_argument(
        "--profile",
        choices=list(PROFILES),
        help="the rules to hold the report against (default: the study's)",
    )


def run(options: argparse.Namespace) -> int:
    """Print how exactly hidden counts can be told; 7 if any more exactly than the profile allows."""
    study = kij.open_study(options.study)
    rules = PROFILES[options.profile] if options.profile else study.profile
    folders = [study.folders[name] for name in ("report", "figures") if study.folders[name].is_dir()]
    if not folders:
        raise ReleaseError("The study has no report to attack.", fix="Make one first: kij report.")
    against = Path(options.against) if options.against else None
    found = kij.disclosure.attack(folders, profile=rules, against=against)
    told = found[found["told"]]
    nearest = told if len(told) else found.head(SHOWN)
    if len(nearest):
        print(_listed(nearest))
        print()
    print(
        f"{len(found)} hidden numbers attacked; {len(told)} can be told more exactly than the profile "
        f"{rules.name} allows"
    )
    if study.confirmed is None:
        print(UNCONFIRMED.format(name=study.profile.name))
    return ReleaseError.exit_code if len(told) else 0


def _listed(found: pd.DataFrame) -> str:
    """The rows as a table: what it is, and between which counts it must lie."""
    ends = [found[name].map(lambda end: "?" if pd.isna(end) else f"{end:.0f}") for name in ("low", "high")]
    between = ends[0] + " to " + ends[1]
    columns = ["file", "programme", "variable", "category", "group", "what", "n"]
    return found[columns].assign(between=between).to_string(index=False)
