"""Text that would run, break out or vanish if it were ever read as anything but text."""

from __future__ import annotations

_OPEN = "cycler.__init__.__globals__.__builtins__.open('canary', 'w')"

PAYLOADS = (
    "<script>window.ran = 1</script>",
    "</script><script>window.ran = 2</script>",
    "<img src=x onerror='window.ran = 3'>",
    '"><svg onload="window.ran = 4">',
    "' onmouseover='window.ran = 5' x='",
    "<!--<script>window.ran = 6",
    "]]><script>window.ran = 7</script>",
    "</style></title></textarea><script>window.ran = 8</script>",
    "{{ " + _OPEN + " }}",
    "{% set x = " + _OPEN + " %}",
    "{%- for c in [].__class__.__base__.__subclasses__() -%}{{ c }}{%- endfor -%}",
    "{{ 7 * 7 }} {# gone #}",
    "${window.ran = 9}",
    "`${window.ran = 10}`",
    "`+(window.ran=11)+`",
    "\\'; window.ran = 12; //",
    "javascript:window.ran = 13",
    "line\u2028separator\u2029paragraph",
    "O'Brien & sons <North>",
    "Порт {1}",
    "%s %(name)s {0} {name!r}",
    "&lt;b&gt; &amp; &#x3c;script&#x3e;",
    "\x1b[31mred\x1b[0m \u202e reversed",
    "url(http://evil.invalid/x) src=http://evil.invalid/y",
    "</body></html><iframe src='http://evil.invalid/'>",
)
