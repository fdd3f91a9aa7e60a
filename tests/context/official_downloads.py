"""Made-up downloads in each format that offices hand out."""

from __future__ import annotations

import io
import json
from typing import Any

import xlsxwriter

HEADER = "DATAFLOW,LAST UPDATE,freq,unit,sex,age,citizen,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS"
FLOW = "ESTAT:LFSA_ERGAN(1.0),01/10/26 11:00:00,A,PC"

SDMX_CSV = f"""\
{HEADER}
{FLOW},F,Y15-64,FOR,DK,2024,68.9,,
{FLOW},F,Y15-64,FOR,DK,2025,69.4,b,
{FLOW},F,Y15-64,FOR,FI,2025,,u,
{FLOW},F,Y15-64,NAT,DK,2025,75.2,,
{FLOW},F,Y15-64,STLS,DK,2025,41.0,,
"""
LABELLED = """\
STRUCTURE,STRUCTURE_ID,STRUCTURE_NAME,freq,Time frequency,unit,Unit of measure,sex,Sex,age,Age class,\
citizen,Country of citizenship,geo,Geopolitical entity (reporting),TIME_PERIOD,Time,OBS_VALUE,\
Observation value,OBS_FLAG,Observation status (Flag) V2 structure,CONF_STATUS,Confidentiality status (flag)
dataflow,ESTAT:LFSA_ERGAN(1.0),"Employment rates by sex, age and citizenship (%)",A,Annual,PC,Percentage,\
F,Females,Y15-64,From 15 to 64 years,FOR,Foreign country,DK,Denmark,2025,,69.4,,b,break in time series,,
"""
BOTH = """\
DATAFLOW;LAST UPDATE;freq;unit;sex;age;citizen;geo;TIME_PERIOD;OBS_VALUE;OBS_FLAG
ESTAT:LFSA_ERGAN(1.0);01/10/26 11:00:00;A: Annual;PC: Percentage;F: Females;Y15-64: From 15 to 64 years;\
FOR: Foreign country;DK: Denmark;2025;69,4;b
"""
TSV = (
    "freq,unit,sex,age,citizen,geo\\TIME_PERIOD\t2024 \t2025 \n"
    "A,PC,F,Y15-64,FOR,DK\t68.7 \t69.4 b\n"
    "A,PC,F,Y15-64,FOR,FI\t51.3 \t: u\n"
)
EUROSTAT_JSON: dict[str, Any] = {
    "version": "2.0", "class": "dataset", "label": "Employment rates by sex, age and citizenship (%)",
    "source": "ESTAT", "updated": "2026-10-01T11:00:00+0200", "value": {"0": 68.7, "1": 69.4},
    "status": {"1": "b", "3": "u"}, "id": ["freq", "unit", "sex", "age", "citizen", "geo", "time"],
    "size": [1, 1, 1, 1, 1, 2, 2], "extension": {"id": "LFSA_ERGAN", "agencyId": "ESTAT"},
    "dimension": {
        "freq": {"category": {"index": {"A": 0}}}, "unit": {"category": {"index": {"PC": 0}}},
        "sex": {"category": {"index": {"F": 0}}}, "age": {"category": {"index": {"Y15-64": 0}}},
        "citizen": {"category": {"index": {"FOR": 0}}}, "geo": {"category": {"index": {"DK": 0, "FI": 1}}},
        "time": {"category": {"index": {"2024": 0, "2025": 1}}},
    },
}  # fmt: skip
PXWEB_JSON: dict[str, Any] = {
    "class": "dataset", "version": "2.0", "source": "Statistisk sentralbyrå",
    "label": "10824: Tidligere deltakere i introduksjonsprogrammet, etter region og år",
    "updated": "2026-01-25T07:00:00Z", "role": {"time": ["Tid"], "metric": ["ContentsCode"]},
    "id": ["Region", "Kjonn", "ContentsCode", "Avsluttet eller avbrutt introduksjonsprogram",
           "Arbeidsmarkedsstatus", "Tid"],
    "size": [2, 1, 1, 1, 1, 2], "value": [57.0, 59.0, 62.0, None], "status": {"3": ".."},
    "dimension": {
        "Region": {"category": {"index": {"03": 0, "11": 1}, "label": {"03": "Oslo", "11": "Rogaland"}}},
        "Kjonn": {"category": {"index": {"0": 0}, "label": {"0": "Begge kjønn"}}},
        "ContentsCode": {"category": {"index": {"Personer": 0}, "label": {
            "Personer": "Personer, etter bosted ved programdeltakelse (prosent)"}}},
        "Avsluttet eller avbrutt introduksjonsprogram": {
            "category": {"label": {"1": "Ett år tidligere"}}},
        "Arbeidsmarkedsstatus": {"category": {"index": {"01": 0}, "label": {
            "01": "Sysselsatt og / eller under utdanning, i alt"}}},
        "Tid": {"category": {"index": {"2021": 0, "2022": 1}, "label": {"2021": "2021", "2022": "2022"}}},
    },
}  # fmt: skip
PXWEB_CSV = """\
"10824: Tidligere deltakere i introduksjonsprogrammet, etter region og år"

"region";"kjønn";"statistikkvariabel";"avsluttet eller avbrutt introduksjonsprogram";\
"arbeidsmarkedsstatus";"2021";"2022"
"03 Oslo";"Begge kjønn";"Personer, etter bosted ved programdeltakelse (prosent)";"Ett år tidligere";\
"1 Sysselsatt og / eller under utdanning, i alt";57,0;59,5
"11 Rogaland";"Begge kjønn";"Personer, etter bosted ved programdeltakelse (prosent)";"Ett år tidligere";\
"1 Sysselsatt og / eller under utdanning, i alt";62,0;..
"""


