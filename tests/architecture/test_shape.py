"""The house rules that a tool can hold: directions, sizes, where time and plain SQL may be."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from portal.kernel.access import Kind, UnmarkedView, mark_of, marks, public_page, refuse_unmarked
from portal.kernel.tenancy import Base, Rule
from portal.models import load_models

ROOT = Path(__file__).parents[2]
PORTAL = ROOT / "portal"
SOURCES = sorted(PORTAL.rglob("*.py"))
TEMPLATES = sorted((PORTAL / "templates").rglob("*.html"))
LONGEST = 300  # lines; "about", in design.md section 3
ALLOWANCE = 10  # per cent
MOST_ROUTES = 12
READS_THE_CLOCK = {
    "portal/kernel/clock.py",
    "portal/kernel/ids.py",  # its ids rise with the time
}
PLAIN_SQL = ("portal/kernel/", "portal/reporting/")
MACROS = [
    found
    for template in TEMPLATES
    for found in re.findall(
        r"{%-? macro (\w+)\(.*?%}(.*?){%-? endmacro", template.read_text(), flags=re.DOTALL
    )
]
# Signing in and out, and what is sent only to be read: nothing is created or decided.
WITHOUT_NONCE = re.compile(r"'(identity\.\w+|[\w.]*\.(download|export|preview))'")
load_models()


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _calls(path: Path) -> Iterator[tuple[int, str]]:
    """The line and name of everything that a file calls or asks an attribute of."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute | ast.Name):
            yield node.lineno, ast.unparse(node)


def test_packages_know_only_what_lies_below_them() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-logo", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]


def test_plain_sql_and_tables_stay_in_the_kernel_and_in_reports() -> None:
    """Elsewhere every statement goes through models, where its scope filters it."""
    forbidden = re.compile(
        r"(^|\.)(exec_driver_sql|__table__|raw_connection|connection|table_of|Base\.metadata)$"
    )
    found = [
        f"{_name(path)}:{line} {name}"
        for path in SOURCES
        if not _name(path).startswith(PLAIN_SQL)
        for line, name in _calls(path)
        if forbidden.search(name)
    ]
    texts = [
        _name(path)
        for path in SOURCES
        if not _name(path).startswith(PLAIN_SQL)
        and not path.name.startswith("models")  # a default in the database is said so
        and re.search(r"from sqlalchemy import[^)]*?\btext\b", path.read_text())
    ]
    assert found + texts == []


def test_only_the_clock_reads_the_time() -> None:
    reading = re.compile(r"(^|\.)(datetime\.(now|utcnow|today)|date\.today|time\.(time|time_ns))$")
    found = [
        f"{_name(path)}:{line} {name}"
        for path in SOURCES
        if _name(path) not in READS_THE_CLOCK
        for line, name in _calls(path)
        if reading.search(name)
    ]
    assert found == []


def test_only_pages_and_commands_ask_what_time_it_is() -> None:
    """Below them it is an argument."""
    found = [
        _name(path)
        for path in SOURCES
        if "kernel" not in path.parts
        and re.search(r"\b(rules|models|queries|actions)\b", path.stem)
        and re.search(r"from portal\.kernel\.clock import[^\n]*\bnow\b", path.read_text())
    ]
    assert found == []


def _tells_a_type(test: ast.expr) -> bool:
    if isinstance(test, ast.BoolOp):
        return all(map(_tells_a_type, test.values))
    if isinstance(test, ast.Compare):
        return isinstance(test.ops[0], ast.Is | ast.IsNot)
    return isinstance(test, ast.Call) and getattr(test.func, "id", "") == "isinstance"


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_asserts_only_tell_types(path: Path) -> None:
    """The portal is served without them (bin/serve): nothing may hang on one."""
    tests = [one for one in ast.walk(ast.parse(path.read_text())) if isinstance(one, ast.Assert)]
    assert [one.lineno for one in tests if not _tells_a_type(one.test)] == []


def test_no_file_is_long() -> None:
    most = LONGEST * (100 + ALLOWANCE) // 100
    long = {_name(p): n for p in SOURCES if (n := len(p.read_text().splitlines())) > most}
    assert long == {}


def test_no_file_serves_more_than_a_dozen_routes() -> None:
    route = re.compile(r"^@\w+\.(get|post)\(", re.MULTILINE)
    many = {_name(p): n for p in SOURCES if (n := len(route.findall(p.read_text()))) > MOST_ROUTES}
    assert many == {}


