"""Lists from elsewhere: prospects, car models, jobs and parts out of Excel and text files."""

from server.domain.imports.imports import ColumnChoice, Import, ImportRow

__all__ = ["ColumnChoice", "Import", "ImportRow"]
