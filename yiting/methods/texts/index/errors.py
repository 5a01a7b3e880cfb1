"""Why an index cannot be used as asked; each says what to do."""


class IndexRefused(Exception):
    """The base of every refusal here."""


class IndexMissing(IndexRefused):
    """There is no index in the folder: make one with `TextIndex.create`."""


class IndexThere(IndexRefused):
    """The folder holds an index already: open it with `TextIndex.open`, or take another folder."""


class IndexOfAnotherVersion(IndexRefused):
    """The files were written by another version: delete the folder and build the index anew."""


class IndexDamaged(IndexRefused):
    """A file is cut short or changed: delete the folder and build the index anew."""


class IndexBusy(IndexRefused):
    """Another process is writing to the index: try again when it is done."""
