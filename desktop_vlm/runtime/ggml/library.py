"""The C functions of ggml that we call, one typed declaration each under its prototype.

The libraries are those that llama-cpp-python installed; nothing is built or patched. Before the first function is
handed out, `runtime.abi` checks the version, looks up every prototype and compares the layout of tensors.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import llama_cpp
from llama_cpp._ctypes_extensions import load_shared_library

from desktop_vlm.runtime import abi

MAX_DIMS = 4
MAX_OP_PARAMS_BYTES = 64
MAX_SRC = 10
MAX_NAME_BYTES = 64

FLAG_INPUT = 1
FLAG_OUTPUT = 2
PREC_F32 = 10
STATUS_FAILED, STATUS_SUCCESS = -1, 0
USAGE_WEIGHTS = 1

DEVICE_CPU, DEVICE_GPU, DEVICE_IGPU, DEVICE_ACCEL = 0, 1, 2, 3


class TensorStruct(ctypes.Structure):
    """`struct ggml_tensor`; `abi.probe_tensors` compares this layout with what the library writes."""


TensorStruct._fields_ = [
    ("type", ctypes.c_int),
    ("buffer", ctypes.c_void_p),
    ("ne", ctypes.c_int64 * MAX_DIMS),
    ("nb", ctypes.c_size_t * MAX_DIMS),
    ("op", ctypes.c_int),
    ("op_params", ctypes.c_int32 * (MAX_OP_PARAMS_BYTES // 4)),
    ("flags", ctypes.c_int32),
    ("src", ctypes.POINTER(TensorStruct) * MAX_SRC),
    ("view_src", ctypes.POINTER(TensorStruct)),
    ("view_offs", ctypes.c_size_t),
    ("data", ctypes.c_void_p),
    ("name", ctypes.c_char * MAX_NAME_BYTES),
    ("extra", ctypes.c_void_p),
    ("padding", ctypes.c_char * 8),
]


class InitParams(ctypes.Structure):
    """`struct ggml_init_params`."""

    _fields_ = [("mem_size", ctypes.c_size_t), ("mem_buffer", ctypes.c_void_p), ("no_alloc", ctypes.c_bool)]


class DeviceProps(ctypes.Structure):
    """`struct ggml_backend_dev_props`; of its capabilities, all flags of a byte, nothing is read."""

    _fields_ = [
        ("name", ctypes.c_char_p),
        ("description", ctypes.c_char_p),
        ("memory_free", ctypes.c_size_t),
        ("memory_total", ctypes.c_size_t),
        ("type", ctypes.c_int),
        ("device_id", ctypes.c_char_p),
        ("caps", ctypes.c_bool * 16),
    ]


Tensor = ctypes.POINTER(TensorStruct)
"""A `struct ggml_tensor *`."""

_PTR = ctypes.c_void_p
_STR = ctypes.c_char_p
_INT = ctypes.c_int
_I64 = ctypes.c_int64
_SIZE = ctypes.c_size_t
_F32 = ctypes.c_float
_BOOL = ctypes.c_bool

_ENTRIES = {"Vulkan": "ggml_backend_vk_reg", "SYCL": "ggml_backend_sycl_reg"}
"""Backends that ggml does not list where their driver is missing -> the function that would list them."""

ABORT_CALLBACK = ctypes.CFUNCTYPE(_BOOL, _PTR)
_SET_N_THREADS = ctypes.CFUNCTYPE(None, _PTR, _INT)


class _Feature(ctypes.Structure):
    """`struct ggml_backend_feature`."""

    _fields_ = [("name", _STR), ("value", _STR)]


# struct ggml_backend_feature * ggml_backend_get_features(ggml_backend_reg_t reg);
_GET_FEATURES = ctypes.CFUNCTYPE(ctypes.POINTER(_Feature), _PTR)
_SET_ABORT_CALLBACK = ctypes.CFUNCTYPE(None, _PTR, ABORT_CALLBACK, _PTR)

# name -> (result type, argument types); the C prototype stands above each.
_PROTOTYPES: dict[str, tuple[Any, list[Any]]] = {
    # struct ggml_context * ggml_init(struct ggml_init_params params);
    "ggml_init": (_PTR, [InitParams]),
    # void ggml_free(struct ggml_context * ctx);
    "ggml_free": (None, [_PTR]),
    # size_t ggml_tensor_overhead(void);
    "ggml_tensor_overhead": (_SIZE, []),
    # size_t ggml_graph_overhead_custom(size_t size, bool grads);
    "ggml_graph_overhead_custom": (_SIZE, [_SIZE, _BOOL]),
    # struct ggml_cgraph * ggml_new_graph_custom(struct ggml_context * ctx, size_t size, bool grads);
    "ggml_new_graph_custom": (_PTR, [_PTR, _SIZE, _BOOL]),
    # void ggml_build_forward_expand(struct ggml_cgraph * cgraph, struct ggml_tensor * tensor);
    "ggml_build_forward_expand": (None, [_PTR, Tensor]),
    # int ggml_graph_n_nodes(struct ggml_cgraph * cgraph);
    "ggml_graph_n_nodes": (_INT, [_PTR]),
    # struct ggml_tensor * ggml_graph_node(struct ggml_cgraph * cgraph, int i);
    "ggml_graph_node": (Tensor, [_PTR, _INT]),
    # struct ggml_tensor * ggml_new_tensor_4d(ctx, enum ggml_type type, int64_t ne0, ne1, ne2, ne3);
    "ggml_new_tensor_4d": (Tensor, [_PTR, _INT, _I64, _I64, _I64, _I64]),
    # struct ggml_tensor * ggml_set_name(struct ggml_tensor * tensor, const char * name);
    "ggml_set_name": (Tensor, [Tensor, _STR]),
    # size_t ggml_row_size(enum ggml_type type, int64_t ne);
    "ggml_row_size": (_SIZE, [_INT, _I64]),
    # int64_t ggml_blck_size(enum ggml_type type);
    "ggml_blck_size": (_I64, [_INT]),
    # size_t ggml_quantize_chunk(type, const float * src, void * dst, start, nrows, n_per_row, const float * imatrix);
    "ggml_quantize_chunk": (_SIZE, [_INT, _PTR, _PTR, _I64, _I64, _I64, _PTR]),
    # bool ggml_validate_row_data(enum ggml_type type, const void * data, size_t nbytes);
    "ggml_validate_row_data": (_BOOL, [_INT, _PTR, _SIZE]),
    # struct ggml_tensor * ggml_add(ctx, a, b);  b is broadcast over a
    "ggml_add": (Tensor, [_PTR, Tensor, Tensor]),
    # struct ggml_tensor * ggml_add_inplace(ctx, a, b);  the same, written over a
    "ggml_add_inplace": (Tensor, [_PTR, Tensor, Tensor]),
    # struct ggml_tensor * ggml_mul(ctx, a, b);  b is broadcast over a
    "ggml_mul": (Tensor, [_PTR, Tensor, Tensor]),
    # struct ggml_tensor * ggml_scale(ctx, a, float s);
    "ggml_scale": (Tensor, [_PTR, Tensor, _F32]),
    # struct ggml_tensor * ggml_norm(ctx, a, float eps);
    "ggml_norm": (Tensor, [_PTR, Tensor, _F32]),
    # struct ggml_tensor * ggml_rms_norm(ctx, a, float eps);
    "ggml_rms_norm": (Tensor, [_PTR, Tensor, _F32]),
    # struct ggml_tensor * ggml_mul_mat(ctx, a, b);  a [k, n], b [k, m] -> [n, m]
    "ggml_mul_mat": (Tensor, [_PTR, Tensor, Tensor]),
    # void ggml_mul_mat_set_prec(struct ggml_tensor * a, enum ggml_prec prec);
    "ggml_mul_mat_set_prec": (None, [Tensor, _INT]),
    # struct ggml_tensor * ggml_gelu_erf(ctx, a);
    "ggml_gelu_erf": (Tensor, [_PTR, Tensor]),
    # struct ggml_tensor * ggml_gelu(ctx, a);
    "ggml_gelu": (Tensor, [_PTR, Tensor]),
    # struct ggml_tensor * ggml_gelu_quick(ctx, a);
    "ggml_gelu_quick": (Tensor, [_PTR, Tensor]),
    # struct ggml_tensor * ggml_swiglu_split(ctx, a, b);  silu(a) * b
    "ggml_swiglu_split": (Tensor, [_PTR, Tensor, Tensor]),
    # struct ggml_tensor * ggml_soft_max_ext(ctx, a, mask, float scale, float max_bias);
    "ggml_soft_max_ext": (Tensor, [_PTR, Tensor, Tensor, _F32, _F32]),
    # struct ggml_tensor * ggml_flash_attn_ext(ctx, q, k, v, mask, float scale, max_bias, logit_softcap);
    "ggml_flash_attn_ext": (Tensor, [_PTR, Tensor, Tensor, Tensor, Tensor, _F32, _F32, _F32]),
    # void ggml_flash_attn_ext_set_prec(struct ggml_tensor * a, enum ggml_prec prec);
    "ggml_flash_attn_ext_set_prec": (None, [Tensor, _INT]),
    # struct ggml_tensor * ggml_get_rows(ctx, a, b);
    "ggml_get_rows": (Tensor, [_PTR, Tensor, Tensor]),
    # struct ggml_tensor * ggml_concat(ctx, a, b, int dim);
    "ggml_concat": (Tensor, [_PTR, Tensor, Tensor, _INT]),
    # struct ggml_tensor * ggml_repeat_4d(ctx, a, int64_t ne0, ne1, ne2, ne3);
    "ggml_repeat_4d": (Tensor, [_PTR, Tensor, _I64, _I64, _I64, _I64]),
    # struct ggml_tensor * ggml_cpy(ctx, a, b);  a -> b
    "ggml_cpy": (Tensor, [_PTR, Tensor, Tensor]),
    # struct ggml_tensor * ggml_cont(ctx, a);
    "ggml_cont": (Tensor, [_PTR, Tensor]),
    # struct ggml_tensor * ggml_cast(ctx, a, enum ggml_type type);
    "ggml_cast": (Tensor, [_PTR, Tensor, _INT]),
    # struct ggml_tensor * ggml_reshape_4d(ctx, a, int64_t ne0, ne1, ne2, ne3);
    "ggml_reshape_4d": (Tensor, [_PTR, Tensor, _I64, _I64, _I64, _I64]),
    # struct ggml_tensor * ggml_permute(ctx, a, int axis0, axis1, axis2, axis3);
    "ggml_permute": (Tensor, [_PTR, Tensor, _INT, _INT, _INT, _INT]),
    # struct ggml_tensor * ggml_view_4d(ctx, a, ne0, ne1, ne2, ne3, size_t nb1, nb2, nb3, size_t offset);
    "ggml_view_4d": (Tensor, [_PTR, Tensor, _I64, _I64, _I64, _I64, _SIZE, _SIZE, _SIZE, _SIZE]),
    # struct ggml_tensor * ggml_custom_4d(ctx, type, ne0, ne1, ne2, ne3, args, int n_args, fun, int n_tasks, userdata);
    "ggml_custom_4d": (Tensor, [_PTR, _INT, _I64, _I64, _I64, _I64, ctypes.POINTER(Tensor), _INT, _PTR, _INT, _PTR]),
    # const struct ggml_type_traits * ggml_get_type_traits(enum ggml_type type);
    "ggml_get_type_traits": (_PTR, [_INT]),
    # const char * ggml_op_desc(const struct ggml_tensor * t);
    "ggml_op_desc": (_STR, [Tensor]),
    # ggml_gallocr_t ggml_gallocr_new(ggml_backend_buffer_type_t buft);
    "ggml_gallocr_new": (_PTR, [_PTR]),
    # void ggml_gallocr_free(ggml_gallocr_t galloc);
    "ggml_gallocr_free": (None, [_PTR]),
    # bool ggml_gallocr_alloc_graph(ggml_gallocr_t galloc, struct ggml_cgraph * graph);
    "ggml_gallocr_alloc_graph": (_BOOL, [_PTR, _PTR]),
    # size_t ggml_gallocr_get_buffer_size(ggml_gallocr_t galloc, int buffer_id);
    "ggml_gallocr_get_buffer_size": (_SIZE, [_PTR, _INT]),
    # ggml_backend_buffer_t ggml_backend_alloc_ctx_tensors_from_buft(struct ggml_context * ctx, buft);
    "ggml_backend_alloc_ctx_tensors_from_buft": (_PTR, [_PTR, _PTR]),
    # size_t ggml_backend_alloc_ctx_tensors_from_buft_size(struct ggml_context * ctx, buft);
    "ggml_backend_alloc_ctx_tensors_from_buft_size": (_SIZE, [_PTR, _PTR]),
    # enum ggml_status ggml_backend_tensor_alloc(ggml_backend_buffer_t buffer, tensor, void * addr);
    "ggml_backend_tensor_alloc": (_INT, [_PTR, Tensor, _PTR]),
    # void ggml_backend_tensor_set(struct ggml_tensor * tensor, const void * data, size_t offset, size_t size);
    "ggml_backend_tensor_set": (None, [Tensor, _PTR, _SIZE, _SIZE]),
    # void ggml_backend_tensor_get(const struct ggml_tensor * tensor, void * data, size_t offset, size_t size);
    "ggml_backend_tensor_get": (None, [Tensor, _PTR, _SIZE, _SIZE]),
    # void ggml_backend_buffer_free(ggml_backend_buffer_t buffer);
    "ggml_backend_buffer_free": (None, [_PTR]),
    # void ggml_backend_buffer_clear(ggml_backend_buffer_t buffer, uint8_t value);
    "ggml_backend_buffer_clear": (None, [_PTR, ctypes.c_uint8]),
    # size_t ggml_backend_buffer_get_size(ggml_backend_buffer_t buffer);
    "ggml_backend_buffer_get_size": (_SIZE, [_PTR]),
    # ggml_backend_buffer_type_t ggml_backend_buffer_get_type(ggml_backend_buffer_t buffer);
    "ggml_backend_buffer_get_type": (_PTR, [_PTR]),
    # void ggml_backend_buffer_set_usage(ggml_backend_buffer_t buffer, enum ggml_backend_buffer_usage usage);
    "ggml_backend_buffer_set_usage": (None, [_PTR, _INT]),
    # bool ggml_backend_buft_is_host(ggml_backend_buffer_type_t buft);
    "ggml_backend_buft_is_host": (_BOOL, [_PTR]),
    # ggml_backend_dev_t ggml_backend_buft_get_device(ggml_backend_buffer_type_t buft);
    "ggml_backend_buft_get_device": (_PTR, [_PTR]),
    # enum ggml_status ggml_backend_graph_compute(ggml_backend_t backend, struct ggml_cgraph * cgraph);
    "ggml_backend_graph_compute": (_INT, [_PTR, _PTR]),
    # enum ggml_status ggml_backend_graph_compute_async(ggml_backend_t backend, struct ggml_cgraph * cgraph);
    "ggml_backend_graph_compute_async": (_INT, [_PTR, _PTR]),
    # void ggml_backend_synchronize(ggml_backend_t backend);
    "ggml_backend_synchronize": (None, [_PTR]),
    # ggml_backend_dev_t ggml_backend_get_device(ggml_backend_t backend);
    "ggml_backend_get_device": (_PTR, [_PTR]),
    # int ggml_backend_sched_get_n_backends(ggml_backend_sched_t sched);
    "ggml_backend_sched_get_n_backends": (_INT, [_PTR]),
    # ggml_backend_t ggml_backend_sched_get_backend(ggml_backend_sched_t sched, int i);
    "ggml_backend_sched_get_backend": (_PTR, [_PTR, _INT]),
    # void ggml_backend_sched_set_eval_callback(ggml_backend_sched_t sched, callback, void * user_data);
    "ggml_backend_sched_set_eval_callback": (None, [_PTR, _PTR, _PTR]),
    # const char * ggml_op_name(enum ggml_op op);
    "ggml_op_name": (_STR, [_INT]),
    # ggml_backend_buffer_type_t ggml_backend_cpu_buffer_type(void);
    "ggml_backend_cpu_buffer_type": (_PTR, []),
    # size_t ggml_backend_reg_count(void);
    "ggml_backend_reg_count": (_SIZE, []),
    # ggml_backend_reg_t ggml_backend_reg_get(size_t index);
    "ggml_backend_reg_get": (_PTR, [_SIZE]),
    # const char * ggml_backend_reg_name(ggml_backend_reg_t reg);
    "ggml_backend_reg_name": (_STR, [_PTR]),
    # void ggml_backend_free(ggml_backend_t backend);
    "ggml_backend_free": (None, [_PTR]),
    # size_t ggml_backend_dev_count(void);
    "ggml_backend_dev_count": (_SIZE, []),
    # ggml_backend_dev_t ggml_backend_dev_get(size_t index);
    "ggml_backend_dev_get": (_PTR, [_SIZE]),
    # const char * ggml_backend_dev_name(ggml_backend_dev_t device);
    "ggml_backend_dev_name": (_STR, [_PTR]),
    # const char * ggml_backend_dev_description(ggml_backend_dev_t device);
    "ggml_backend_dev_description": (_STR, [_PTR]),
    # void ggml_backend_dev_memory(ggml_backend_dev_t device, size_t * free, size_t * total);
    "ggml_backend_dev_memory": (None, [_PTR, ctypes.POINTER(_SIZE), ctypes.POINTER(_SIZE)]),
    # enum ggml_backend_dev_type ggml_backend_dev_type(ggml_backend_dev_t device);
    "ggml_backend_dev_type": (_INT, [_PTR]),
    # void ggml_backend_dev_get_props(ggml_backend_dev_t device, struct ggml_backend_dev_props * props);
    "ggml_backend_dev_get_props": (None, [_PTR, ctypes.POINTER(DeviceProps)]),
    # ggml_backend_reg_t ggml_backend_dev_backend_reg(ggml_backend_dev_t device);
    "ggml_backend_dev_backend_reg": (_PTR, [_PTR]),
    # ggml_backend_t ggml_backend_dev_init(ggml_backend_dev_t device, const char * params);
    "ggml_backend_dev_init": (_PTR, [_PTR, _STR]),
    # ggml_backend_buffer_type_t ggml_backend_dev_host_buffer_type(ggml_backend_dev_t device);
    "ggml_backend_dev_host_buffer_type": (_PTR, [_PTR]),
    # ggml_backend_buffer_t ggml_backend_buft_alloc_buffer(ggml_backend_buffer_type_t buft, size_t size);
    "ggml_backend_buft_alloc_buffer": (_PTR, [_PTR, _SIZE]),
    # void * ggml_backend_buffer_get_base(ggml_backend_buffer_t buffer);
    "ggml_backend_buffer_get_base": (_PTR, [_PTR]),
    # ggml_backend_buffer_type_t ggml_backend_dev_buffer_type(ggml_backend_dev_t device);
    "ggml_backend_dev_buffer_type": (_PTR, [_PTR]),
    # bool ggml_backend_dev_supports_op(ggml_backend_dev_t device, const struct ggml_tensor * op);
    "ggml_backend_dev_supports_op": (_BOOL, [_PTR, Tensor]),
    # void * ggml_backend_reg_get_proc_address(ggml_backend_reg_t reg, const char * name);
    "ggml_backend_reg_get_proc_address": (_PTR, [_PTR, _STR]),
}


def _open_libraries() -> list[ctypes.CDLL]:
    """The ggml libraries beside llama-cpp-python's own, in the order in which they need each other."""
    folder = Path(llama_cpp.__file__).parent / "lib"
    opened = []
    for name in ("ggml-base", "ggml"):
        try:
            opened.append(load_shared_library(name, folder))
        except (FileNotFoundError, RuntimeError):
            continue  # a static build has everything in the next one
    if not opened:
        raise abi.misfit("came without its ggml library")
    return opened


