"""What the data doctor says, as HTML: each check, its choice, and rows before and after. Pure: data in, markup out."""

from collections.abc import Iterable, Sequence

from core.data.cleaners import CLEANERS
from core.data.cleaners.base import Cleaner
from core.data.cleaning import CleaningReport, Finding
from core.data.differences import RowChange
from core.data.rules import RULE_PRESETS, Rule
from ui.markup import Markup, div, join, tag
from ui.pieces import action_button, badge, empty_state
from ui.tabs.data_diff import UNLIKE, noted_html, pair_html, place_of
from ui.tabs.data_views import check_name
from ui.words import Words

MOST_RULE_LETTERS = 120

Rows = dict[str, tuple[RowChange, ...]]  # by check, the rows that are shown


def checks_html(words: Words, report: CleaningReport, rows: Rows) -> Markup:
    """The checks that found something, those to decide first; then those that found nothing."""
    found = [finding for finding in report.findings if finding.count]
    open_ones = [finding for finding in found if finding.action == "keep"]
    settled = [finding for finding in found if finding.action != "keep"]
    return join(
        None if found else empty_state(words("data.check.none"), words("data.check.none.text")),
        _group(words, "look", open_ones, rows),
        _group(words, "settled", settled, rows),
        quiet_html(words, report),
    )


def _group(words: Words, name: str, findings: Sequence[Finding], rows: Rows) -> Markup | None:
    if not findings:
        return None
    checks = (check_html(words, finding, rows.get(finding.check, ())) for finding in findings)
    title, note = words(f"data.group.{name}"), words(f"data.group.{name}.help")
    return tag("section", tag("h3", title), tag("p", note, class_="note"), *checks, class_="checks")


def check_html(words: Words, finding: Finding, rows: Sequence[RowChange]) -> Markup:
    """One check: what it found, what it is, what to do about it, and some of its rows."""
    cleaner = CLEANERS.get(finding.check)
    name = check_name(words, finding.check)
    head = div("check-head", tag("h4", name), badge(words.count("data.check.found", finding.count), "count"))
    return div(
        "check",
        head,
        tag("p", words.core(f"cleaner.{finding.check}.help", cleaner.help), class_="note"),
        choice_html(words, cleaner, finding, name),
        div("check-foot", tag("span", outcome(words, finding), class_="note"), *_buttons(words, finding, rows)),
        rows_html(words, finding, rows) if rows else None,
        id=f"check-{finding.check}",
    )


def choice_html(words: Words, cleaner: Cleaner, finding: Finding, name: str) -> Markup:
    """What can be done about the finds; the one that is chosen is marked."""
    options = (
        tag(
            "label",
            tag(
                "input",
                type="radio",
                name=f"act-{finding.check}",
                id=f"fix-{finding.check}-{action}",
                data_action="act",
                data_value=f"{finding.check} {action}",
                checked=action == finding.action,
            ),
            tag("span", action_name(words, finding.check, action)),
        )
        for action in cleaner.actions
    )
    return tag(
        "fieldset",
        tag("legend", words("data.act", name=name), class_="for-readers"),
        *options,
        class_="segments",
        id=f"fix-{finding.check}",
    )


def action_name(words: Words, check: str, action: str) -> str:
    """An action in plain words; some checks have words of their own for it."""
    own = f"data.act.{action}.{check}"
    return words(own if own in words.texts else f"data.act.{action}")


def outcome(words: Words, finding: Finding) -> str:
    """What was done to the rows."""
    if finding.action == "keep":
        return words("data.outcome.kept")
    counted = (("changed", finding.num_changed), ("dropped", finding.num_dropped))
    return words("list.comma").join(words.count(f"data.outcome.{name}", count) for name, count in counted if count)


