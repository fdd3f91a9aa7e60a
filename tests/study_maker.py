"""Small study folders made from text, for tests of rules, crosswalks and harmonised frames."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import pandas as pd
import pyreadstat
import pytest

from kij_analysis.study import Study, open_study

SOURCE = "  - {crosswalk: "
"""How the line of a source begins in the study file of the template."""

LABELS = "&any {en: word, da: ord, nb: ord, sv: ord, fi: sana}"

CODEBOOK = {
    "variables.yaml": f"""\
missing_reasons:
  not_asked: {{labels: {LABELS}, spss: -1, stata: .n, meaning: not asked}}
  not_applicable: {{labels: *any, spss: -2, stata: .i, meaning: does not concern the person}}
  dont_know: {{labels: *any, spss: -3, stata: .d, meaning: does not know}}
  refused: {{labels: *any, spss: -4, stata: .r, meaning: does not want to answer}}
  no_answer: {{labels: *any, spss: -5, stata: .m, meaning: left empty}}
  invalid: {{labels: *any, spss: -6, stata: .v, meaning: outside what is allowed}}
  rule_failed: {{labels: *any, spss: -7, stata: .f, meaning: the rule could not be applied}}
  not_comparable: {{labels: *any, spss: -8, stata: .x, meaning: asked in another way}}
  undetermined: {{labels: *any, spss: -9, stata: .w, meaning: not decided}}
variables:
  gender:
    {{concept: Gender., frame: people, type: category, labels: *any,
     categories: {{woman: {{labels: *any}}, man: {{labels: *any}}, other: {{labels: *any}}}}}}
  age: {{concept: Age., frame: people, type: number, unit: years, minimum: 15, maximum: 100, labels: *any}}
  education:
    concept: Education.
    frame: people
    type: category
    labels: *any
    outputs:
      level:
        {{type: category, ordered: true,
         categories: {{low: {{labels: *any}}, medium: {{labels: *any}}, high: {{labels: *any}}}}}}
      years: {{type: number, minimum: 0, maximum: 30}}
  status:
    {{concept: Labour status., frame: answers, type: category, labels: *any,
     categories: {{employed: {{labels: *any}}, unemployed: {{labels: *any}}, education: {{labels: *any}}}}}}
  in_work: {{concept: In work., frame: answers, type: boolean, labels: *any}}
  hours: {{concept: Hours., frame: answers, type: number, minimum: 0, maximum: 168, labels: *any}}
  start: {{concept: First day., frame: answers, type: date, labels: *any}}
  place: {{concept: Place., frame: answers, type: text, labels: *any}}
  skill:
    concept: Skill.
    frame: answers
    type: scale
    labels: *any
    outputs: {{score: {{type: number, minimum: 0, maximum: 100}}, high: {{type: boolean}}}}
  matched: {{concept: Same trade., frame: pairs, type: boolean, labels: *any}}
""",
    "barriers.yaml": f"""\
domains: {{capability: {{labels: {LABELS}}}, rest: {{labels: *any}}}}
barriers:
  language: {{asked: true, domain: capability, labels: *any, basis: test}}
  network: {{asked: true, domain: capability, labels: *any, basis: test}}
  other: {{asked: true, domain: rest, labels: *any, basis: test}}
  time_work: {{asked: false, domain: rest, labels: *any, basis: test}}
""",
    "programmes.yaml": """\
programmes:
  kvinfo: {kind: programme, name: KVINFO, short: KVINFO, country: DK, source: test}
  fika: {kind: programme, name: FIKA, short: FIKA, country: FI, source: test}
""",
    "scales.yaml": """\
scales:
  grade3_da:
    languages: [da]
    direction: ascending
    middle: true
    basis: test
    categories: [{labels: {da: Slet ikke}}, {labels: {da: I nogen grad}}, {labels: {da: I høj grad}}]
    missing: {Ved ikke: dont_know}
  grade4_nb:
    languages: [nb]
    direction: ascending
    middle: false
    basis: test
    categories:
      - {code: 1, labels: {nb: Dårlig}}
      - {code: 2, labels: {nb: Nokså dårlig}}
      - {code: 3, labels: {nb: Nokså godt}}
      - {code: 4, labels: {nb: Godt}}
    missing: {98: dont_know, 99: refused}