@cache
def _functions() -> dict[str, Callable[..., Any]]:
    """Every function, once all checks have passed.

    Raises:
        EngineError: the installed library is not one that we know.
    """
    abi.check_version(llama_cpp.__version__)
    found = abi.resolve(_open_libraries(), _PROTOTYPES)
    abi.probe_tensors(found, InitParams)
    return found


def check() -> None:
    """Raise `EngineError` unless the installed llama-cpp-python is one that we know; the first call does so too."""
    _functions()


def function(name: str) -> Callable[..., Any]:
    """The C function `name` with its types set.

    Raises:
        EngineError: the installed llama-cpp-python is not one that we know.
    """
    return _functions()[name]


def address_of(name: str) -> int | None:
    """Where the C function `name` is, for other C code to call."""
    found: Any = function(name)
    return ctypes.cast(found, _PTR).value


def set_n_threads(backend: int, device: int, n_threads: int) -> None:
    """Set how many threads a CPU backend uses; backends without threads ignore it."""
    address = _proc_address(device, b"ggml_backend_set_n_threads")
    if address:
        _SET_N_THREADS(address)(backend, n_threads)


def set_abort_callback(backend: int, device: int, callback: Any) -> None:
    """Let `callback` (an `ABORT_CALLBACK`) end a running computation; CPU only, others ignore it."""
    address = _proc_address(device, b"ggml_backend_set_abort_callback")
    if address:
        _SET_ABORT_CALLBACK(address)(backend, callback, None)


