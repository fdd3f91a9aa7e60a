"""All that leaves is protected together: no table tells what another one hides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from kij_analysis.disclosure.cells import Cells, Leaving, Line, counted, hidden_rows
from kij_analysis.disclosure.links import linked
from kij_analysis.disclosure.log import LOG, logged
from kij_analysis.disclosure.means import near_means
from kij_analysis.disclosure.primary import blank
from kij_analysis.disclosure.relations import Links
from kij_analysis.disclosure.releases import against, released
from kij_analysis.disclosure.rules import by_profile
from kij_analysis.disclosure.secondary import Hidden, hide
from kij_analysis.disclosure.sums import System
from kij_analysis.estimates import COLUMNS
from kij_analysis.profiles import PROFILES, Profile
from kij_analysis.profiles import profile as named

Name = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Together:
    """What leaves, protected, and what only the inside may know.

    `frames` leads from (kind, name) to the protected estimates. `log` says of each hidden row why it is
    hidden; it is internal, as it tells primary cells from others. `cells` holds the counts that are told, for
    the record of a release.
    """

    frames: Mapping[Name, pd.DataFrame]
    log: pd.DataFrame
    cells: pd.DataFrame


def together(
    items: Sequence[Leaving],
    *,
    profile: Profile | str | int = "n5",
    earlier: pd.DataFrame | None = None,
) -> Together:
    """The items of a report with everything hidden that would tell of few persons, in itself or together.

    First each item is protected by its own rule. Then all counts become cells, a count that is printed in
    several places one cell, and further cells are hidden, the fewest persons first, until nobody who knows
    all that is shown, and how it adds up, can tell a hidden count more exactly than to as many possible
    values as the profile's smallest cell has persons. Hidden rows look alike, whatever the reason.

    Parameters
    ----------
    items
        The figures and tables with their unsuppressed estimates; frames that are no estimates pass as they
        are.
    profile
        A profile, its name, or a smallest cell.
    earlier
        The counts that the last release told (`cells` of that run), from which this one may not differ by a
        few persons.

    Returns
    -------
    Together
        Frames, log and cells.

    Raises
    ------
    UsageError
        If the profile is not known.

    Notes
    -----
    Exact cell suppression by integer programming after Fischetti and Salazar-González (2000), with a sliding
    protection level; see `kij_analysis.disclosure.secondary.hide`. docs/methods.md says which relations are
    looked at.

    Examples
    --------
    >>> from kij_analysis import disclosure, estimates as e
    >>> rows = [{"programme": p, "variable": "network", "category": "yes", "count": c, "n": 40, "estimate":
    ...     c / 40, "measure": "share", "method": "wilson", "data_status": "observed"}
    ...     for p, c in (("fika", 3), ("sajo", 12))]
    >>> item = disclosure.Leaving(name="dots", kind="figure", chapter="barriers", frame=e.make(rows),
    ...     protect=disclosure.suppress)
    >>> made = together([item])
    >>> made.frames["figure", "dots"]["note"].tolist(), made.log["reason"].tolist()
    (['hidden_small_count', ''], ['primary'])
    """
    rules = _profile(profile)
    first = {(item.kind, item.name): _alone(item, rules) for item in items}
    cells = Cells()
    for item in items:
        counted(item, first[item.kind, item.name], cells)
    links = linked(cells, smallest=rules.smallest_cell, differencing=rules.differencing)
    known = against(cells, links, earlier, rules) if earlier is not None else set()
    start = _hidden_already(cells, rules)
    found = _hidden(cells, links, start, known, rules)
    near = near_means(cells, smallest=rules.smallest_cell) if rules.differencing else []
    frames, rows = _blanked(items, first, cells, found, links, near)
    log = logged(items, first, frames, cells, links, start=start, found=found, rows=rows, rules=rules)
    return Together(frames=frames, log=log, cells=released(cells, frames))


def _profile(given: Profile | str | int) -> Profile:
    if isinstance(given, Profile):
        return given
    if isinstance(given, str):
        return named(given)
    alike = next((one for one in PROFILES.values() if one.smallest_cell == given), None)
    return alike or Profile(name=f"n{given}", smallest_cell=given, smallest_base=2 * given, smallest_df=10)


def _alone(item: Leaving, rules: Profile) -> pd.DataFrame:
    """An item protected by its own rule and by those of the profile."""
    shown = item.protect(item.frame, threshold=rules.smallest_cell)
    return by_profile(shown, rules) if set(COLUMNS) <= set(shown.columns) else shown


def _hidden_already(cells: Cells, rules: Profile) -> set[int]:
    """The cells of the rows that are hidden, and all that are small."""
    start: set[int] = set()
    for line in cells.lines:
        if not line.hidden:
            continue
        if line.own is not None:
            start.add(line.own)
        start |= {cell for cell in line.cells if 0 <= cells.values[cell] < rules.smallest_cell}
    wholes = dict(cells.within)
    small = {
        cell for cell in (cell for line in cells.lines for cell in line.pieces)
        if cell in wholes and cells.values[wholes[cell]] - cells.values[cell] < rules.smallest_cell
    }  # fmt: skip
    return start | small


def _hidden(cells: Cells, links: Links, start: set[int], known: set[int], rules: Profile) -> Hidden:
    """All cells to hide."""
    width = {cell: float(rules.smallest_cell - 1) for cell in range(len(cells.values))}
    for cell, persons in links.loose.items():
        if cells.values[cell] >= rules.smallest_cell:
            width[cell] = min(width[cell], persons)
    width |= {cell: min(width[cell], persons) for cell, persons in links.few.items()}
    width |= dict.fromkeys(links.free, 0.0)
    unseen = {cell for cell, of in links.means.items() if not _mean_is_shown(cells, of)}
    width |= dict.fromkeys(unseen, 0.0)
    bases = {line.base for line in cells.lines} - {None}
    cost = {cell: value + 1 for cell, value in enumerate(cells.values)}
    cost |= {cell: 3 * cost[cell] for cell in bases if cell is not None}
    system = System(
        values=pd.Series(cells.values, dtype="float64").to_numpy(), sums=tuple(links.sums),
        parts=tuple(links.parts),
    )  # fmt: skip
    outside = known | links.known
    hidden = (start | links.apart | links.free | unseen) - outside
    pairs = {(own, base) for own, base in cells.within}
    return hide(system, hidden, width=width, cost=cost, open_=outside, bases=pairs)


def _mean_is_shown(cells: Cells, of: tuple[str, str, float]) -> bool:
    return any(_is_mean(line, cells, of) and not line.hidden for line in cells.lines)


def _is_mean(line: Line, cells: Cells, of: tuple[str, str, float]) -> bool:
    if line.base is None:
        return False
    programme, variable, n = of
    is_mean = (line.of["variable"], line.of["measure"]) == (variable, "mean")
    return is_mean and line.of["programme"] == programme and cells.values[line.base] == n


def _blanked(
    items: Iterable[Leaving],
    first: Mapping[Name, pd.DataFrame],
    cells: Cells,
    found: Hidden,
    links: Links,
    near: Iterable[Line],
) -> tuple[dict[Name, pd.DataFrame], dict[Name, list[int]]]:
    """The frames with all rows blanked that show a hidden cell or are `near` another, and which those are."""
    means = {of: cell in found.cells for cell, of in links.means.items()}
    rows: dict[Name, list[int]] = {}
    for line in near:
        rows.setdefault(line.item, []).append(line.place)
    few: dict[Name, list[int]] = {}
    for line in cells.lines:
        gone = any(cell in found.cells for cell in line.cells)
        gone |= any(hides and _is_mean(line, cells, of) for of, hides in means.items())
        if gone and not line.hidden:
            rows.setdefault(line.item, []).append(line.place)
        if line.base is not None and line.base in found.cells:
            few.setdefault(line.item, []).append(line.place)
    frames = dict(first)
    for item in items:
        name = (item.kind, item.name)
        if name in rows or name in few:
            frame = first[name]
            frames[name] = _missing_of_moves(
                blank(frame, _flags(frame, rows.get(name, [])), _flags(frame, few.get(name, [])))
            )
    return frames, rows


def _flags(frame: pd.DataFrame, places: Iterable[int]) -> pd.Series:
    flags = pd.Series(False, index=frame.index)
    flags.iloc[list(places)] = True
    return flags


def _missing_of_moves(frame: pd.DataFrame) -> pd.DataFrame:
    """In tables of movements who is missing is a flow too: hidden wherever one of its row is."""
    if not {"first", "wave_2", "missing"} <= set(frame.columns):
        return frame
    keys = [frame[name] for name in ("programme", "group", "first", "wave_1", "wave_2")]
    gone = pd.Series(hidden_rows(frame, frame), index=frame.index) & (frame["first"] != "")
    partly = gone.groupby(keys, dropna=False).transform("any")
    return frame.assign(missing=frame["missing"].astype("float64").mask(partly))


__all__ = ["LOG", "Together", "together"]