@pytest.mark.parametrize("word", ["utils", "helpers", "common", "misc", "manager"])
def test_no_file_has_a_name_that_says_nothing(word: str) -> None:
    assert [_name(path) for path in SOURCES if word in {path.stem, *path.parts}] == []


def test_every_table_says_who_may_see_it() -> None:
    models = [mapper.class_ for mapper in Base.registry.mappers]
    assert len(models) >= 26
    assert [m for m in models if not isinstance(vars(m).get("__seen_by__"), Rule)] == []


def test_every_page_says_who_may_use_it_and_why(app: Flask) -> None:
    table = list(marks(app))
    assert len(table) >= 40
    for rule, method, mark in table:
        assert mark is not None, f"{method} {rule}"
        if mark.kind is Kind.PERMISSION:
            assert mark.permission is not None
        else:
            assert len(mark.reason.split()) >= 3, f"{method} {rule} says why it is open"


def test_no_view_both_reads_and_changes(app: Flask) -> None:
    changing: dict[object, set[str]] = {}
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        view = getattr(view, "__wrapped__", view)
        changing.setdefault(view, set()).update((rule.methods or set()) - {"HEAD", "OPTIONS"})
    assert [view for view, methods in changing.items() if len(methods) != 1] == []


def test_an_unmarked_view_stops_the_start(own_app: Flask) -> None:
    own_app.add_url_rule("/forgotten", "forgotten", lambda: "open to all")
    with pytest.raises(UnmarkedView, match="forgotten"):
        refuse_unmarked(own_app)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_view_that_came_later_without_a_mark_is_closed(own_app: Flask, method: str) -> None:
    own_app.config["WTF_CSRF_ENABLED"] = False
    own_app.add_url_rule("/forgotten", "forgotten", lambda: "open to all", methods=[method])
    answered = own_app.test_client().open("/forgotten", method=method)
    assert answered.status_code == 403
    assert "open to all" not in answered.text


def test_a_mark_in_the_wrong_order_does_not_open_a_view(own_app: Flask) -> None:
    """A mark above the route's decorator marks the same function, so it holds all the same."""
    marked = public_page("a test of four words")(own_app.get("/marked-above")(lambda: "fine"))
    assert (
        mark_of(own_app, next(k for k, v in own_app.view_functions.items() if v is marked))
        is not None
    )


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_has_no_inline_script_or_style(template: Path) -> None:
    markup = template.read_text()
    inline = re.findall(
        r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)|\|\s*safe\b|hx-on|hx-vals=.js:",
        re.sub(r"{#.*?#}", "", markup, flags=re.DOTALL),
    )
    assert inline == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_every_form_that_is_posted_carries_its_token_and_its_nonce(template: Path) -> None:
    markup = re.sub(r"{#.*?#}", "", template.read_text(), flags=re.DOTALL)
    for form in re.findall(r"<form\b.*?</form>", markup, flags=re.DOTALL):
        if not re.search(r"method=[\"']post", form, flags=re.IGNORECASE):
            continue
        for name, body in MACROS:
            if re.search(rf"\b{name}\(", form):
                form += body  # noqa: PLW2901
        assert "csrf_field()" in form, f"{_name(template)}: {form[:120]}"
        if not WITHOUT_NONCE.search(form):
            assert "nonce_field()" in form, f"{_name(template)}: {form[:120]}"


def test_templates_lie_where_their_package_does() -> None:
    packages = {path.parent.relative_to(PORTAL) for path in SOURCES}
    strays = [
        _name(template)
        for template in TEMPLATES
        if (folder := template.parent.relative_to(PORTAL / "templates")).parts[0] != "_kit"
        and folder not in packages
    ]
    assert strays == []


def test_every_page_extends_the_layout_and_has_a_title() -> None:
    for template in TEMPLATES:
        if "_kit" in template.parts or template.name.startswith("_"):
            continue
        markup = template.read_text()
        if parent := re.match(r'{% extends "([^"]+/_\w+\.html)" %}', markup):
            markup = (PORTAL / "templates" / parent[1]).read_text()
        assert re.search(r'{% extends "_kit/(layout|public).html" %}', markup), _name(template)
        assert "{% block title %}" in markup, _name(template)
