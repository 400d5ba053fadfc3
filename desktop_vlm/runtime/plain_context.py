"""llama.cpp as it is, over the weights of a language model that is loaded: what speed is compared with."""

from __future__ import annotations

from collections.abc import Callable

from gguf import GGMLQuantizationType as GgmlType

from desktop_vlm.runtime import llama
from desktop_vlm.runtime.interrupts import interrupted
from desktop_vlm.runtime.text_model import TextModel


class PlainContext(TextModel):
    """A second context without a hook, with a KV cache of its own. It must not outlive the model."""

    def __init__(
        self, text: TextModel, *, n_threads: int, kv_type: GgmlType | None, should_stop: Callable[[], bool]
    ) -> None:
        """Make the context, as long as that of `text`.

        Raises:
            OutOfMemoryError: there is no room for it.
        """
        vars(self).update(vars(text))
        self.hook = self.scheduler = None
        self._context = self._memory = self._batch = None
        self._should_stop, self._took_s = should_stop, 0.0
        self._abort_callback = llama.ggml_abort_callback(lambda _: should_stop() or interrupted())
        try:
            self._make_context(text.n_ctx, n_threads, kv_type)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Free the context; the weights are for `text` to free."""
        self._model = self._tokenizer = None
        super().close()
