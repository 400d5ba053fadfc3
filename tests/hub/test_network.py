"""What is said when there is no way to the hub: names, certificates, proxies, closed doors."""

from __future__ import annotations

import datetime
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import huggingface_hub
import pytest

from desktop_vlm.hub.access import Access
from desktop_vlm.hub.download import download
from desktop_vlm.hub.listing import list_repository
from desktop_vlm.hub.ranges import RemoteFiles
from desktop_vlm.hub.refusals import Kind, Refusal
from tests.hub.conftest import PATIENCE
from tests.hub.faults import answer_with, header
from tests.hub.server import HubServer

VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE")


@pytest.fixture(autouse=True)
def own_client(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The hub's client reads the environment once; here it does so for each test."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    huggingface_hub.close_session()
    yield
    huggingface_hub.close_session()


def refusal(endpoint: str) -> Refusal:
    with pytest.raises(Refusal) as caught:
        list_repository("org/name", Access(endpoint, patience=PATIENCE))
    assert caught.value.kind is Kind.NETWORK
    return caught.value


def test_a_name_that_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    assert str(refusal("https://hub.example")) == (
        "hub.example cannot be reached (its name is not known): check the network connection, or the hub's address."
    )


def test_a_closed_door() -> None:
    assert str(refusal("http://127.0.0.1:9")).startswith("127.0.0.1 cannot be reached (connection refused): check the")


# Certificates


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for this computer, with its key, that nobody has vouched for."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("certificate") / "both.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


def test_a_certificate_that_nobody_vouches_for(
    certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with HubServer(context) as hub:
        hub.add("org/name", {"config.json": b"{}"})
        assert hub.endpoint.startswith("https://")
        assert str(refusal(hub.endpoint)) == (
            "The certificate of 127.0.0.1 is not trusted (self-signed certificate): if your network checks encrypted "
            "traffic, put the path of its certificates into SSL_CERT_FILE."
        )
        # and that is a way out
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        huggingface_hub.close_session()
        listing = list_repository("org/name", Access(hub.endpoint, "hf_mine", patience=PATIENCE))
        assert download(listing, listing.files, tmp_path)[0].read_bytes() == b"{}"
        # a certificate that is not for this host does not turn into many tries
        monkeypatch.delenv("SSL_CERT_FILE")
        with (
            RemoteFiles(listing) as remote,
            pytest.raises(Refusal, match=r"The certificate of 127\.0\.0\.1 is not tru"),
        ):
            remote.read(listing.files[0], 0, 2)


def test_a_server_that_speaks_no_tls(hub: HubServer) -> None:
    found = str(refusal(hub.endpoint.replace("http:", "https:")))
    assert found.startswith("No encrypted connection to 127.0.0.1 comes about (")
    assert found.endswith("): check the address and the proxy.")


# Proxies


def test_a_proxy_is_used(hub: HubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that nobody knows is asked of the proxy, which is our hub."""
    hub.add("org/name", {"config.json": b"{}"})
    monkeypatch.setenv("HTTP_PROXY", hub.endpoint)
    listing = list_repository("org/name", Access("http://hub.example", patience=PATIENCE))
    assert download(listing, listing.files, tmp_path)[0].read_bytes() == b"{}"
    assert {one.headers["Host"] for one in hub.seen} == {"hub.example"}


def test_a_proxy_that_is_not_there(hub: HubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://me:secret@127.0.0.1:9")
    assert str(refusal("http://hub.example")) == (
        "hub.example cannot be reached (connection refused): check the proxy in HTTP_PROXY, or name the host in "
        "NO_PROXY, or the hub's address."
    )
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    huggingface_hub.close_session()
    hub.add("org/name", {"config.json": b"{}"})
    assert list_repository("org/name", Access(hub.endpoint, patience=PATIENCE)).files


class _Proxy(BaseHTTPRequestHandler):
    """Lets nobody through."""

    def do_GET(self) -> None:
        self.send_error(407)

    def do_CONNECT(self) -> None:
        self.send_error(407)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Nobody reads it."""


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_wants_a_password(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with HTTPServer(("127.0.0.1", 0), _Proxy) as proxy:
        threading.Thread(target=proxy.serve_forever, args=(0.02,), daemon=True).start()
        monkeypatch.setenv(f"{scheme.upper()}_PROXY", f"http://127.0.0.1:{proxy.server_port}")
        assert str(refusal(f"{scheme}://hub.example")).startswith("The proxy refuses the connection: check its address")
        proxy.shutdown()


# Sentences show no addresses


def test_a_password_in_the_hubs_address_is_not_shown(hub: HubServer, tmp_path: Path) -> None:
    hub.add("org/name", {"config.json": b"{}"}, gated="auto")
    endpoint = hub.endpoint.replace("http://", "http://me:secret@")
    listing = list_repository("org/name", Access(endpoint, patience=PATIENCE))
    with pytest.raises(Refusal, match="is gated") as caught:
        download(listing, listing.files, tmp_path)
    assert "secret" not in str(caught.value)
    assert "secret" not in repr(listing)


def test_a_signed_address_is_not_shown(hub: HubServer, tmp_path: Path) -> None:
    hub.add("org/name", {"model.safetensors": b"abc"})
    listing = list_repository("org/name", Access(hub.endpoint, patience=PATIENCE))
    for fault, where in (
        (header("Location", "http://127.0.0.1:9/x?X-Signature=secret"), "hub"),
        (header("Location", "http://[bad/x?X-Signature=secret"), "hub"),
        (answer_with(400), "content"),
    ):
        hub.behave()
        hub.misbehave("*", fault, where=where)
        with pytest.raises(Refusal) as caught:
            download(listing, listing.files, tmp_path)
        found: BaseException | None = caught.value
        while found is not None:  # nor by what a log would print of its causes
            assert "secret" not in str(found)
            assert "s1gned" not in str(found)
            found = found.__cause__ or (None if found.__suppress_context__ else found.__context__)
