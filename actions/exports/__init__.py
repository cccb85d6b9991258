"""The list of actions as a file: CSV, an Excel workbook, paper, a calendar."""

from actions.exports.delimited import csv_lines

__all__ = ["csv_lines"]
