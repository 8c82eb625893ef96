"""Who is asking: bearer tokens, signed with a shared secret or by an issuer that publishes its keys."""

import argparse
import datetime as dt
from typing import Annotated, Any

import jwt
from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel

from src.config import Settings, get_settings
from src.exceptions import Unauthorized
from src.signing_keys import key_set

ASYMMETRIC = ["EdDSA", "ES256", "RS256"]
bearer = HTTPBearer(auto_error=False, bearerFormat="JWT")


class User(BaseModel):
    """The user that a token names."""

    id: str


async def decode(token: str, settings: Settings) -> dict[str, Any]:
    """Verify a token and return its claims.

    Raises:
        jwt.InvalidTokenError: when it cannot be trusted.
        Unavailable: when the issuer does not answer and the key is not known.
    """
    key: Any
    if settings.jwt_jwks_url:
        key, algorithms = await key_set(settings.jwt_jwks_url).key_of(token), ASYMMETRIC
    else:
        key, algorithms = (
            settings.jwt_secret.get_secret_value() if settings.jwt_secret else "",
            ["HS256"],
        )
    claims: dict[str, Any] = jwt.decode(
        token,
        key,
        algorithms=algorithms,
        audience=settings.jwt_audience,
        issuer=settings.jwt_issuer,
        options={"require": ["exp", "sub"], "verify_aud": settings.jwt_audience is not None},
    )
    return claims


async def current_user(
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
    settings: Annotated[Settings, Depends(get_settings)],
) -> User:
    """Find out who sends the request.

    Raises:
        Unauthorized: without a valid token.
        Unavailable: when the issuer does not answer and the key is not known.
    """
    if credentials is None:
        raise Unauthorized("Send a bearer token.")
    try:
        claims = await decode(credentials.credentials, settings)
    except jwt.InvalidTokenError:
        raise Unauthorized("The token is not valid.") from None
    if not 0 < len(claims["sub"]) <= 255:
        raise Unauthorized("The token names no user.")
    return User(id=claims["sub"])


CurrentUser = Annotated[User, Depends(current_user)]


def make_token(
    subject: str, settings: Settings, lifetime: dt.timedelta = dt.timedelta(hours=12)
) -> str:
    """Sign a token, for development and tests.

    Raises:
        SystemExit: in production, or when there is no secret to sign with.
    """
    if settings.environment == "production" or settings.jwt_secret is None:
        raise SystemExit("Tokens are made here in development only; ask the issuer for one.")
    claims = {
        "sub": subject,
        "exp": dt.datetime.now(dt.UTC) + lifetime,
        "iss": settings.jwt_issuer or "development",
        "aud": settings.jwt_audience or "development",
    }
    return jwt.encode(claims, settings.jwt_secret.get_secret_value(), algorithm="HS256")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Print a bearer token for development.")
    parser.add_argument("subject", nargs="?", default="developer", help="name of the user")
    print(make_token(parser.parse_args().subject, get_settings()))  # noqa: T201 (the token is the output)
