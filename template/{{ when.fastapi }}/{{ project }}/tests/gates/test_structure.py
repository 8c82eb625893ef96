"""Domain-Driven Structure: a domain is one folder with all of its parts."""

from .source import domains

PARTS = [
    "__init__.py",
    "router.py",
    "schemas.py",
    "models.py",
    "dependencies.py",
    "config.py",
    "constants.py",
    "exceptions.py",
    "service.py",
    "utils.py",
]


def test_every_domain_has_all_its_parts() -> None:
    missing = [
        f"src/{domain.name}/{part} is missing"
        for domain in domains()
        for part in PARTS
        if not (domain / part).is_file()
    ]
    assert not missing, "\n".join(missing)
