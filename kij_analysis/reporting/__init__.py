"""Notebooks → figures → pages: the report and the chapters that it is bound from."""

from kij_analysis.reporting.chapter import Chapter, chapter
from kij_analysis.reporting.derived import derived
from kij_analysis.reporting.report import Report, report
from kij_analysis.reporting.tracing import Traced, trace_item

__all__ = ["Chapter", "Report", "Traced", "chapter", "derived", "report", "trace_item"]
