"""Measures in the tables of a page: value, interval and number of questions. Pure."""

from markupsafe import Markup

from qa.evaluating.metrics import DEFINITIONS, Measure, Unit


def value(one: Measure) -> str:
    """Its value with its unit."""
    unit = DEFINITIONS[one.name].unit
    return _number(one.value, unit) + {Unit.PERCENT: "%", Unit.SECONDS: " s"}.get(unit, "")


def interval(one: Measure) -> str:
    """The ends of its interval, in the unit of its value."""
    unit = DEFINITIONS[one.name].unit
    return f"{_number(one.low, unit)} to {_number(one.high, unit)}"


def cell(name: str, one: Measure | None) -> Markup:
    """A table's cell; `name` stands before it where a phone has no room for heads."""
    told = Markup("–")
    if one:
        told = Markup(
            '{}<br><span class="quiet">{}</span> <span class="quiet">n = {}</span>'
        ).format(value(one), interval(one), one.count)
    return Markup('<td class="number" data-name="{}"><div>{}</div></td>').format(name, told)


def breakable(name: str) -> Markup:
    """A measure's name that may be broken at its underscores."""
    return Markup("_<wbr>").join(name.split("_"))


def _number(value: float, unit: Unit) -> str:
    match unit:
        case Unit.PERCENT:
            return f"{100 * value:.0f}" if value in (0, 1) else f"{100 * value:.1f}"
        case Unit.SECONDS:
            return f"{value:.2f}" if value < 10 else f"{value:.1f}"
        case Unit.TOKENS:
            return f"{value:.0f}"
        case Unit.RECIPROCAL | Unit.PLAIN:
            return f"{value:.3f}"
