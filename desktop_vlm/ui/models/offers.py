"""The catalogue as the page shows it: with how each model would run here, and the one to take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from desktop_vlm.api import library
from desktop_vlm.models.catalogue import CatalogueModel, CatalogueType
from desktop_vlm.ui.models.protocol import AvailableModel, Fit, ModelType

Fits = Mapping[tuple[str, str], library.Fit]
"""By the catalogue's name of a model, and its type."""

_KINDS = {"gpu": Fit.GPU, "partly": Fit.PARTLY, "cpu": Fit.CPU, "no": Fit.TOO_LARGE}
_QUICK_ON_CPU = 4_000_000_000
"""Parameters that a processor computes without trying anybody's patience."""


def offers(
    catalogue: Iterable[CatalogueModel], fits: Fits, installed: Sequence[library.InstalledModel]
) -> tuple[AvailableModel, ...]:
    """What can be had, in the catalogue's order."""
    models = tuple(catalogue)
    best = recommended(models, fits)
    found = (_offer(model, fits, installed) for model in models)
    return tuple(replace(one, is_recommended=best is not None and one.id == best.name) for one in found)


def recommended(models: Sequence[CatalogueModel], fits: Fits) -> CatalogueModel | None:
    """The best model for this machine among those that anybody may use for anything; None before the machine is known.

    On a GPU that is the largest that fits it whole; without one, the largest that a processor is quick enough for.
    """
    free = [one for one in models if not one.is_gated and not one.licence_note]
    known = {one.name: _fit(fits.get((one.name, one.types[0].text))) for one in free}
    on_gpu = [one for one in free if known[one.name] is Fit.GPU]
    quick = [one for one in free if known[one.name] in {Fit.PARTLY, Fit.CPU} and one.parameters <= _QUICK_ON_CPU]
    return max(on_gpu or quick, key=lambda one: one.parameters, default=None)


def _offer(model: CatalogueModel, fits: Fits, installed: Sequence[library.InstalledModel]) -> AvailableModel:
    return AvailableModel(
        id=model.name,
        name=model.title,
        purpose=model.good_at,
        licence=model.licence,
        licence_url=model.licence_url,
        page_url=model.page_url,
        types=tuple(_type(model, kind, fits) for kind in model.types),
        licence_note=model.licence_note,
        is_gated=model.is_gated,
        installed_types=tuple(one.text_type for one in installed if one.origin.source in {model.repo, model.name}),
    )


def _type(model: CatalogueModel, kind: CatalogueType, fits: Fits) -> ModelType:
    planned = fits.get((model.name, kind.text))
    return ModelType(
        name=kind.text,
        note=kind.note,
        download_bytes=model.downloaded(kind),
        kept_bytes=kind.output_bytes,
        peak_bytes=model.peak(kind),
        fit=_fit(planned),
        placement=planned.sentence if planned else "",
        is_recommended=kind is model.types[0],
    )


def _fit(planned: library.Fit | None) -> Fit | None:
    return _KINDS.get(planned.kind) if planned else None
