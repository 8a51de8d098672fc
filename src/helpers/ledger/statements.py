"""Checks of statements: what the sources say of a sentence that prints no figure."""

from collections.abc import Callable
from dataclasses import replace

from helpers.language import joined, later, tr
from helpers.ledger.cases import Case, Input, label
from helpers.ledger.evidence import known
from helpers.ledger.intervals import Interval, date_interval
from helpers.ledger.system_runs import LEAST_FLOP_PER_PARAM_TOKEN, PublishedRun, find_run, peak_of
from helpers.ledger.tables import Tables
from helpers.ledger.verdicts import Finding, Flaw, Strength

STALE_DAYS = 2 * 365  # from then on a survey's figure is no longer the present


def supported(case: Case) -> Finding:
    """The sources say the same; press written later is no support, and nor is a maker's word on its own rank."""
    weak = [i.later or _praises_itself(case, i) for i in case.inputs]  # later press may have it from the article
    own = [min(i.strength, Strength.WEAK) if low else i.strength for low, i in zip(weak, case.inputs, strict=True)]
    weighed = sorted(zip(own, case.inputs, strict=True), key=lambda w: -w[0])
    surest = weighed[0][0] if weighed else Strength.HINT
    places = tr("; ").join(dict.fromkeys(label(item) for _, item in weighed[:2]))
    if surest > Strength.WEAK:
        text = later("So say the sources: {places}")
    elif any(_praises_itself(case, i) for i in case.inputs):
        text = later("So says the maker, and nobody else: {places}")
    elif any(i.later for i in case.inputs):
        text = later("Only press written after the article says so: {places}")
    elif surest == Strength.WEAK:
        text = later("No more than an estimate or hearsay says so: {places}")
    else:
        text = later("So say the sources: {places}")
    return Finding(holds=True, strength=surest, why=tr(text, places=places))


def _praises_itself(case: Case, item: Input) -> bool:
    """A claim that something is the first, the largest or the best, and a row that says who claims so."""
    return case.claim["kind"] == "superlative" and item.claimed


def outdated(case: Case) -> Finding:
    """A figure that was right on its day, told as the present years later."""
    shown = max(case.inputs, key=lambda i: i.strength)
    then, now = (date_interval(str(day)).high for day in (shown.row["published"], case.article["published"]))
    fresh = now - then < STALE_DAYS
    why = "" if fresh else tr("Right for {day}, and told as the present", day=shown.row["published"])
    return Finding((), True, case.strength, fresh, Flaw.DATE, why=why)


def listed(case: Case) -> Finding:
    """A count of things that the article itself lists; `counts` holds their names, with | between them."""
    names = [name for name in str(case.claim["counts"]).split("|") if name]
    holds = Interval(case.claim["low"], case.claim["high"]).overlaps(Interval(len(names), len(names)))
    why = tr("The article itself lists {n}", n=len(names))
    return Finding(holds=holds, strength=Strength.FAIR, problem=Flaw.VALUE, why=why)


WRONG_IN = {"attribution": Flaw.ATTRIBUTION, "comparison": Flaw.COMPARABILITY, "date": Flaw.DATE}  # by kind of claim

# What a reader of the sources found, by the name of the check.
READ: dict[str, Callable[[Case], Finding]] = {
    # the sources say otherwise
    "contradicted": lambda case: Finding(
        holds=False, strength=case.strength, problem=WRONG_IN.get(case.claim["kind"], Flaw.VALUE)
    ),
    # they say the same of a part only
    "partly": lambda case: Finding(holds=False, strength=case.strength, partly=True, problem=Flaw.SCOPE),
    # those that should say it were looked at and do not
    "silent": lambda case: Finding(silent=case.strength > Strength.HINT, strength=case.strength),
    # they disagree, or each decides a part only; they are listed and the verdict stays open
    "divided": lambda case: Finding(strength=case.strength, why=tr("The sources at hand do not decide it")),
    # the number is right, the unit beside it is not
    "wrong_unit": lambda case: Finding(
        holds=False, strength=case.strength, problem=Flaw.UNIT, why=tr("The number is right, its unit is not")
    ),
    # the figures are right and do not count the same thing
    "unlike": lambda case: Finding(holds=True, strength=case.strength, comparable=False),
    # only the maker says so, of a thing that nobody else can measure; what was looked at is listed
    "maker_only": lambda case: Finding(
        strength=case.strength, why=tr("So says the maker alone, and nobody can measure it")
    ),
}


def efficiency_gain(case: Case) -> Finding:
    """More parameters per petaFLOP/s-day is no gain in efficiency, whatever the tokens."""
    first, second = (find_run(case.tables, str(case.claim[c])) for c in ("system_id", "reference_id"))
    shares = [_peak_share(case.tables, run) for run in (first, second)]
    return gain(first, second, flip=_flip(first, second, shares) if all(shares) else "")


def gain(first: PublishedRun, second: PublishedRun, flip: str = "") -> Finding:
    """Whether the first run has more parameters per petaFLOP/s-day, which says how few tokens a parameter read."""
    as_printed = (first.params.middle / first.flop.middle) / (second.params.middle / second.flop.middle)
    if first.convention == second.convention:
        counted = later("Both figures count {ka:.2f} FLOP per parameter and token.")
    else:
        counted = later("But its figure counts {ka:.2f} FLOP per parameter and token, {b}'s {kb:.2f}.")
    names = {"a": first.name, "b": second.name, "ka": first.implied_middle, "kb": second.implied_middle}
    parts = [
        tr("As printed, {a} has {gain:.2f} times the parameters per PD", a=first.name, gain=as_printed),
        tr(counted, **names),
        tr("Parameters per PD rise when fewer tokens are read: they are no measure of efficiency"),
    ]
    bears = min(first.strength, second.strength)
    unlike = Finding(holds=as_printed > 1, strength=bears, comparable=False, flip=flip)
    return replace(unlike, why=joined(parts))


def _peak_share(tables: Tables, run: PublishedRun) -> float:
    """Share of its chips' peak that a run used on 6·N·D, as others report chips and rate; 0 where nobody does."""
    peak = peak_of(tables, run.system_id)
    rates = [row["number"] for row in known(tables, run.system_id, "throughput_per_chip") if row["number"] <= peak]
    return float(rates[0] / peak * LEAST_FLOP_PER_PARAM_TOKEN / run.implied_middle) if rates else 0.0


def _flip(first: PublishedRun, second: PublishedRun, shares: list[float]) -> str:
    return tr(
        "No number of tokens would make it true. It would be true of the share of their chips' peak that the runs used, on 6·N·D, if what others report or assume holds: {ua:.0%} for {a}, {ub:.0%} for {b}; the makers of neither confirm it.",
        a=first.name, b=second.name, ua=shares[0], ub=shares[1],
    )  # fmt: skip
