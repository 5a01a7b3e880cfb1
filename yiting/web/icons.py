"""The pictures of the pages, in one stroke on a field of 24 by 24; the pavilion is the mark of the house."""

from __future__ import annotations

PAVILION = (
    '<path d="M1.5 18.4C11 17 19.4 11.4 24 4.6c4.6 6.8 13 12.4 22.5 13.8-2.6 2.6-6.6 3-9.7'
    ' 1.6H11.2C8.1 21.4 4.1 21 1.5 18.4Z" fill="currentColor"/>'
    '<circle cx="24" cy="2.9" r="1.9" fill="currentColor"/>'
    '<path d="M12.5 21v15.5M35.5 21v15.5M7.5 37.5h33M12.5 30.5h23" stroke="currentColor"'
    ' stroke-width="2.6" stroke-linecap="round" fill="none"/>'
)

ICONS: dict[str, str] = {
    "aloud": ('<path d="M4 9.5h3.5L12 5.5v13l-4.5-4H4Z"/><path d="M15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11"/>'),
    "arrow-left": '<path d="M19 12H5m6-6-6 6 6 6"/>',
    "arrow-right": '<path d="M5 12h14m-6-6 6 6-6 6"/>',
    "camera": ('<path d="M4 8h3.5L9 5.5h6L16.5 8H20v11H4Z"/><circle cx="12" cy="13.2" r="3.4"/>'),
    "check": '<path d="m5 12.5 4.8 4.8L19.5 7"/>',
    "clock": ('<circle cx="12" cy="12" r="8.2"/><path d="M12 7.2V12l3.2 2.2"/>'),
    "close": '<path d="m6 6 12 12M18 6 6 18"/>',
    "download": '<path d="M12 4v11m-5-4.5 5 4.5 5-4.5M5 19.5h14"/>',
    "edit": ('<path d="m5 19 .8-3.8L16.4 4.6l3 3L8.8 18.2Z"/><path d="m14 7 3 3"/>'),
    "house": ('<path d="m4 11.5 8-7 8 7"/><path d="M6.2 10v9.5h11.6V10M10 19.5v-5h4v5"/>'),
    "info": ('<circle cx="12" cy="12" r="8.2"/><path d="M12 11v5.2M12 7.8v.1"/>'),
    "language": (
        '<circle cx="12" cy="12" r="8.2"/><path d="M3.8 12h16.4M12 3.8c-4.6 5-4.6 11.4 0 16.4 4.6-5 4.6-11.4 0-16.4"/>'
    ),
    "list": '<path d="M9 6.5h11M9 12h11M9 17.5h11M4.5 6.5h.1M4.5 12h.1M4.5 17.5h.1"/>',
    "merge": '<path d="M6 4.5v3c0 3 6 3 6 6.5v5.5M18 4.5v3c0 3-6 3-6 6.5m-3 3 3 3 3-3"/>',
    "phone": (
        '<path d="M6 4.5h3l1.6 4-2 1.6a10.5 10.5 0 0 0 5.3 5.3l1.6-2 4 1.6v3c0 1-.8 1.6-1.8 1.5C10.6'
        ' 18.9 5.1 13.4 4.5 6.3 4.4 5.3 5 4.5 6 4.5Z"/>'
    ),
    "pin": (
        '<path d="M12 20.5c-4.2-4.6-6.3-7.8-6.3-10.5a6.3 6.3 0 0 1 12.6 0c0 2.7-2.1 5.9-6.3 10.5Z"/>'
        '<circle cx="12" cy="10" r="2.3"/>'
    ),
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "print": ('<path d="M7 9V4.5h10V9M7 16H4.5V9h15v7H17"/><path d="M7 13.5h10v6H7Z"/>'),
    "proof": (
        '<path d="M12 3.8c2.3 1.7 4.6 2.5 7.2 2.6 0 6.3-2.3 11-7.2 13.8-4.9-2.8-7.2-7.5-7.2-13.8C7.4 6.3'
        ' 9.7 5.5 12 3.8Z"/>'
        '<path d="m8.6 12 2.5 2.5 4.4-4.7"/>'
    ),
    "search": ('<circle cx="10.8" cy="10.8" r="6"/><path d="m15.3 15.3 4.7 4.7"/>'),
    "size": ('<path d="m3.5 18.5 5.5-13 5.5 13M5.4 14h7.2"/><path d="m15.5 18.5 2.7-6.5 2.8 6.5M16.5 16.3h3.5"/>'),
    "speak": ('<rect x="9" y="3.5" width="6" height="10.5" rx="3"/><path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v2.5"/>'),
    "split": (
        '<path d="M12 4.5V10c0 3.5-6 3.5-6 6.5v3M12 10c0 3.5 6 3.5 6 6.5v3m-14.5-2.5L6 19.5l2.5-2.5m7 0'
        ' 2.5 2.5 2.5-2.5"/>'
    ),
    "talk": ('<path d="M4 5.5h12v8H9l-3.5 3v-3H4Z"/><path d="M10.5 16.5H15l3.5 2.8v-2.8H20V9.5"/>'),
    "warn": ('<path d="M12 4.5 3.8 19h16.4Z"/><path d="M12 10v4.5M12 16.8v.1"/>'),
}
