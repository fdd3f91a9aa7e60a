"""Notebooks → figures → pages: the report and the chapters that it is bound from."""

from kij_analysis.reporting.chapter import Chapter, chapter
from kij_analysis.reporting.derived import derived
from kij_analysis.reporting.report import Report, report

__all__ = ["Chapter", "Report", "chapter", "derived", "report"]
