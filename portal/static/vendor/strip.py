"""Make the vendored copies of GOV.UK Frontend and htmx from their npm tarballs.

Run by a person when a version changes (docs/vendored.md), never by the portal:

    python portal/static/vendor/strip.py GOVUK_FRONTEND.tgz HTMX.tgz

What it changes, and why:

* the GDS Transport font faces go, and every family becomes ``var(--portal-font)``: the font and
  the crest are for GOV.UK alone (rules.md D4, G30);
* rules of components that this portal never prints go, the crown header and footer among them,
  for a smaller first visit;
* source map comments go, since the maps are not shipped.

The JavaScript is otherwise byte for byte what was published.
"""

import re
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
UNUSED = re.compile(
    r"\.govuk-(accordion|tabs|cookie-banner|header|footer|generic-header|service-navigation|logo-dot|breadcrumbs|panel)"
    r"(?![a-z])"
)
FONT = re.compile(r"font-family:(GDS Transport,arial,sans-serif|sans-serif)")
SOURCE_MAP = re.compile(r"(//# sourceMappingURL=\S+|/\*# sourceMappingURL=\S+ \*/)\s*$")


def rules(css: str) -> Iterator[tuple[str, str]]:
    """Yield (selector or at-rule, body) for each top-level rule of a minified style sheet."""
    depth = start = opened = 0
    for place, character in enumerate(css):
        if character == "{":
            depth += 1
            if depth == 1:
                opened = place
        elif character == "}":
            depth -= 1
            if depth == 0:
                yield css[start:opened], css[opened + 1 : place]
                start = place + 1


def selectors(prelude: str) -> Iterator[str]:
    """Split a selector list at its commas, leaving those inside brackets alone."""
    depth = start = 0
    for place, character in enumerate(prelude + ","):
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            yield prelude[start:place]
            start = place + 1


def stripped(css: str) -> str:
    """Return the style sheet without fonts, crest and unused components."""
    kept = []
    for raw_prelude, body in rules(css):
        prelude = re.sub(r"/\*.*?\*/", "", raw_prelude, flags=re.DOTALL).strip()
        prelude = prelude.removeprefix('@charset "UTF-8";')
        if prelude.startswith("@font-face"):
            continue
        if prelude.startswith(("@media", "@supports")):
            inner = stripped(body)
            if inner:
                kept.append(f"{prelude}{{{inner}}}")
            continue
        wanted = [selector for selector in selectors(prelude) if not UNUSED.search(selector)]
        if wanted or prelude.startswith("@"):
            kept.append(f"{','.join(wanted) if wanted else prelude}{{{body}}}")
    return "".join(kept)


def member(tarball: str, name: str) -> str:
    """Read one text file of an npm tarball."""
    with tarfile.open(tarball) as archive:
        content = archive.extractfile(f"package/{name}")
        if content is None:
            raise SystemExit(f"{tarball} has no {name}")
        return content.read().decode()


def main(govuk: str, htmx: str) -> None:
    """Write the vendored files beside this script."""
    css = FONT.sub(
        "font-family:var(--portal-font)",
        stripped(member(govuk, "dist/govuk/govuk-frontend.min.css")),
    )
    for forbidden in ("GDS Transport", "crest", "url("):
        if forbidden in css:
            raise SystemExit(f"the style sheet still holds {forbidden!r}")
    (HERE / "govuk-frontend/govuk-frontend.min.css").write_text(f'@charset "UTF-8";{css}\n')
    script = SOURCE_MAP.sub("", member(govuk, "dist/govuk/govuk-frontend.min.js"))
    (HERE / "govuk-frontend/govuk-frontend.min.js").write_text(script.rstrip() + "\n")
    (HERE / "htmx/htmx.min.js").write_text(member(htmx, "dist/htmx.min.js"))
    (HERE / "htmx/LICENSE").write_text(member(htmx, "LICENSE"))


if __name__ == "__main__":
    main(*sys.argv[1:])
