"""The person's access token: where it is looked up, and how the system's keyring keeps it.

It is in nobody's arguments, settings, exports, history or log; whoever holds it shows nothing of it (`Access`).
"""

from __future__ import annotations

from collections.abc import Mapping

from desktop_vlm.api.errors import UserError

_SERVICE = "desktop-vlm"
_VARIABLES = ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")
_TRUE = {"1", "ON", "YES", "TRUE"}


def find_token(endpoint: str, environment: Mapping[str, str]) -> str | None:
    """The token for `endpoint`: of HF_TOKEN, of the system's keyring, or of `hf auth login`; `None` where none is.

    Raises:
        UserError: what is there is no token.
    """
    if environment.get("HF_HUB_DISABLE_IMPLICIT_TOKEN", "").upper() in _TRUE:
        return None
    for variable in _VARIABLES:
        if token := environment.get(variable, "").strip():
            return _checked(token, f"the variable {variable}")
    if kept := stored_token(endpoint):
        return kept
    return _left_token()


def _left_token() -> str | None:
    """The token that `hf auth login` left."""
    # Loads an HTTP client, for which commands that work on files should not wait.
    import huggingface_hub

    try:
        left = huggingface_hub.get_token()
    except Exception:  # noqa: BLE001 - unreadable, no text, or an exchange of tokens failed
        raise UserError(
            "The access token that `hf auth login` left cannot be read: run it again, or put a token into HF_TOKEN."
        ) from None
    return _checked(left, "the token file of the hub's client") if left else None


def stored_token(endpoint: str) -> str | None:
    """The token that the keyring keeps for `endpoint`; `None` as well where the system has no keyring."""
    import keyring  # looks for what this system offers, which takes a while

    try:
        found = keyring.get_password(_SERVICE, endpoint)
    except Exception:  # noqa: BLE001 - there is none, it stays locked, or whatever else its program says
        return None
    return _checked(found, "the keyring") if found else None


def store_token(token: str, endpoint: str) -> None:
    """Keep a token in the system's keyring; it is sent to `endpoint` and nowhere else.

    Raises:
        UserError: it is no token, or the system has no keyring that takes it.
    """
    import keyring

    token = _checked(token.strip(), "what was entered")
    try:
        keyring.set_password(_SERVICE, endpoint, token)
    except Exception:  # noqa: BLE001 - as above
        raise UserError(
            "This system has no keyring that keeps the token: put it into HF_TOKEN, or run `hf auth login`."
        ) from None


def forget_token(endpoint: str) -> None:
    """Remove the token of `endpoint` from the keyring, where there is one."""
    import keyring

    try:
        keyring.delete_password(_SERVICE, endpoint)
    except Exception:  # noqa: BLE001 - as above, or it keeps none
        return


def _checked(token: str, where: str) -> str:
    """The token, if it can stand in a header; libraries quote headers that they refuse, so none gets that far."""
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise UserError(
            f"In {where} is no access token (these are letters, digits and underscores): copy it from the hub's "
            "settings again."
        )
    return token
