"""How every repository behaves: the tests run on the twin in memory and on the database, so that one is like the other."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from core.kernel.actors import Actor, Role
from core.kernel.errors import NotFound
from core.kernel.repositories import Wanted


class RepositoryBehaviour:
    """Subclasses have a fixture ``repository``, empty, and ``make``, which makes the first, second or third entity."""

    @pytest.fixture
    def team(self) -> Actor:
        """Whose entities they are."""
        return Actor(user_id=uuid4(), team_id=uuid4(), role=Role.MEMBER)

    @pytest.fixture
    def three(self, repository: Any, make: Any, team: Actor) -> list[Any]:
        """Three entities of the team, kept one after another."""
        items = [make(team, number) for number in range(3)]
        for item in items:
            repository.add(item)
        return items

    def test_what_was_added_comes_back_as_it_was(
        self, repository: Any, three: list[Any], team: Actor
    ) -> None:
        for item in three:
            found = repository.get(team.team_id, item.id)
            assert found is not item
            assert {**vars(found), "pending": []} == {**vars(item), "pending": []}

    def test_what_was_saved_comes_back_as_it_is_now(
        self, repository: Any, make: Any, three: list[Any], team: Actor
    ) -> None:
        changed = replace(three[0], version=7)
        repository.save(changed)
        assert repository.get(team.team_id, changed.id).version == 7
        assert repository.get(team.team_id, three[1].id).version == 1

    def test_what_was_removed_is_gone(self, repository: Any, three: list[Any], team: Actor) -> None:
        repository.remove(three[1])
        with pytest.raises(NotFound):
            repository.get(team.team_id, three[1].id)
        assert repository.list(team.team_id, Wanted(total=True)).total == 2
        repository.remove(three[0], three[2])
        assert repository.list(team.team_id, Wanted(total=True)).total == 0

    def test_all_of_a_team_is_gone_at_once(
        self, repository: Any, make: Any, three: list[Any], team: Actor
    ) -> None:
        other = replace(team, team_id=uuid4())
        repository.add(make(other, 0))
        repository.remove_all(team.team_id)
        assert repository.list(team.team_id, Wanted(total=True)).total == 0
        assert repository.list(other.team_id, Wanted(total=True)).total == 1

    def test_another_team_finds_nothing(self, repository: Any, three: list[Any]) -> None:
        stranger = uuid4()
        with pytest.raises(NotFound):
            repository.get(stranger, three[0].id)
        with pytest.raises(NotFound):
            repository.get_to_change(stranger, three[0].id)
        assert repository.list(stranger, Wanted(total=True)).total == 0

    def test_one_owner_finds_what_is_their_own(
        self, repository: Any, make: Any, three: list[Any], team: Actor
    ) -> None:
        other = replace(three[0], owner_id=uuid4())
        repository.save(other)
        assert repository.get(team.team_id, three[1].id, team.user_id).id == three[1].id
        assert repository.get_to_change(team.team_id, other.id, other.owner_id).id == other.id
        with pytest.raises(NotFound):
            repository.get(team.team_id, other.id, team.user_id)
        with pytest.raises(NotFound):
            repository.get_to_change(team.team_id, other.id, team.user_id)
        assert repository.list(team.team_id, Wanted(total=True), team.user_id).total == 2
        assert repository.list(team.team_id, Wanted(total=True)).total == 3

    def test_those_with_an_id_are_found_at_once(
        self, repository: Any, three: list[Any], team: Actor
    ) -> None:
        wanted = {three[0].id, three[2].id, uuid4()}
        for find in (repository.find, repository.find_to_keep):
            assert set(find(team.team_id, wanted)) == {three[0], three[2]}
            assert set(find(team.team_id, wanted, team.user_id)) == {three[0], three[2]}
            assert not find(team.team_id, wanted, uuid4())
            assert not find(uuid4(), wanted)

    def test_what_refers_to_something_is_found_and_counted(
        self, repository: Any, three: list[Any], team: Actor
    ) -> None:
        # Whatever the entity refers to: all of them have an owner.
        other = replace(three[0], owner_id=uuid4())
        repository.save(other)
        asked = (team.team_id, "owner_id", team.user_id)
        assert set(repository.referring(*asked)) == {three[1], three[2]}
        assert not repository.referring(uuid4(), "owner_id", team.user_id)
        names = ["owner_id", "id"]
        counts = [
            repository.count_referring(team_id, names, item_id, most)
            for team_id, item_id, most in (
                (team.team_id, team.user_id, 9),
                (team.team_id, team.user_id, 1),
                (team.team_id, other.id, 9),
                (uuid4(), team.user_id, 9),
            )
        ]
        assert counts == [2, 1, 1, 0]

    def test_list_is_read_in_parts(self, repository: Any, three: list[Any], team: Actor) -> None:
        wanted = Wanted(sort="created_at", limit=2)
        first = repository.list(team.team_id, wanted)
        assert [item.id for item in first.items] == [item.id for item in three[:2]]
        assert (first.previous, first.total) == (None, None)
        second = repository.list(team.team_id, replace(wanted, place=first.next, total=True))
        assert [item.id for item in second.items] == [three[2].id]
        assert (second.next, second.total) == (None, 3)
        back = repository.list(team.team_id, replace(wanted, place=second.previous))
        assert [item.id for item in back.items] == [item.id for item in three[:2]]
