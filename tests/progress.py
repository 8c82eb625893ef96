"""What a terminal shows of a long run: a failure when it happens, and at the end where the minutes went."""

from collections import defaultdict

import pytest

SHORTEST = 60.0
"""Seconds: who runs a few tests is not told where they went."""


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Show how a run goes, where there is a terminal: a worker has none."""
    if terminal := config.pluginmanager.get_plugin("terminalreporter"):
        config.pluginmanager.register(Progress(terminal))


class Progress:
    """Add to pytest's own reporter, which keeps every failure for the end of the run."""

    def __init__(self, terminal: pytest.TerminalReporter) -> None:
        self.terminal = terminal
        self.seconds: defaultdict[str, float] = defaultdict(float)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count the time of a test, and show its failure at once."""
        self.seconds[report.location[0]] += report.duration
        if report.failed:
            self.terminal.write_sep("_", f"{report.when} of {report.nodeid} failed", red=True)
            report.toterminal(self.terminal._tw)
            self.terminal.flush()

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """Leave the failures, which were shown, out of what is printed at the end."""
        self.terminal.config.option.tbstyle = "no"

    def pytest_terminal_summary(self) -> None:
        """Print the minutes of each file, the longest first: those of one worker, of which there may be several."""
        if sum(self.seconds.values()) < SHORTEST:
            return
        self.terminal.write_sep("=", "minutes by part, of one worker")
        for file, seconds in sorted(self.seconds.items(), key=lambda entry: -entry[1]):
            self.terminal.write_line(f"{seconds / 60:6.1f} {file}")
        self.terminal.write_line(f"{sum(self.seconds.values()) / 60:6.1f} in all")
