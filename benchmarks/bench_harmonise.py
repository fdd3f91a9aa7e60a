"""The harmonising engine against the bare pandas lookup, in the same run.

Two hundred variables of one million answers (a five-step scale with a missing code and empty cells), as
the numbers that an SPSS file holds and as the text of a CSV file. The engine resolves the unique answers of a
column once, checks each against its rule, and takes value and reason by position; the bare lookup does the
same without any check, with a table made by hand. `Series.map`, which most scripts use, is timed on ten
variables.

Prints processor seconds, which do not depend on what else the machine does, the best of some runs; and the
peak of the memory that the engine takes beside its input, against the size of the result. With KIJ_SHARED
set, also five cohorts of 13,500 rows and 45 rules, from the files to the frames.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from kij_analysis.codebook import Codebook, load_codebook
from kij_analysis.codebook.crosswalks import Map, Missing, Rule
from kij_analysis.codebook.instruments import FileForm, Instrument
from kij_analysis.harmonisation import harmonise
from kij_analysis.harmonisation.applying import apply_rules
from kij_analysis.harmonisation.compiling import compile_rule
from kij_analysis.harmonisation.lookups import CompiledRule
from kij_analysis.sources import ColumnNotes, RawTable
from kij_analysis.template import template_folder

ROWS, VARIABLES, RUNS, MAPPED = 1_000_000, 200, 3, 10
STATUS = ("employed", "unemployed", "education", "internship", "parental_leave")
DONT_KNOW = 8
INSTRUMENT = Instrument(
    id="b",
    programme="fika",
    role="mentee",
    wave="end",
    file=FileForm(format="spss"),
    keys={"person_id": "id"},
)


def best(work: Callable[[], object], *, times: int = RUNS) -> float:
    """The processor seconds of the fastest of some runs."""
    seconds = []
    for _ in range(times):
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    return min(seconds)


def as_numbers() -> pd.DataFrame:
    """The answers as the codes of a labelled file; an empty cell is NaN."""
    random = np.random.default_rng(1)
    drawn = random.choice([*range(1, len(STATUS) + 1), DONT_KNOW, np.nan], (VARIABLES, ROWS))
    return pd.DataFrame({f"q{place}": drawn[place] for place in range(VARIABLES)})


def as_text() -> pd.DataFrame:
    """The same answers as the text of a delimited file."""
    random = np.random.default_rng(1)
    letters = np.array([*(str(code) for code in range(1, len(STATUS) + 1)), str(DONT_KNOW), ""])
    columns = {f"q{place}": letters[random.integers(0, len(letters), ROWS)] for place in range(VARIABLES)}
    return pd.DataFrame(columns, dtype="str")


def rules(book: Codebook) -> list[CompiledRule]:
    """A rule for every variable."""
    values = {**dict(enumerate(STATUS, 1)), DONT_KNOW: Missing("dont_know"), "": Missing("no_answer")}
    made = (Map(source=f"q{place}", values=values) for place in range(VARIABLES))
    return [
        compile_rule(Rule(column="labour_status", kind="map", spec=spec, status="complete"), book, {})
        for spec in made
    ]


def engine(frame: pd.DataFrame, compiled: list[CompiledRule], reasons: list[str]) -> pd.DataFrame:
    """What `harmonise` does with a file once it has been read."""
    kind = "text" if isinstance(frame.dtypes.iloc[0], pd.StringDtype) else "number"
    raw = RawTable(
        path=Path("b"), name="b", frame=frame, encoding="", sha256="", first_row=1,
        columns={name: ColumnNotes(name=name, kind=kind) for name in frame},
    )  # fmt: skip
    columns = {}
    for place, filled in enumerate(apply_rules(compiled, raw, INSTRUMENT)):
        columns[f"v{place}"] = filled.values()
        columns[f"v{place}_missing"] = filled.reasons(reasons)
    return pd.DataFrame(columns, copy=False)


def lookup(frame: pd.DataFrame, reasons: list[str]) -> pd.DataFrame:
    """The bare lookup: a table by hand, and an answer that is not in it is missing in silence."""
    codes = {str(code): place for place, code in enumerate(range(1, len(STATUS) + 1))}
    gaps = {str(DONT_KNOW): reasons.index("dont_know"), "": reasons.index("no_answer")}
    columns = {}
    for name in frame:
        found, answers = pd.factorize(frame[name], use_na_sentinel=False)
        spelled = ["" if pd.isna(a) else a if isinstance(a, str) else f"{a:g}" for a in answers]
        for suffix, table, labels in (("", codes, list(STATUS)), ("_missing", gaps, reasons)):
            places = np.array([table.get(answer, -1) for answer in spelled], dtype=np.int8)
            columns[name + suffix] = pd.Series(pd.Categorical.from_codes(places[found], labels))
    return pd.DataFrame(columns, copy=False)


def mapped(frame: pd.DataFrame) -> pd.DataFrame:
    """`Series.map` with a dictionary, for some of the variables."""
    number = frame.dtypes.iloc[0] == "float64"
    values = {(float(c) if number else str(c)): word for c, word in enumerate(STATUS, 1)}
    gaps = {float(DONT_KNOW): "dont_know"} if number else {str(DONT_KNOW): "dont_know", "": "no_answer"}
    names = list(frame)[:MAPPED]
    return pd.DataFrame(
        {n: frame[n].map(values) for n in names} | {f"{n}_": frame[n].map(gaps) for n in names}
    )


def peak(work: Callable[[], pd.DataFrame]) -> tuple[float, float]:
    """The highest memory on the way, and that of the result, in megabytes; what numpy and Python take."""
    tracemalloc.start()
    result = work()
    highest = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return highest / 1e6, float(result.memory_usage(deep=True).sum()) / 1e6


def main() -> None:
    """Measure and print."""
    book = load_codebook(template_folder() / "codebook")
    compiled, reasons = rules(book), list(book.missing)
    for kind, make in (("numbers", as_numbers), ("text", as_text)):
        frame = make()
        ours = best(lambda frame=frame: engine(frame, compiled, reasons))
        bare = best(lambda frame=frame: lookup(frame, reasons))
        series = best(lambda frame=frame: mapped(frame), times=1) * VARIABLES / MAPPED
        print(f"{VARIABLES} variables x {ROWS:,} rows as {kind}: harmonise {ours:.1f} s of processor time,")
        print(f"  bare lookup {bare:.1f} s (ratio {ours / bare:.2f}), Series.map about {series:.0f} s")
        highest, size = peak(lambda frame=frame: engine(frame, compiled, reasons))
        print(
            f"  memory: at most {highest:.0f} MB for a result of {size:.0f} MB (ratio {highest / size:.2f})"
        )
    five_cohorts()


def five_cohorts() -> None:
    """The five cohorts of the shared cases, if they are at hand; their rules stand with the tests."""
    if not os.environ.get("KIJ_SHARED"):
        print("KIJ_SHARED is not set: the five cohorts are left out")
        return
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
    from study_maker import case_study, shared_case

    name = "rmonize_five_studies"
    with tempfile.TemporaryDirectory() as folder:
        study = case_study(Path(folder), name, shared_case(name))
        seconds = best(lambda: harmonise(study))
        data = harmonise(study)
    # The barriers are in the codebook that the tests share, and no cohort asks about them.
    count = int((~data.ledger.rules["column"].str.startswith("barrier_")).sum())
    print(f"{name}: {len(data.answers):,} rows, {count} rules, files to frames in {seconds:.2f} s")


if __name__ == "__main__":
    main()
