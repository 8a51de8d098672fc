"""The report as an RO-Crate: a Process Run Crate with one CreateAction for each step that makes files of it."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import helpers
from helpers.report.citation import citation
from helpers.structured import read_toml

KNOWN = read_toml(Path(__file__).with_name("crate.toml"))
PROFILES, CODE_LICENCE, DATA_LICENCE = (KNOWN[name] for name in ("profiles", "code_licence", "data_licence"))
REPORT = "report/"
Entity = dict[str, Any]


def crate(manifest: Mapping[str, Any], manifest_file: Path, citation_file: Path) -> Entity:
    """The content of `ro-crate-metadata.json`; modules of the package are one piece of software there.

    Args:
        manifest_file: the manifest as written, which is a part of the crate.
    """
    content = manifest_file.read_bytes()
    itself = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    files = {**manifest["files"], f"{REPORT}manifest.json": itself}
    files = {name: about for name, about in files.items() if not name.startswith("src/")}
    entities = [*_root(files, manifest, citation_file), *_files(files), *_software(manifest), *_actions(manifest)]
    return {"@context": KNOWN["context"], "@graph": entities}


def address(name: str) -> str:
    """The id of a file: relative to the report; one outside it is described, not contained."""
    return name.removeprefix(REPORT) if name.startswith(REPORT) else f"#{name}"


def _to(*ids: str) -> list[Entity]:
    return [{"@id": name} for name in ids]


def _root(files: Mapping[str, Any], manifest: Mapping[str, Any], citation_file: Path) -> Iterator[Entity]:
    cited = citation(citation_file)
    authors = {f"#author-{number}": name for number, name in enumerate(cited["authors"], start=1)}
    yield _entity("ro-crate-metadata.json", "CreativeWork", conformsTo=_to(PROFILES[0])[0], about=_to("./")[0])
    yield _entity(
        "./", "Dataset", conformsTo=_to(PROFILES[1])[0], name=cited["title"], description=cited["message"],
        datePublished=cited["date-released"], version=helpers.__version__, author=_to(*authors),
        license=_to(DATA_LICENCE[0], CODE_LICENCE[0]),
        hasPart=_to(*(address(name) for name in files if name.startswith(REPORT))),
        mentions=_to(*(f"#run-{step['name']}" for step in manifest["steps"] if _results(step))),
    )  # fmt: skip
    yield _entity(PROFILES[1], "CreativeWork", name="Process Run Crate", version="0.5")
    yield from (_entity(author, "Organization", name=name) for author, name in authors.items())
    yield from (_entity(licence, "CreativeWork", name=name) for licence, name in (DATA_LICENCE, CODE_LICENCE))


def _entity(identity: str, kind: str | list[str], **about: Any) -> Entity:
    return {"@id": identity, "@type": kind, **about}


def _files(files: Mapping[str, Any]) -> Iterator[Entity]:
    for name, about in files.items():
        notebook = name.startswith(f"{REPORT}notebooks/")
        code = notebook or name.startswith("notebooks/")
        kind = "File" if name.startswith(REPORT) else "CreativeWork"
        media, licence = (
            KNOWN["media_types"].get(Path(name).suffix, "text/plain"),
            CODE_LICENCE if code else DATA_LICENCE,
        )
        size = {"contentSize": str(about["bytes"])} if "bytes" in about else {}
        language = {"programmingLanguage": _to("#python")[0]} if notebook else {}
        yield _entity(
            address(name), [kind, "SoftwareSourceCode"] if code else kind, name=name, encodingFormat=media,
            sha256=about["sha256"], license=_to(licence[0])[0], **size, **language,
        )  # fmt: skip


def _software(manifest: Mapping[str, Any]) -> Iterator[Entity]:
    version = manifest["python"].split()[-1]
    yield _entity("#python", ["ComputerLanguage", "SoftwareApplication"], name="Python", version=version)
    for name, version in {"compute-claims": helpers.__version__, **manifest["packages"]}.items():
        yield _entity(f"#{name}", "SoftwareApplication", name=name, softwareVersion=version)


def _actions(manifest: Mapping[str, Any]) -> Iterator[Entity]:
    for step in filter(_results, manifest["steps"]):
        objects = [address(name) for name in step["reads"] if not name.startswith(("src/", "notebooks/"))]
        values = {f"#{step['name']}.{name}": (name, value) for name, value in step["parameters"].items()}
        yield _entity(
            f"#run-{step['name']}", "CreateAction", name=f"{step['name']}: {step['runs']}",
            # The notebook as it lies in the crate, or the package whose function it was.
            instrument=_to(step["runs"] if step["runs"].startswith("notebooks/") else "#compute-claims"), object=_to(*objects, *values), result=_to(*_results(step)),
            actionStatus="http://schema.org/CompletedActionStatus",
        )  # fmt: skip
        for name, (parameter, value) in values.items():
            yield _entity(name, "PropertyValue", name=parameter, value=value)


def _results(step: Mapping[str, Any]) -> list[str]:
    return [address(name) for name in step["makes"]]
