"""How often a draft names the right column, against a baseline of exact names.

The right answers for the real files stand in tests/reference/draft_gold.csv, read off the files' own labels
and lists of variables; for the demonstration they are the crosswalks themselves. Run it with

    KIJ_SHARED=<folder with data/microdata> python benchmarks/draft_accuracy.py

Without KIJ_SHARED only the demonstration is measured. Weights and threshold of the draft were set while
looking at the demonstration and at ESS; PIAAC and Eurobarometer were measured afterwards.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from kij_analysis import draft, open_study
from kij_analysis.codebook import Codebook, Crosswalk, load_codebook, load_crosswalk
from kij_analysis.codebook.crosswalks import ColumnPerAnswer, ManyInOneCell, Map, Missing
from kij_analysis.draft.knowledge import KEYS, Earlier, Knowledge, knowledge_of
from kij_analysis.draft.likeness import squashed
from kij_analysis.questionnaire.reading import load_questionnaire
from kij_analysis.sources import normalise
from kij_analysis.study import Study

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "tests" / "reference"
PIAAC = {"piaac_fi": "prgfinp1", "piaac_no": "prgnorp1", "piaac_se": "prgswep1"}
LABELS = ("variables.csv", "piaac_value_labels_us2012.csv")
REAL = {
    "ess9_no": "ess/ESS9NO.dta",
    "eb_67_1": "eurobarometer/ZA4529_sample.sav",
    "eb_82_4": "eurobarometer/ZA5933_sample.sav",
    **{name: f"piaac/{file}.csv" for name, file in PIAAC.items()},
}
Pairs = set[tuple[str, str]]
Meanings = dict[tuple[str, str], str]


def main() -> None:
    """Measure all and print a table in Markdown."""
    study = open_study(ROOT)
    rows = list(demonstration(study))
    shared = os.environ.get("KIJ_SHARED")
    if shared:
        rows += real(study, Path(shared) / "data" / "microdata")
    table = pd.DataFrame(rows)
    head = list(table.columns)
    print("| " + " | ".join(head) + " |")
    print("| " + " | ".join("---" for _ in head) + " |")
    for row in table.itertuples(index=False):
        print("| " + " | ".join(_cell(value) for value in row) + " |")


def _cell(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def real(study: Study, folder: Path) -> Iterator[dict]:
    """The real files, against what is known without any crosswalk of a population survey."""
    book = load_codebook(study.folders["codebook"])
    earlier = draft.earlier_crosswalks(study, book)
    programmes = [part for part in earlier if part.crosswalk.instrument.role != "respondent"]
    known = _known(study, book, programmes)
    labels = [folder / "piaac" / label for label in LABELS]
    for name in REAL:
        if name not in PIAAC:
            yield one_real(name, folder, known)
            continue
        yield one_real(name, folder, known, title=f"{name}, the file alone")
        yield one_real(name, folder, known, labels, title=f"{name}, with the list of variables")
        others = [
            part
            for part in earlier
            if part.crosswalk.instrument.id.startswith("piaac") and name not in part.crosswalk.name
        ]
        more = _known(study, book, [*programmes, *others])
        yield one_real(name, folder, more, labels, title=f"{name}, after other countries")
    bare = _known(study, book, programmes, usual=False)
    for name in REAL:
        tables = labels if name in PIAAC else []
        yield one_real(name, folder, bare, tables, title=f"{name}, without the usual wordings")


def one_real(
    name: str, folder: Path, known: Knowledge, labels: Sequence[Path] = (), *, title: str = ""
) -> dict:
    """One real file held against its gold standard."""
    gold = pd.read_csv(REFERENCE / "draft_gold.csv", dtype=str)
    answers = pd.read_csv(REFERENCE / "draft_gold_answers.csv", dtype=str, keep_default_na=False)
    group = "piaac" if name in PIAAC else name
    pairs = set(map(tuple, gold.loc[gold["file"] == group, ["column", "variable"]].to_numpy()))
    right = {
        (row.column, row.key.casefold()): row.result for row in answers[answers["file"] == group].itertuples()
    }
    return _measured(title or name, folder / REAL[name], known, pairs, right, labels)


def demonstration(study: Study) -> Iterator[dict]:
    """Each demonstration export with its own crosswalk left out, and with all of its programme's left out."""
    book = load_codebook(study.folders["codebook"])
    earlier = draft.earlier_crosswalks(study, book)
    demo = [source for source in study.sources if source.data_status == "synthetic"]
    for title, same in (("all other instruments known", True), ("other programmes' known only", False)):
        found = [_one_left_out(source, study, book, earlier, same) for source in demo]
        yield _summed(f"demonstration, {title}", found)


def _one_left_out(source, study: Study, book: Codebook, earlier: Sequence[Earlier], same: bool) -> dict:
    crosswalk = load_crosswalk(study.crosswalk(source), book)
    instrument = crosswalk.instrument
    kept = [
        part
        for part in earlier
        if part.crosswalk.instrument.id != instrument.id
        and (same or part.crosswalk.instrument.programme != instrument.programme)
    ]
    known = _known(study, book, kept)
    pairs, right = _gold_of(crosswalk, book)
    return _measured(
        instrument.id, source.file, known, pairs, right,
        role=instrument.role, wave=instrument.wave, unit=instrument.unit,
    )  # fmt: skip


