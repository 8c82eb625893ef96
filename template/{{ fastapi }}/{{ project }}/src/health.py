"""Probes for whoever runs the container: is the process alive, can it serve."""

from fastapi import APIRouter, status
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from src.database import Session
from src.exceptions import Unavailable
from src.models import Schema

router = APIRouter(prefix="/health", tags=["health"], include_in_schema=False)


class Health(Schema):
    """The answer of a probe."""

    status: str


@router.get(
    "/live",
    response_model=Health,
    status_code=status.HTTP_200_OK,
    summary="Liveness",
    description="Answers as long as the process runs. A failure means: restart it.",
)
async def live() -> Health:
    """Answer without looking at anything else."""
    return Health(status="alive")


@router.get(
    "/ready",
    response_model=Health,
    status_code=status.HTTP_200_OK,
    summary="Readiness",
    description="Answers as long as the database does. A failure means: send no requests.",
)
async def ready(session: Session) -> Health:
    """Ask the database.

    Raises:
        Unavailable: when it does not answer.
    """
    try:
        await session.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError):
        raise Unavailable("The database does not answer.") from None
    return Health(status="ready")
