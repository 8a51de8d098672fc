"""Manifest and RO-Crate of a real build: every file with its hash, every result with its origin, nothing of the machine."""

import hashlib
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from helpers import __version__
from helpers.build.steps import APART
from helpers.paths import DATA, NOTEBOOKS, PROJECT
from helpers.report.crate import PROFILES, citation
from helpers.versions import locked_versions
from tests.build.test_publish import tree

RECORDS = {"report/manifest.json", "report/ro-crate-metadata.json"}


@pytest.fixture(scope="module")
def manifest(built: Path) -> dict[str, Any]:
    return json.loads((built / "report" / "manifest.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def crate(built: Path) -> dict[str, Any]:
    return json.loads((built / "report" / "ro-crate-metadata.json").read_text(encoding="utf-8"))


def about(content: bytes) -> dict[str, Any]:
    return {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def provenance(told: dict[str, Any], name: str) -> dict[str, Any]:
    """The step that has made a figure or table."""
    return next(step for step in told["steps"] if f"report/data/{name}.csv" in step["makes"])


def test_every_output_is_listed_with_its_hash(built: Path, manifest: dict[str, Any]) -> None:
    made = {f"{part}/{n}": about(c) for part in ("report", "data/processed") for n, c in tree(built / part).items()}
    listed = {n: a for n, a in manifest["files"].items() if n.startswith(("report/", "data/processed/"))}
    assert listed == {name: made[name] for name in made if name not in RECORDS}


def test_every_input_is_listed_with_its_hash(manifest: dict[str, Any]) -> None:
    inputs = {n: a for n, a in manifest["files"].items() if not n.startswith(("report/", "data/processed/"))}
    assert {name: about((PROJECT / name).read_bytes()) for name in inputs} == inputs
    tables = {f"data/raw/{path.name}" for path in (DATA / "raw").iterdir()}
    notebooks = {f"notebooks/{path.name}" for path in NOTEBOOKS.glob("*.ipynb") if path.stem not in APART}
    modules = {"src/helpers/notebook.py", "src/helpers/report/page.py", "src/helpers/report/templates/page.css"}
    assert tables | notebooks | modules | {"requirements.lock", "data/datapackage.json"} <= set(inputs)


def test_every_notebook_is_a_step_with_its_parameters(manifest: dict[str, Any]) -> None:
    steps = {step["name"]: step for step in manifest["steps"]}
    shown = {f"notebooks/{path.name}" for path in NOTEBOOKS.glob("*.ipynb") if path.stem not in APART}
    assert shown <= {step["runs"] for step in steps.values()}
    assert steps["01_dataset"]["parameters"] == {"data_dir": "data", "out_dir": "report/data"}
    assert steps["01_dataset"]["makes"][0].startswith("data/processed/")
    assert "data/raw/claims.csv" in steps["01_dataset"]["reads"]
    assert "data/processed/claims.parquet" in steps["00_summary"]["reads"]
    assert steps["index.html"]["makes"] == ["report/index.html"]


def test_versions_are_those_of_the_lock_and_of_python_without_its_patch_level(manifest: dict[str, Any]) -> None:
    lock = (PROJECT / "requirements.lock").read_text(encoding="utf-8")
    assert manifest["python"] == f"{sys.implementation.name} {sys.version_info.major}.{sys.version_info.minor}"
    assert f"\npandas=={manifest['packages']['pandas']}" in lock
    assert {"numpy", "pandas", "matplotlib", "papermill", "nbconvert"} <= set(manifest["packages"])


def test_records_say_nothing_of_machine_and_time(built: Path) -> None:
    for name in RECORDS:
        text = (built / name).read_text(encoding="utf-8")
        assert not re.search(r"\d{4}-\d{2}-\d{2}T|\d{2}:\d{2}:\d{2}", text)
        for place in (str(PROJECT), str(built), str(Path.home()) + "/", "/tmp/", f'"{os.uname().nodename}"'):
            assert place not in text, place


def test_figure_leads_to_its_notebook_its_inputs_and_the_hash_of_its_data(
    built: Path, manifest: dict[str, Any]
) -> None:
    found = provenance(manifest, "answer")
    assert found["runs"] == "notebooks/00_summary.ipynb"
    assert {"data/processed/evidence.parquet", "data/raw/claims.csv", "requirements.lock"} <= set(found["reads"])
    assert manifest["files"]["report/data/answer.csv"] == about((built / "report" / "data" / "answer.csv").read_bytes())


def test_every_figure_and_table_of_the_page_names_its_origin(built: Path, manifest: dict[str, Any]) -> None:
    page = (built / "report" / "reference.html").read_text(encoding="utf-8")
    figures = re.findall(
        r'<figure class="(?:drawing|table)" id="(?:fig|table)-([^"]+)">(.*?)</figure>', page, flags=re.S
    )
    assert len(figures) > 20
    for name, content in figures:
        notebook = Path(provenance(manifest, name)["runs"]).name
        assert f'data-sha256="{manifest["files"][f"report/data/{name}.csv"]["sha256"]}"' in content, name
        assert f'<a href="notebooks/{notebook}">' in content, name
        assert f"report/notebooks/{notebook}" in manifest["files"]


# RO-Crate -------------------------------------------------------------------------------------------------------------


def references(value: Any) -> set[str]:
    if isinstance(value, list):
        return set().union(*map(references, value))
    if not isinstance(value, dict):
        return set()
    own = {value["@id"]} if set(value) == {"@id"} else set()
    return own.union(*map(references, value.values()))


def test_crate_describes_itself_and_its_root(crate: dict[str, Any]) -> None:
    entities = {entity["@id"]: entity for entity in crate["@graph"]}
    assert entities["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    assert entities["ro-crate-metadata.json"]["conformsTo"] == {"@id": PROFILES[0]}
    root = entities["./"]
    assert root["name"] == citation()["title"]
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", root["datePublished"])
    assert [entities[author["@id"]]["name"] for author in root["author"]] == ["The Compute Claims authors"]
    assert {entities[licence["@id"]]["name"] for licence in root["license"]} >= {"MIT License"}


def test_ids_are_unique_and_every_reference_is_described(crate: dict[str, Any]) -> None:
    ids = [entity["@id"] for entity in crate["@graph"]]
    assert len(ids) == len(set(ids))
    assert references(crate) - set(ids) == {PROFILES[0]}
    assert not [name for name in ids if " " in name]


def test_files_of_the_crate_are_there_and_have_their_hash(crate: dict[str, Any], built: Path) -> None:
    entities = {entity["@id"]: entity for entity in crate["@graph"]}
    parts = [part["@id"] for part in entities["./"]["hasPart"]]
    assert {f"report/{part}" for part in parts} | {"report/ro-crate-metadata.json"} == {
        f"report/{name}" for name in tree(built / "report")
    }
    for part in parts:
        content = (built / "report" / part).read_bytes()
        assert "File" in entities[part]["@type"]
        assert entities[part]["sha256"] == about(content)["sha256"]
        assert entities[part]["contentSize"] == str(len(content))


def test_every_notebook_that_made_something_is_an_action(crate: dict[str, Any], manifest: dict[str, Any]) -> None:
    actions = {e["@id"]: e for e in crate["@graph"] if e["@type"] == "CreateAction"}
    assert set(actions) == {f"#run-{step['name']}" for step in manifest["steps"] if step["makes"]}
    action = actions["#run-00_summary"]
    assert action["instrument"] == [{"@id": "notebooks/00_summary.ipynb"}]
    assert {"@id": "#data/processed/evidence.parquet"} in action["object"]
    assert {"@id": "data/answer.csv"} in action["result"]
    values = {e["name"]: e["value"] for e in crate["@graph"] if re.match(r"#00_summary\.(?!zh\.)", e["@id"])}
    assert values == {"data_dir": "data", "out_dir": "report/data"}


def test_software_has_its_version(crate: dict[str, Any], manifest: dict[str, Any]) -> None:
    software = {e["name"]: e.get("softwareVersion") for e in crate["@graph"] if e["@type"] == "SoftwareApplication"}
    assert software == {"compute-claims": __version__, **manifest["packages"]}


# Versions -------------------------------------------------------------------------------------------------------------


def test_versions_for_this_python_only_and_of_the_projects_own_packages(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\ndependencies = ["numpy>=2.0", "Papermill", "gone"]\n')
    (tmp_path / "requirements.lock").write_text(
        "numpy==2.0.1 ; python_full_version < '3' \\\n    --hash=sha256:00\n"
        "numpy==2.4.6 ; python_full_version >= '3' \\\n    --hash=sha256:01\n"
        "papermill==2.7.0 \\\n    --hash=sha256:02\nother==1.0\n"
    )
    assert locked_versions(tmp_path) == {"numpy": "2.4.6", "papermill": "2.7.0"}
    assert locked_versions(tmp_path / "nowhere") == {}