""",
}
"""A codebook with a variable of each type and frame, two scales and three barriers that are asked."""


def crosswalk(rules: str, **changes: Any) -> str:
    """A crosswalk of the instrument `kv_end`; its first line is the instrument, its rules begin in line 3."""
    instrument = {
        "id": "kv_end",
        "programme": "kvinfo",
        "role": "mentee",
        "wave": "end",
        "file": {
            "format": "delimited", "encoding": "utf-8", "delimiter": ";", "decimal": ",", "dates": "%d-%m-%Y"
        },
        "keys": {"person_id": "Id"},
        "missing": {"": "no_answer"},
        **changes,
    }  # fmt: skip
    body = indent(dedent(rules).strip("\n"), "  ")
    return f"instrument: {json.dumps(instrument, ensure_ascii=False)}\nrules:\n{body or '  {}'}\n"


def make_study(
    folder: Path,
    files: Mapping[str, str | bytes],
    crosswalks: Mapping[str, str],
    *,
    codebook: Mapping[str, str] = CODEBOOK,
    sources: Mapping[str, str] | None = None,
) -> Study:
    """A study folder, opened.

    `crosswalks` leads from the name of a data file to the text of its crosswalk; `sources` adds keys
    such as ``"rows: 3"`` to the entry of a data file in study.yaml.
    """
    for name, text in codebook.items():
        write(folder / "codebook" / name, text)
    for name, content in files.items():
        write(folder / "data/raw" / name, content)
    entries = []
    for name, text in crosswalks.items():
        chosen = text.split('"id": "', 1)[1].split('"', 1)[0]
        write(folder / "codebook/crosswalks" / f"{chosen}.yaml", text)
        more = (sources or {}).get(name, "")
        status = "" if "data_status" in more else "data_status: synthetic"
        parts = [f"crosswalk: {chosen}", f"file: {name}", status, more]
        entries.append(f"  - {{{', '.join(part for part in parts if part)}}}")
    head = 'study: {id: small, title: "A small study", data_status: synthetic}\n'
    head += "pseudonyms: {key: keep_ids}\nsources:\n"
    write(folder / "study.yaml", head + "\n".join(entries) + "\n")
    return open_study(folder)


def small_study(folder: Path, table: str | bytes, rules: str, **changes: Any) -> Study:
    """A study of one file, `end.csv`, and one crosswalk, `kv_end`."""
    return make_study(folder, {"end.csv": table}, {"end.csv": crosswalk(rules, **changes)})


def sav(frame: pd.DataFrame, folder: Path, **options: Any) -> bytes:
    """The bytes of an SPSS file; options are those of `pyreadstat.write_sav`."""
    path = folder / "made.sav"
    pyreadstat.write_sav(frame, str(path), **options)
    content = path.read_bytes()
    path.unlink()
    return content


def sav_study(folder: Path, frame: pd.DataFrame, rules: str, **options: Any) -> Study:
    """A study of one SPSS file, `end.sav`, whose persons stand in the column `id`."""
    text = crosswalk(rules, file={"format": "spss"}, keys={"person_id": "id"})
    return make_study(folder, {"end.sav": sav(frame, folder, **options)}, {"end.sav": text})


def write(path: Path, content: str | bytes) -> None:
    """Write a file, making its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))


CASES = Path(__file__).parent / "harmonisation" / "cases"


def shared_case(name: str) -> Path:
    """The folder of a reference case outside the repository; the test is skipped where it is not at hand."""
    shared = os.environ.get("KIJ_SHARED")
    if not shared:
        pytest.skip("KIJ_SHARED is not set, so the shared cases are not at hand")
    return Path(shared) / "cases/harmonise" / name


def case_study(folder: Path, name: str, raw: Path) -> Study:
    """The study of a reference case: our rules over the case's own files, which stay where they are."""
    for path in sorted((CASES / name).rglob("*.yaml")):
        place = folder if path.name == "study.yaml" else folder / "codebook"
        write(place / path.relative_to(CASES / name), path.read_bytes())
    for part in ("barriers.yaml", "scales.yaml"):
        write(folder / "codebook" / part, CODEBOOK[part])
    return open_study(folder, raw=raw)


def with_sources(place: Path, *crosswalks: str) -> Path:
    """The template's study with these of its sources alone: quicker where a few tell as much as all."""
    path = place / "study.yaml"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    left = [line for line in lines if not line.startswith(SOURCE)]
    kept = [line for line in lines if line.startswith(tuple(f"{SOURCE}{name}," for name in crosswalks))]
    at = next(number for number, line in enumerate(left) if line.startswith("sources:")) + 1
    path.write_text("".join([*left[:at], *kept, *left[at:]]), encoding="utf-8")
    return place


def in_this_process(
    notebooks: Sequence[Path], parameters: Mapping[str, Any], **_: object
) -> dict[str, float]:
    """The notebooks run without kernels, which is quick."""
    for path in notebooks:
        names: dict[str, Any] = {"display": lambda *_: None}
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                exec("".join(cell["source"]), names)
            if "parameters" in cell["metadata"].get("tags", []):
                names |= parameters
    return {}
