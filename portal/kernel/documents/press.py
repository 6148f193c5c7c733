"""The typesetter in a process of its own: a job as JSON on stdin, the PDF on stdout.

The compiler keeps the last ten documents in memory (a 400-line one is 30 MB), which a web
process may not; this one ends with its document. It imports nothing of the portal.
"""

import json
import sys
from datetime import UTC, date, datetime

import typst


def main() -> None:
    """Typeset the one job. Exits with the compiler's message when the template is wrong."""
    job = json.load(sys.stdin.buffer)
    dated = date.fromisoformat(job["dated"])
    try:
        pdf = typst.compile(
            job["template"],
            root=job["root"],
            font_paths=typst.Fonts(
                include_system_fonts=False,
                include_embedded_fonts=False,
                font_paths=[job["fonts"]],
            ),
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(job["data"], ensure_ascii=False)},
            pdf_standards="ua-1",
            timestamp=datetime(dated.year, dated.month, dated.day, tzinfo=UTC),
        )
    except typst.TypstError as error:
        sys.exit(error.message)
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main()
