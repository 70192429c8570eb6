"""What is asked: how two scenarios differ, in words and as a merge patch; papers left out."""

from __future__ import annotations

from io import StringIO
from typing import Any

from ruamel.yaml import YAML

from corridor.scenarios.patch import words
from corridor.scenarios.read import Reading

__all__ = ["changes", "patch_between", "told"]

_POLICY = ("ports", "flows", "events", "costs", "period")
_PAPERS = ("claim", "assumed", "derived", "hours_claim", "hours_assumed", "regime")


def changes(base: Reading, other: Reading) -> list[str]:
    """The difference of two scenarios in words, as their files write it."""
    before, after = (
        {part: r.document.data.get(part, {}) for part in _POLICY} for r in (base, other)
    )
    return told(before, after)


def told(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The difference of two mappings in words without papers: claims, reasons, regime names."""
    return [w for w in words(before, after) if w.split(" ")[0].split(".")[-1] not in _PAPERS]


def patch_between(base: Reading, other: Reading) -> str:
    """The merge patch (RFC 7396) that turns the resolved `base` into `other`, as YAML; or ''."""
    keep = (*_POLICY, "targets")
    before, after = (
        {k: r.document.data[k] for k in keep if k in r.document.data} for r in (base, other)
    )
    patch = _patch(before, after)
    if not patch:
        return ""
    text = StringIO()
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.dump(patch, text)
    return text.getvalue().rstrip()


def _patch(before: Any, after: Any) -> Any:
    if not isinstance(before, dict) or not isinstance(after, dict):
        return after
    patch: dict[str, Any] = {key: None for key in before if key not in after}
    for key, value in after.items():
        if key not in before or before[key] != value:
            patch[key] = _patch(before.get(key), value)
    return patch
