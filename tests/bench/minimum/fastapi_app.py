"""The least with FastAPI and SQLAlchemy, on the table of a rendered project."""

import datetime as dt
import os
import uuid
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Annotated, Any, Literal

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict
from sqlalchemy import DateTime, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

engine = create_async_engine(os.environ["DATABASE_URL"].replace("postgresql:", "postgresql+asyncpg:"))
sessions = async_sessionmaker(engine, expire_on_commit=False)
app = FastAPI()


class Base(DeclarativeBase):
    """Base of the table."""

    type_annotation_map = {dt.datetime: DateTime(timezone=True)}  # noqa: RUF012 (SQLAlchemy reads it once)


class Thing(Base):
    """A row."""

    __tablename__ = "thing"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    created_at: Mapped[dt.datetime] = mapped_column(default=lambda: dt.datetime.now(dt.UTC))
    updated_at: Mapped[dt.datetime] = mapped_column(default=lambda: dt.datetime.now(dt.UTC))
    version: Mapped[int] = mapped_column(default=1)
    owner_id: Mapped[str]
    title: Mapped[str]
    state: Mapped[str]
    price: Mapped[Decimal]
    due: Mapped[dt.date | None]
    note: Mapped[str]


class Values(BaseModel):
    """What comes in."""

    title: str
    state: Literal["new", "open", "done"]
    price: Decimal
    due: dt.date | None = None
    note: str


class Item(Values):
    """What goes out."""

    model_config = ConfigDict(from_attributes=True)

    id: uuid.UUID
    created_at: dt.datetime
    updated_at: dt.datetime
    version: int
    owner_id: str


async def session() -> AsyncIterator[AsyncSession]:
    """Open a session."""
    async with sessions() as opened:
        yield opened


def user(credentials: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]) -> str:
    """Verify the token."""
    claims = jwt.decode(credentials.credentials, os.environ["JWT_SIGNING_KEY"], algorithms=["HS256"])
    return str(claims["user_id"])


Session = Annotated[AsyncSession, Depends(session)]
User = Annotated[str, Depends(user)]


@app.get("/things/", response_model=list[Item])
async def list_things(session: Session, _user: User) -> Any:
    """Read twenty."""
    return (await session.scalars(select(Thing).order_by(Thing.id).limit(20))).all()


@app.get("/things/{id}/", response_model=Item)
async def read_thing(session: Session, _user: User, id: uuid.UUID) -> Any:
    """Read one."""
    found = await session.get(Thing, id)
    if found is None:
        raise HTTPException(404)
    return found


@app.post("/things/", response_model=Item, status_code=201)
async def create_thing(session: Session, user: User, values: Values) -> Any:
    """Store one."""
    thing = Thing(**values.model_dump(), owner_id=user)
    session.add(thing)
    await session.commit()
    return thing