def _buttons(words: Words, finding: Finding, rows: Sequence[RowChange]) -> Iterable[Markup]:
    name = check_name(words, finding.check)
    shown = "hide" if rows else "rows"
    text = words("data.rows.hide" if rows else "data.rows.show")
    yield tag(
        "button",
        text,
        type="button",
        class_="link",
        id=f"rows-{finding.check}",
        data_action=shown,
        data_value=finding.check,
        aria_expanded="true" if rows else "false",
        aria_label=words("data.rows.of", text=text, name=name),
    )
    if finding.num_dropped < finding.count:
        label = words("data.rows.of", text=words("data.rows.review"), name=name)
        yield action_button(words("data.rows.review"), "review", finding.check, label=label)


def rows_html(words: Words, finding: Finding, rows: Sequence[RowChange]) -> Markup:
    """Some rows, and the way to more."""
    left = finding.count - len(rows)
    more = (
        action_button(words("data.rows.more", count=f"{left:,}"), "more", finding.check) if left > 0 and rows else None
    )
    return div("rows", *(change_html(words, finding.check, change) for change in rows), more)


def change_html(words: Words, check: str, change: RowChange) -> Markup:
    """One row: before and after, or beside the one it belongs with, or with the place that is meant."""
    where = tag("p", words("data.row", row=f"{change.row + 1:,}"), class_="note")
    if change.other is not None:
        other = f"data.other_row.{check}"
        titles = words("data.this_row"), words(other if other in words.texts else "data.other_row")
        body = pair_html(words, change.before, change.other, titles, UNLIKE)
    elif change.after is not None and change.after != change.before:
        after = words("data.after" if change.is_done else "data.proposed")
        body = pair_html(words, change.before, change.after, (words("data.before"), after))
    else:
        body = noted_html(words, change.before, change.note)
    texts = [turn.content for turn in change.before.messages]
    said = change.note and not any(place_of(change.note) in text for text in texts)
    note = tag("p", words("data.found", note=change.note), class_="note") if said else None
    gone = tag("p", words("data.left_out"), class_="lost") if change.after is None and change.is_done else None
    return div("row-change", where, note, body, gone)


def quiet_html(words: Words, report: CleaningReport) -> Markup | None:
    """The checks that found nothing."""
    quiet = [check_name(words, finding.check) for finding in report.findings if not finding.count]
    if not quiet:
        return None
    return tag("p", words("data.nothing_found", checks=words("list.comma").join(quiet)), class_="note")


# A person's own rules ---------------------------------------------------------------------------------------------


def rules_html(words: Words, rules: Sequence[Rule]) -> Markup:
    """The rules that hold, each with a way to take it back; those of a preset as one."""
    if not rules:
        return tag("p", words("data.rules.none"), class_="note")
    shown, left = list[Markup](), list(rules)
    for preset in RULE_PRESETS:
        if set(preset.rules) <= set(left):
            left = [rule for rule in left if rule not in preset.rules]
            label = words.core(f"rule_preset.{preset.name}.label", preset.label)
            help = words.core(f"rule_preset.{preset.name}.help", preset.help)
            shown.append(
                _rule_item(words, tag("span", tag("strong", label), " ", help), f"preset {preset.name}", label)
            )
    for rule in left:
        shown.append(_rule_item(words, tag("span", rule_text(words, rule)), f"rule {rules.index(rule)}", rule.text))
    return tag("ul", *shown, class_="rules")


def rule_text(words: Words, rule: Rule) -> Markup:
    """A rule as a sentence; what is looked for in its own type."""
    lines = [line.strip() for line in rule.text.splitlines() if line.strip()]
    text = words("data.rule.or").join(lines)
    short = text if len(text) <= MOST_RULE_LETTERS else f"{text[:MOST_RULE_LETTERS]}…"
    return join(words(f"data.rule.{rule.kind}"), " ", tag("code", short))


def _rule_item(words: Words, text: Markup, value: str, name: str) -> Markup:
    label = words("data.rules.remove.of", name=name[:MOST_RULE_LETTERS])
    return tag("li", text, action_button(words("data.rules.remove"), "forget", value, label=label))