def backend_features() -> dict[str, dict[str, str]]:
    """What each backend (CPU, CUDA, Vulkan, ...) was built for and found here: backend -> feature -> value.

    The values are ggml's: "1" for yes, else a setting such as a list of architectures. Backends without features
    (Vulkan, Metal) have none. One that the library was built for is there also where ggml does not list it, as it does
    not list Vulkan where there is no driver for it.
    """
    found: dict[str, dict[str, str]] = {}
    for index in range(function("ggml_backend_reg_count")()):
        registry = function("ggml_backend_reg_get")(index)
        name = function("ggml_backend_reg_name")(registry).decode()
        found[name] = _features(registry)
    return found | {name: {} for name in _built_for() if name not in found}


def _built_for() -> list[str]:
    """Backends whose code is in the library, of those that ggml may leave out of its list."""
    libraries = _open_libraries()
    return [name for name, entry in _ENTRIES.items() if any(hasattr(library, entry) for library in libraries)]


def _features(registry: int) -> dict[str, str]:
    address = function("ggml_backend_reg_get_proc_address")(registry, b"ggml_backend_get_features")
    if not address:
        return {}
    features: dict[str, str] = {}
    for feature in _GET_FEATURES(address)(registry):  # endless for ctypes; C ends it by a null name
        if not feature.name:
            break
        features[feature.name.decode()] = (feature.value or b"").decode()
    return features


def _proc_address(device: int, name: bytes) -> int | None:
    registry = function("ggml_backend_dev_backend_reg")(device)
    address: int | None = function("ggml_backend_reg_get_proc_address")(registry, name)
    return address
