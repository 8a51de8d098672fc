"""Every source that a table names stands in the list of sources, as its licence asks."""

from helpers.ledger.tables import Tables, read_package
from helpers.paths import DATA
from helpers.report.sources import source_list


def test_every_source_of_every_table_is_listed(raw_tables: Tables) -> None:
    tables, html = raw_tables, source_list(raw_tables)
    for resource in read_package(DATA)["resources"]:
        for field in resource["schema"]["fields"]:
            if field["name"].endswith("source_id"):
                keys = {str(key) for key in tables[resource["name"]][field["name"]] if key}
                assert keys, resource["name"]
                assert not [key for key in keys if f'id="ref-{key}"' not in html], resource["name"]
    assert "Ember" in html
    assert 'id="ref-epoch2026prices"' in html
