"""``manage.py messages``: what was given up, and another try."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ...dispatch import send_again
from ...models import OutboxMessage, State
from ...tasks import relay


class Command(BaseCommand):
    """List dead letters, send them again, or hand over what is due where no beat does."""

    help = "List the messages that were given up (dead letters), or send them again."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take at most one thing to do."""
        group = parser.add_mutually_exclusive_group()
        group.add_argument("--resend", metavar="ID|all", help="send one dead letter again, or all")
        group.add_argument(
            "--due", action="store_true", help="hand over what is due, as the relay does"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say what was done."""
        if options["resend"]:
            self._resend(options["resend"])
        elif options["due"]:
            # As a task, in this process.
            self.stdout.write(f"{relay.apply().get()} handled")
        else:
            self._list()

    def _resend(self, which: str) -> None:
        rows = OutboxMessage.objects.all()
        if which != "all":
            if not which.isdecimal():
                raise CommandError(f"{which} is neither a number nor all")
            rows = rows.filter(pk=which)
        count = send_again(rows)
        if not count and which != "all":
            raise CommandError(f"{which} is no dead letter")
        self.stdout.write(f"{count} sent again")

    def _list(self) -> None:
        waiting = OutboxMessage.objects.filter(state=State.WAITING).count()
        dead = OutboxMessage.objects.filter(state=State.DEAD).order_by("at")
        for row in dead.iterator():
            self.stdout.write(f"{row.pk}  {row.at:%Y-%m-%d %H:%M}  {row}  {row.error}")
        self.stdout.write(f"{dead.count()} given up, {waiting} on their way")
