from __future__ import annotations

from dataclasses import replace

import pytest

from desktop_vlm.api import library
from desktop_vlm.models.catalogue import CatalogueModel, CatalogueType
from desktop_vlm.ui.models.offers import offers, recommended
from desktop_vlm.ui.models.protocol import Fit
from tests.ui.models.fake_models import installed


def model(name: str, parameters: int, **more: object) -> CatalogueModel:
    types = (CatalogueType("Q4_K_M", "Q8_0", 3_000), CatalogueType("F16", "F16", 9_000))
    found = CatalogueModel(
        name,
        name.title(),
        "family",
        "shape",
        f"org/{name}",
        "checkpoint",
        parameters,
        "All.",
        types,
        "MIT",
        "https://m",
    )
    return replace(found, download_bytes=9_500, **more)  # type: ignore[arg-type]


SMALL, MIDDLE, LARGE = model("small", 2 * 10**9), model("middle", 7 * 10**9), model("large", 70 * 10**9)
GATED = model("gated", 11 * 10**9, is_gated=True)
NOTED = model("noted", 3 * 10**9, licence_note="For research only.")
ALL = (SMALL, MIDDLE, LARGE, GATED, NOTED)


def fits(**kinds: str) -> dict[tuple[str, str], library.Fit]:
    return {(name, "Q4_K_M"): library.Fit(name, "Q4_K_M", kind, f"{kind}.", 1) for name, kind in kinds.items()}


@pytest.mark.parametrize(
    ("known", "best"),
    [
        (fits(), None),
        (fits(small="gpu", middle="gpu", large="partly", gated="gpu", noted="gpu"), "middle"),
        (fits(small="partly", middle="partly", large="no"), "small"),
        (fits(small="cpu", middle="cpu", large="cpu", noted="cpu"), "small"),
        (fits(small="no", middle="no", large="no"), None),
    ],
)
def test_the_best_for_a_machine_is_free_for_anybody_and_quick(
    known: dict[tuple[str, str], library.Fit], best: str | None
) -> None:
    found = recommended(ALL, known)
    assert (found.name if found else None) == best
    shown = offers(ALL, known, [])
    assert [one.id for one in shown if one.is_recommended] == ([best] if best else [])


def test_what_an_offer_says() -> None:
    here = replace(installed("x", "X", ""), origin=library.Origin("hub", "org/small"), text_type="F16")
    offer = offers([SMALL], fits(small="cpu"), [here])[0]
    assert (offer.id, offer.name, offer.purpose, offer.licence) == ("small", "Small", "All.", "MIT")
    assert offer.installed_types == ("F16",)
    assert offer.recommended_type.name == "Q4_K_M"
    quantised, original = offer.types
    assert (quantised.fit, quantised.placement, original.fit) == (Fit.CPU, "cpu.", None)
    assert (quantised.download_bytes, quantised.kept_bytes) == (9_500, 3_000)
    assert quantised.peak_bytes == SMALL.peak(SMALL.types[0])
