"""Parts that need more than the base install say so by name."""


class ExtraMissing(ImportError):
    """What was imported needs an extra of this program that is not installed."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs the extra {extra!r}; install it with: pip install 'yiting[{extra}]'")
        self.extra = extra
