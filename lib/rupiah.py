"""Whole rupiah: written the Indonesian way, shared without losing one."""

from collections.abc import Sequence


def rupiah(amount: int) -> str:
    """`1250000` -> `Rp1.250.000`; a negative amount gets a leading minus."""
    sign = "-" if amount < 0 else ""
    return f"{sign}Rp{abs(amount):,}".replace(",", ".")


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Share `total` rupiah by `weights` so that the parts sum to it exactly (largest remainder).

    Ties go to the earlier part. A total of either sign is allowed; weights are zero or more.
    Raises ValueError when there is something to share and nobody to take it.
    """
    whole = sum(weights)
    if whole == 0:
        if total:
            raise ValueError("nothing to share by: all weights are zero")
        return [0] * len(weights)
    sign = -1 if total < 0 else 1
    parts = [abs(total) * weight // whole for weight in weights]
    remainders = [abs(total) * weight % whole for weight in weights]
    left = abs(total) - sum(parts)
    for index in sorted(range(len(weights)), key=lambda i: (-remainders[i], i))[:left]:
        parts[index] += 1
    return [sign * part for part in parts]


def share(amount: int, basis_points: int) -> int:
    """`basis_points` (1/100 of a percent) of `amount`, rounded half up to whole rupiah."""
    return (amount * basis_points + 5_000) // 10_000
