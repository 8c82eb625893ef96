"""Forms of addresses that every server, browser and JSON Schema validator reads alike (RFC 5321, 1123, 3986)."""

_ATOM = r"[A-Za-z0-9!#$%&*+/=?^_{|}~-]+"
_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_SIGNS = r"([A-Za-z0-9._~:/?@!$&()*+,;=-]|%[0-9A-Fa-f]{2})*"

EMAIL = rf"^{_ATOM}(\.{_ATOM})*@{_LABEL}(\.{_LABEL})+$"
WEB_ADDRESS = rf"^https?://{_LABEL}(\.{_LABEL})*(:[0-9]{{1,5}})?([/?]{_SIGNS})?(#{_SIGNS})?$"

MAX_LOCAL_PART = 64
"""Most characters before the @ (RFC 5321, 4.5.3.1.1)."""
