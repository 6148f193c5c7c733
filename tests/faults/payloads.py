"""Texts that would become markup, an address or a program wherever they are not escaped.

All of them name ``xqmark``, so that a page that took one up can be told from the portal's own.
A browser that ran one would set ``window.xqmark``.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

RUN = "window.xqmark=1"
COUNT = 200

_EVENTS = (
    "onload", "onerror", "onclick", "onfocus", "onmouseover", "onpointerenter", "ontoggle",
    "onanimationstart", "oncopy", "onbeforetoggle", "onscrollend", "onsubmit",
)  # fmt: skip
_ELEMENTS = (
    "<img src=x {event}={run}>",
    "<svg {event}={run}>",
    "<body {event}={run}>",
    "<details open {event}={run}>xqmark</details>",
    "<xqmark tabindex=1 autofocus {event}='{run}'>",
)
_WAYS_OUT = ("'", '"', "`", "-->", "</title>", "</textarea>", "</option></select>", "</script>")
_SCHEMES = (
    "javascript:{run}", "JaVaScRiPt:{run}", "java\tscript:{run}", " javascript:{run}",
    "javascript&colon;{run}", "vbscript:xqmark({run})", "data:text/html,<script>{run}</script>",
    "data:text/html;base64,PHNjcmlwdD54cW1hcms8L3NjcmlwdD4=xqmark", "//xqmark.example/{run}",
    "blob:xqmark",
)  # fmt: skip
_CARRIERS = ('<a href="{url}">xqmark</a>', '<iframe src="{url}"></iframe>', "[xqmark]({url})")
_TEMPLATES = (
    "{{{{ 'xq7' ~ 'mark7' }}}}xqmark", "{{% print('xq7' ~ 'mark7') %}}xqmark",
    "${{'xq7'+'mark7'}}xqmark", "#{{'xq7'+'mark7'}}xqmark", "<%= 'xq7'+'mark7' %>xqmark",
    "{{{{ config.items() }}}}xqmark", "{{{{ ''.__class__.__mro__ }}}}xqmark",
    "%(xqmark)s {{xqmark}} {{0.__class__}}",
)  # fmt: skip
_STYLES = (
    "<style>@import '//xqmark.example';</style>",
    "<style>*{{background:url(javascript:{run})}}</style>",
    "<xqmark style=width:expression({run})>",
    "</style><style>xqmark{{}}</style>",
    "<link rel=stylesheet href=//xqmark.example/x.css>",
    "<p style='behavior:url(#xqmark)'>",
)
_ELSEWHERE = (
    "<script>{run}</script>", "<script src=//xqmark.example/x.js></script>",
    "<ScRiPt>{run}</sCrIpT>", "<scr<script>ipt>{run}</scr</script>ipt>",
    "<script\n>{run}</script\n>", "<script/xqmark>{run}</script>", "<<script>{run}//<</script>",
    "<base href=//xqmark.example/>", "<meta http-equiv=refresh content='0;url=//xqmark.example'>",
    "<form action=//xqmark.example><button>xqmark</button></form>",
    "<button formaction=javascript:{run}>xqmark</button>", "<input name=csrf_token value=xqmark>",
    "<object data=//xqmark.example></object>", "<embed src=//xqmark.example>",
    "<math><maction actiontype=statusline xlink:href=javascript:{run}>xqmark</maction></math>",
    "<svg><script>{run}</script></svg>",
    "<svg><a xlink:href=javascript:{run}><text>xqmark</text></a></svg>",
    "<svg><animate onbegin={run} attributeName=x dur=1s>",
    "<svg><set attributeName=href to=javascript:{run}>",
    "<svg><foreignObject><xqmark></xqmark></foreignObject></svg>",
    "<template><xqmark></xqmark></template>", "<noscript><p title='</noscript><xqmark>'>",
    "<![CDATA[<xqmark>]]>", "<!--xqmark--><xqmark>", "<?xqmark?>", "<!ENTITY xqmark '<xqmark>'>",
    "<div data-hx-get=/xqmark data-hx-trigger=load>xqmark</div>",
    "<div hx-on:click={run} hx-get=/xqmark>xqmark</div>",
    "<div data-module=govuk-xqmark>xqmark</div>",
)  # fmt: skip
_ENCODED = "<script>window.xqmark=1</script>"


def _encodings() -> Iterator[str]:
    yield _ENCODED.replace("<", "&lt;").replace(">", "&gt;")
    yield "".join(f"&#{ord(letter)};" for letter in _ENCODED) + "xqmark"
    yield "".join(f"&#x{ord(letter):x};" for letter in _ENCODED) + "xqmark"
    yield quote(_ENCODED, safe="") + "xqmark"
    yield quote(quote(_ENCODED, safe=""), safe="") + "xqmark"
    yield "".join(f"\\u{ord(letter):04x}" for letter in _ENCODED) + "xqmark"
    yield "".join(f"\\x{ord(letter):02x}" for letter in _ENCODED) + "xqmark"
    yield _ENCODED.replace("<", "+ADw-").replace(">", "+AD4-")
    for less, more in (
        ("\uff1c", "\uff1e"),
        ("\u2039", "\u203a"),
        ("\ufe64", "\ufe65"),
        ("\u2039", "\u203a\u202e"),
    ):
        yield _ENCODED.replace("<", less).replace(">", more)
    yield _ENCODED.replace("s", "\u017f")
    yield "\u202e" + _ENCODED
    yield "\ufeff" + _ENCODED


def _all() -> Iterator[str]:
    yield from (one.format(run=RUN) for one in _ELSEWHERE)
    yield from (one.format() for one in _TEMPLATES)
    yield from (one.format(run=RUN) for one in _STYLES)
    yield from _encodings()
    urls = [one.format(run=RUN) for one in _SCHEMES]
    yield from urls
    yield from (carrier.format(url=url) for carrier in _CARRIERS for url in urls)
    yield from (f"{way}><xqmark {_EVENTS[0]}={RUN}>" for way in _WAYS_OUT)
    yield from (f"xqmark{way} {event}={RUN} x=" for way in _WAYS_OUT[:3] for event in _EVENTS)
    yield from (one.format(event=event, run=RUN) for one in _ELEMENTS for event in _EVENTS)


PAYLOADS: tuple[str, ...] = tuple(dict.fromkeys(_all()))[:COUNT]