def workbook(sheets: dict[str, list[list[object]]], *, merged: tuple[str, ...] = ()) -> bytes:
    """A workbook with the cells given; `merged` names ranges of the first sheet."""
    memory = io.BytesIO()
    book = xlsxwriter.Workbook(memory, {"in_memory": True})
    for name, rows in sheets.items():
        page = book.add_worksheet(name)
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if cell is not None:
                    page.write(row, column, cell)
    for place in merged:
        page = book.worksheets()[0]
        page.merge_range(place, str(sheets[next(iter(sheets))][int(place[1]) - 1][ord(place[0]) - 65]))
    book.close()
    return memory.getvalue()


def eurostat_workbook() -> bytes:
    """A workbook as Eurostat's Data Browser writes it: one sheet for each selection, flags beside numbers."""

    def page(sex: str, rows: list[list[object]]) -> list[list[object]]:
        return [
            ["Data extracted on 02/10/2026 from [ESTAT]"],
            ["Dataset: ", "Employment rates by sex, age and citizenship (%) [LFSA_ERGAN]"],
            ["Last updated: ", "01/10/2026 11:00"],
            [],
            ["Time frequency", None, "Annual"],
            ["Unit of measure", None, "Percentage"],
            ["Sex", None, sex],
            ["Age class", None, "From 15 to 64 years"],
            ["Country of citizenship", None, "Foreign country"],
            [],
            ["TIME", "2024", None, "2025", None],
            ["GEO (Labels)", None, None, None, None],
            *rows,
            [],
            ["Special value"],
            [":", "not available"],
            ["Available flags:"],
            ["b", "break in time series"],
        ]

    women = [["Denmark", 68.7, None, 69.4, "b"], ["Finland", 51.3, None, ":", "u"]]
    men = [["Denmark", 76.0, None, 77.1, "b"], ["Austria", 70.1, None, 70.2, None]]
    return workbook({
        "Summary": [["Content of this workbook"], ["Sheet 1", "Females"]],
        "Sheet 1": page("Females", women),
        "Sheet 2": page("Males", men),
    })  # fmt: skip


def pxweb_workbook() -> bytes:
    """A workbook as PxWeb writes it: headers over five rows with merged cells, notes below."""
    return workbook(
        {
            "DeltakereProg1": [
                ["10824: Tidligere deltakere i introduksjonsprogrammet, etter region og år"],
                [],
                [None, "Personer, etter bosted ved programdeltakelse (prosent)", None],
                [None, "2021", "2022"],
                [None, "Begge kjønn", None],
                [None, "Ett år tidligere", None],
                [None, "1 Sysselsatt og / eller under utdanning, i alt", None],
                ["03 Oslo", "57,0", "59,5"],
                ["11 Rogaland", 62.0, ".."],
                [],
                ["Tabellen ble 25. januar 2026 oppdatert."],
                ["Kilde:"],
                ["Statistisk sentralbyrå"],
            ]
        },
        merged=("B3:C3", "B5:C5", "B6:C6", "B7:C7"),
    )


DOWNLOADS: dict[str, bytes] = {
    "sdmx.csv": SDMX_CSV.encode(),
    "labelled.csv": b"\xef\xbb\xbf" + LABELLED.encode(),
    "both_in_excel.csv": BOTH.encode("cp1252"),
    "estat_lfsa_ergan.tsv": TSV.encode(),
    "eurostat.json": json.dumps(EUROSTAT_JSON).encode(),
    "eurostat.xlsx": eurostat_workbook(),
    "pxweb.json": json.dumps(PXWEB_JSON).encode(),
    "pxweb_v1.json": json.dumps({"dataset": {
        **{key: PXWEB_JSON[key] for key in ("label", "source", "updated", "value", "status")},
        "dimension": {**PXWEB_JSON["dimension"], **{key: PXWEB_JSON[key] for key in ("id", "size", "role")}},
    }}).encode(),
    "pxweb.csv": PXWEB_CSV.encode("cp1252"),
    "pxweb.xlsx": pxweb_workbook(),
}  # fmt: skip
"""Each format once or more, all of the same made-up figures."""
