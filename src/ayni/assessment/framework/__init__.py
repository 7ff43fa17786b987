"""Frameworks: versioned YAML documents with groups of requirements, from which scores are computed."""

from ayni.assessment.framework.reading import load_framework, parse_framework, read_framework, shipped_frameworks
from ayni.assessment.framework.schema import Framework, Group, Requirement

__all__ = [
    "Framework",
    "Group",
    "Requirement",
    "load_framework",
    "parse_framework",
    "read_framework",
    "shipped_frameworks",
]
