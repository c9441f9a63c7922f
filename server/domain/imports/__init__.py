"""Lists from elsewhere: prospects and car models out of Excel and text files."""

from server.domain.imports.imports import ColumnChoice, Import, ImportRow

__all__ = ["ColumnChoice", "Import", "ImportRow"]
