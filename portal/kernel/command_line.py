"""The command line, loaded by the first question about it.

A web process answers no command, and what commands need (migrations, reading import files) is
tens of megabytes that each of its copies would hold.
"""

from __future__ import annotations

from importlib import import_module

from click import Command, Context
from flask.cli import AppGroup


class Commands(AppGroup):
    """The commands that a module lists in its ``COMMANDS``."""

    def __init__(self, module: str) -> None:
        super().__init__()
        self._module = module

    def list_commands(self, ctx: Context) -> list[str]:
        self._load()
        return super().list_commands(ctx)

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        self._load()
        return super().get_command(ctx, cmd_name)

    def _load(self) -> None:
        for command in import_module(self._module).COMMANDS:
            self.add_command(command)