def _known(study: Study, book: Codebook, earlier: Sequence[Earlier], *, usual: bool = True) -> Knowledge:
    core = load_questionnaire(study.folders["codebook"], book)
    return knowledge_of(book, core, earlier, usual=usual)


def _gold_of(crosswalk: Crosswalk, book: Codebook) -> tuple[Pairs, Meanings]:
    """What a crosswalk says: which column leads to which variable, and each answer to which category."""
    pairs: Pairs = {(name, key) for key, name in crosswalk.instrument.keys.items() if key in KEYS}
    right: Meanings = {}
    for rule in crosswalk.rules:
        if isinstance(rule.spec, ColumnPerAnswer):
            pairs |= {(name, f"barrier_{code}") for name, code in rule.spec.columns.items()}
        elif isinstance(rule.spec, ManyInOneCell):
            pairs.add((rule.spec.source, "barriers"))
            right |= {
                (rule.spec.source, normalise(str(a))): str(r)
                for a, r in rule.spec.values.items()
                if not isinstance(r, Missing)
            }
        else:
            pairs |= {(name, book.columns[rule.column].variable) for name in rule.sources}
        if isinstance(rule.spec, Map) and not rule.column.endswith("_group"):
            right |= {
                (rule.spec.source, normalise(str(a))): str(r)
                for a, r in rule.spec.values.items()
                if not isinstance(r, Missing)
            }
    return pairs, right


def _measured(
    name: str, file: Path, known: Knowledge, gold: Pairs, right: Meanings, labels: Sequence[Path] = (),
    *, role: str = "respondent", wave: str = "single", unit: str = "person",
) -> dict:  # fmt: skip
    found = draft.draft(file, known, role=role, wave=wave, unit=unit, labels=labels)
    columns = {seen.name for seen in found.draft.columns}
    gold = {pair for pair in gold if pair[0] in columns}
    table = found.proposals
    ours = {(r.column, r.variable) for r in table[table["variable"] != ""].itertuples()}
    named = int((table["rule"] == "undetermined").sum())
    counts = _compared(ours, gold)
    base = _compared(_exact_names(found, known), gold)
    exact, wrong, left = _answers(found, gold, right)
    return {
        "file": name, "columns": len(columns), "reached": len({variable for _, variable in gold}),
        "proposed": counts[0], "of these undecided": named, "right": counts[1], "wrong": counts[2],
        "precision": counts[1] / counts[0] if counts[0] else float("nan"),
        "recall": counts[3] / max(len({v for _, v in gold}), 1),
        "baseline right": base[1], "baseline wrong": base[2],
        "baseline recall": base[3] / max(len({v for _, v in gold}), 1),
        "answers right": exact, "answers wrong": wrong, "answers left open": left,
    }  # fmt: skip


def _summed(name: str, rows: Sequence[dict]) -> dict:
    """Several files as one: counts added up, shares computed anew."""
    table = pd.DataFrame(rows)
    total = {column: int(table[column].sum()) for column in table.select_dtypes("integer").columns}
    for share in ("recall", "baseline recall"):
        total[share] = float((table[share] * table["reached"]).sum() / table["reached"].sum())
    total["precision"] = total["right"] / total["proposed"]
    return {"file": name, **{column: total[column] for column in table.columns[1:]}}


def _compared(ours: Pairs, gold: Pairs) -> tuple[int, int, int, int]:
    """(proposed, right, wrong, variables reached by a right proposal)."""
    right = ours & gold
    return len(ours), len(right), len(ours - gold), len({variable for _, variable in right})


def _exact_names(found: draft.Drafted, known: Knowledge) -> Pairs:
    """The baseline: the first column whose name or label is that of a variable, or of an earlier column.

    Labels of variables in any of the five languages count, and question texts of earlier files.
    """
    names: dict[str, str] = {}
    for variable in known.codebook.variables.values():
        for text in (variable.name, variable.name.replace("_", " "), *variable.labels.values()):
            names.setdefault(normalise(text), variable.name)
    for wording in (*known.names, *known.questions):
        if wording.source not in ("codebook", "core questionnaire", "usual wording", "term base"):
            names.setdefault(normalise(wording.text), wording.target)
    pairs: dict[str, str] = {}
    for seen in found.draft.columns:
        for text in (*seen.texts, squashed(seen.name)):
            variable = names.get(normalise(text))
            if variable:
                pairs.setdefault(variable, seen.name)
    return {(column, variable) for variable, column in pairs.items()}


def _answers(found: draft.Drafted, gold: Pairs, right: Meanings) -> tuple[int, int, int]:
    """Of the answers of rightly proposed maps: (led where they belong, led elsewhere, left open)."""
    told: dict[tuple[str, str], object] = {}
    for proposal in found.draft.proposals:
        if (proposal.column, proposal.target) in gold and proposal.meanings:
            for key, meaning in next(iter(proposal.meanings.values())).items():
                told[proposal.column, normalise(key)] = meaning.result
    block = found.draft.barriers
    if block is not None and block.form == "cells":
        told |= {(block.columns[0], normalise(part)): m.result for part, m in block.meanings.items()}
    judged = [(told[place], result) for place, result in right.items() if place in told]
    good = sum(str(ours) == result for ours, result in judged)
    left = sum(ours is None for ours, _ in judged)
    return good, len(judged) - good - left, left


if __name__ == "__main__":
    main()
