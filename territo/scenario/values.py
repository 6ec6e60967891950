"""Types of the values that scenario files hold: codes, shares, ranges, choices."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from territo.domain.organisation import Modality
from territo.errors import Fault, InputError, fault

JSON_SCHEMA = "https://json-schema.org/draft/2020-12/schema"


class Part(BaseModel):
    """A part of a scenario: frozen, and without unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True, allow_inf_nan=False)


def _unique(values: tuple[str, ...]) -> tuple[str, ...]:
    repeated = sorted({value for value in values if values.count(value) > 1})
    if repeated:
        raise InputError(fault("duplicate-value", "{values} twice in the list: keep one", values=", ".join(repeated)))
    return values


def _as_list(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _as_range(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return value, value
    if not isinstance(value, list | tuple) or len(value) != 2:  # noqa: PLR2004 - a range has two ends
        raise InputError(fault("range-expected", "a number or two numbers [least, most] are expected"))
    return tuple(value)


def _ordered(ends: tuple[int, int]) -> tuple[int, int]:
    low, high = ends
    if low > high:
        raise InputError(fault("range-reversed", "{low} is more than {high}: write [least, most]", low=low, high=high))
    return ends


Text = Annotated[str, Field(min_length=1, max_length=200)]
Code = Annotated[str, Field(min_length=1, max_length=60)]
Codes = Annotated[tuple[Code, ...], AfterValidator(_unique)]
Flag = Annotated[bool, Field(strict=True)]
Count = Annotated[int, Field(strict=True, ge=0)]
Number = Annotated[float, Field(strict=True)]
# a trip that is promised lasts no longer
LONGEST_TRIP_MIN = 240.0
Minutes = Annotated[float, Field(strict=True, gt=0, le=LONGEST_TRIP_MIN)]
Share = Annotated[float, Field(strict=True, ge=0, le=1)]

Positive = Annotated[int, Field(strict=True, ge=1)]
Range = Annotated[
    tuple[Positive, Positive],
    BeforeValidator(_as_range, json_schema_input_type=Positive | tuple[Positive, Positive]),
    AfterValidator(_ordered),
]

Modalities = Annotated[
    tuple[Modality, ...],
    Field(min_length=1),
    BeforeValidator(_as_list, json_schema_input_type=Modality | tuple[Modality, ...]),
    AfterValidator(_unique),
]


def word_or_list(value: Any) -> str:
    """Tell the branch of a union of a word and a list; brackets, since no key looks like that."""
    return "<word>" if isinstance(value, str) else "<list>"


def target_over_maximum(target: float, maximum: float, key: str) -> Fault:
    """Make the fault of a target time, minutes, that is over the maximum."""
    return fault(
        "target-over-maximum",
        "the target of {target} min is over the maximum of {maximum} min",
        key=key,
        target=f"{target:g}",
        maximum=f"{maximum:g}",
    )
