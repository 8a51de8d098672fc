"""Checks of statements: what the sources say of a sentence that prints no figure."""

from dataclasses import replace

from helpers.language import joined, later, tr
from helpers.ledger.cases import Case, Input, input_label
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
    places = tr("; ").join(dict.fromkeys(input_label(item) for _, item in weighed[:2]))
    text = later("So say the sources: {places}")
    if surest <= Strength.WEAK and any(_praises_itself(case, i) for i in case.inputs):
        text = later("So says the maker, and nobody else: {places}")
    elif surest <= Strength.WEAK and any(i.later for i in case.inputs):
        text = later("Only press written after the article says so: {places}")
    elif surest == Strength.WEAK:
        text = later("No more than an estimate or hearsay says so: {places}")
    return Finding(holds=True, strength=surest, why=tr(text, places=places))


def _praises_itself(case: Case, item: Input) -> bool:
    """A claim that something is the first, the largest or the best, and a row that says who claims so."""
    return case.claim["kind"] == "superlative" and item.claimed


def outdated(case: Case) -> Finding:
    """A figure that was right on its day, told as the present years later."""
    shown = max(case.inputs, key=lambda i: i.strength)
    fresh = case.written - date_interval(str(shown.row["published"])).high < STALE_DAYS
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
READ = {
    "contradicted": Finding(holds=False),  # the sources say otherwise
    "partly": Finding(holds=False, partly=True, problem=Flaw.SCOPE),  # they say the same of a part only
    "silent": Finding(silent=True),  # those that should say it were looked at and do not
    # they disagree, or each decides a part only; they are listed and the verdict stays open
    "divided": Finding(why=later("The sources at hand do not decide it")),
    "wrong_unit": Finding(holds=False, problem=Flaw.UNIT, why=later("The number is right, its unit is not")),
    "unlike": Finding(holds=True, comparable=False),  # the figures are right and do not count the same thing
    # only the maker says so, of a thing that nobody else can measure; what was looked at is listed
    "maker_only": Finding(why=later("So says the maker alone, and nobody can measure it")),
}


def read_in_sources(case: Case) -> Finding:
    """What a reader found in the sources, as sure as these are."""
    found, surest = READ[case.claim["formula"]], case.strength
    wrong = found.problem or (WRONG_IN.get(case.claim["kind"], Flaw.VALUE) if found.holds is False else Flaw.NONE)
    silent = found.silent and surest > Strength.HINT
    return replace(found, strength=surest, problem=wrong, silent=silent, why=tr(found.why) if found.why else "")


def efficiency_gain(case: Case) -> Finding:
    """More parameters per petaFLOP/s-day is no gain in efficiency, whatever the tokens."""
    first, second = (find_run(case.tables, str(case.claim[c])) for c in ("system_id", "reference_id"))
    shares = [_peak_share(case.tables, run) for run in (first, second)]
    text = later(
        "No number of tokens would make it true. It would be true of the share of their chips' peak that the runs used, on 6·N·D, if what others report or assume holds: {ua:.0%} for {a}, {ub:.0%} for {b}; the makers of neither confirm it."
    )
    flip = tr(text, a=first.name, b=second.name, ua=shares[0], ub=shares[1]) if all(shares) else ""
    return gain(first, second, flip)


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
    return Finding(holds=as_printed > 1, strength=bears, comparable=False, why=joined(parts), flip=flip)


def _peak_share(tables: Tables, run: PublishedRun) -> float:
    """Share of its chips' peak that a run used on 6·N·D, as others report chips and rate; 0 where nobody does."""
    peak = peak_of(tables, run.system_id)
    rates = [row["number"] for row in known(tables, run.system_id, "throughput_per_chip") if row["number"] <= peak]
    return float(rates[0] / peak * LEAST_FLOP_PER_PARAM_TOKEN / run.implied_middle) if rates else 0.0
