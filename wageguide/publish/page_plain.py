"""The tables as plain HTML, for browsers that run no scripts."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from wageguide.publish.labels import heading, word
from wageguide.publish.text import visible
from wageguide.publish.workbook_words import hidden_grades, missing_word

if TYPE_CHECKING:
    from wageguide.publish.edition import Edition
    from wageguide.publish.tables import PriceTable


def plain_tables(edition: Edition, style: str) -> str:
    """One page with the tables of one key: names, workers and figures."""
    lang = edition.lang
    title = _text(f"{edition.text('place')} {edition.year} {edition.text('title')}")
    parts = [
        f'<!doctype html>\n<html lang="{"zh-CN" if lang == "zh" else "en"}">',
        '<head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<title>{title}</title><link rel="stylesheet" href="{style}"></head>',
        f"<body><main><h1>{title}</h1><p>{_text(edition.text('notice'))}</p>",
        *(_table(t, edition) for t in edition.tables if len(t.settings.by) == 1),
        "</main></body></html>\n",
    ]
    return "\n".join(parts)


def _table(table: PriceTable, edition: Edition) -> str:
    import pandas as pd

    lang, hidden = edition.lang, hidden_grades(edition)
    columns = [*table.labels, "workers", *table.figures]
    heads = "".join(
        f'<th scope="col">{_text(heading(c, edition.plan.scheme, lang))}</th>' for c in columns
    )
    rows = []
    for row in table.frame.to_dict("records"):
        cells = [
            f'<th scope="row">{_text(str(row[c] or ""))}</th>' if c in table.labels[1:] else
            f"<td>{_text(str(row[c] or ''))}</td>"
            for c in table.labels
        ]  # fmt: skip
        for column in columns[len(table.labels) :]:
            value = row[column]
            if not pd.isna(value):
                shown = f"{int(value):,}"
            elif column == "workers":
                shown = word("confidential", lang)
            else:
                shown = missing_word(row["mark"], row[f"grade_{column}"], hidden, lang)
            cells.append(f'<td class="number">{_text(shown)}</td>')
        rows.append(f"<tr>{''.join(cells)}</tr>")
    body = "\n".join(rows)
    return (
        f'<div class="scroll"><table><caption>{_text(table.title(lang))}</caption>'
        f"<thead><tr>{heads}</tr></thead>\n<tbody>{body}</tbody></table></div>"
    )


def _text(text: str) -> str:
    return escape(visible(text).replace("\n", " "), quote=True)
