"""datapackage.json: the CSV files described as a Data Package (version 2), for tools that read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from kij_analysis.exports.columns import Held, Table
from kij_analysis.files import checksum, write_json
from kij_analysis.words.speaking import Words

PROFILE = "https://datapackage.org/profiles/2.0/"
PRIMARY = {
    "people": ["programme", "person_id", "role"],
    "answers": ["programme", "person_id", "role", "wave"],
    "pairs": ["programme", "pair_id"],
}
"""What names a row; two meetings of a pair on one day are told apart by nothing."""
TYPES = {"category": "string", "text": "string", "number": "number", "boolean": "boolean", "date": "date"}


def package_of(
    tables: Sequence[Table],
    files: Mapping[str, str],
    words: Words,
    delimiter: str = ",",
    decimal: str = ".",
    *,
    statuses: Iterable[str] = (),
) -> dict[str, Any]:
    """The descriptor of delimited files.

    Codes are *categories* with their labels; an empty cell is missing, and the reason stands in the column
    ``<name>_missing``, whose categories are the reasons.

    Parameters
    ----------
    files
        The name of each table's file, which lies beside the descriptor.
    statuses
        Those of the data; the description says so where it is made up.
    """
    names, mark = {table.name for table in tables}, words.mark(statuses)
    return {
        "$schema": f"{PROFILE}datapackage.json",
        "name": "harmonised",
        "title": words("codebook.title"),
        **({"description": mark} if mark else {}),
        "resources": [_resource(table, files[table.name], names, delimiter, decimal) for table in tables],
    }


def write_package(
    tables: Sequence[Table],
    paths: Mapping[str, Path],
    words: Words,
    delimiter: str,
    decimal: str,
    *,
    into: Path,
) -> None:
    """Write the descriptor beside the files, with their sizes and checksums."""
    files = {name: path.name for name, path in paths.items()}
    found = [set(table.frame["data_status"]) for table in tables if "data_status" in table.frame]
    content = package_of(tables, files, words, delimiter, decimal, statuses=set().union(*found))
    for resource in content["resources"]:
        path = paths[resource["name"]]
        resource["bytes"], resource["hash"] = path.stat().st_size, f"sha256:{checksum(path)}"
    write_json(into, content)


def _resource(table: Table, file: str, names: set[str], delimiter: str, decimal: str) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "$schema": f"{PROFILE}tableschema.json",
        "fields": [field_of(held, decimal) for held in table.columns],
        "missingValues": [""],
    }
    columns = {held.name for held in table.columns}
    if set(PRIMARY.get(table.name, ["?"])) <= columns:
        schema["primaryKey"] = PRIMARY[table.name]
    if table.name == "answers" and "people" in names and set(PRIMARY["people"]) <= columns:
        keys = PRIMARY["people"]
        schema["foreignKeys"] = [{"fields": keys, "reference": {"resource": "people", "fields": keys}}]
    return {
        "name": table.name,
        "title": table.title,
        "type": "table",
        "path": file,
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {
            "$schema": f"{PROFILE}tabledialect.json",
            "delimiter": delimiter,
            "lineTerminator": "\r\n",
            "quoteChar": '"',
            "doubleQuote": True,
        },
        "schema": schema,
    }


def field_of(held: Held, decimal: str = ".") -> dict[str, Any]:
    """One column as a field of the Table Schema.

    Examples
    --------
    >>> field_of(Held(name="age", type="number", dtype="float64", label="Alder", unit="år"), ",")
    {'name': 'age', 'title': 'Alder', 'type': 'number', 'unit': 'år', 'decimalChar': ','}
    """
    found: dict[str, Any] = {"name": held.name, "title": held.label, "type": TYPES[held.type]}
    if held.unit:
        found["unit"] = held.unit
    if held.type == "number":
        found["decimalChar"] = decimal
    if held.type == "boolean":
        found |= {"trueValues": ["True"], "falseValues": ["False"], "labels": dict(held.categories)}
    elif held.categories:
        found["categories"] = [{"value": code, "label": label} for code, label in held.categories.items()]
        found["categoriesOrdered"] = held.ordered
        found["constraints"] = {"enum": list(held.categories)}
    return found
