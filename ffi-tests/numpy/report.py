"""Counts checks per operation, prints failures with what is needed to repeat them."""

import collections

PRINT_LIMIT = 20
PRINT_LIMIT_EACH = 4  # so that one broken operation does not hide the others


class Report:
    def __init__(self, quiet=False):
        self.passed = collections.Counter()
        self.failed = collections.Counter()
        self.skipped = collections.Counter()
        self.case = ""  # set by the main loop: "module:seed" of the running program
        self.quiet = quiet
        self.printed = 0

    def check(self, operation, good, describe):
        """`describe` is a function that gives the text: it is called on failure only."""
        if good:
            self.passed[operation] += 1
            return True
        self.failed[operation] += 1
        if not self.quiet and self.printed < PRINT_LIMIT and self.failed[operation] <= PRINT_LIMIT_EACH:
            self.printed += 1
            print(f"FAILED {operation} [--only {self.case}]: {describe()}", flush=True)
        return False

    def skip(self, operation):
        self.skipped[operation] += 1

    def table(self, operations):
        """One row for each operation; an operation that was never checked is a failure."""
        print(f"{'operation':32}{'passed':>10}{'failed':>8}{'skipped':>8}")
        for operation in sorted(set(operations) | set(self.passed) | set(self.failed) | set(self.skipped)):
            if operation in operations and not self.passed[operation] + self.failed[operation]:
                print(f"FAILED {operation}: never checked")
                self.failed[operation] += 1
            print(
                f"{operation:32}{self.passed[operation]:10}{self.failed[operation]:8}{self.skipped[operation]:8}"
            )

    def total_failed(self):
        return sum(self.failed.values())

    def totals(self):
        return (
            f"{sum(self.passed.values())} passed, {self.total_failed()} failed, "
            f"{sum(self.skipped.values())} skipped"
        )
