"""Trimhorizon: a deterministic simulator of Amazon Kinesis and AWS Lambda."""

from ._core import __build__, __version__

__all__ = ["__build__", "__version__"]
