"""The engines by name: one that is not there is named, one that is there opens."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from catalogue.errors import SettingsError
from catalogue.search.engines import ENGINES, open_engine
from catalogue.settings import Settings
from tests.conftest import document, plan


@pytest.mark.parametrize("index", ["solr:x", "https://search.example"])
def test_an_engine_that_is_not_there_is_named(index: str) -> None:
    settings = Settings(index=index)
    with pytest.raises(SettingsError, match=f"“{index.partition(':')[0].replace('+', '.')}” is not an engine"):
        open_engine(settings)


@pytest.mark.parametrize("scheme", sorted(ENGINES))
def test_an_engine_opens_in_a_folder_that_is_not_there_yet(scheme: str, tmp_path: Path) -> None:
    with closing(open_engine(Settings(index=f"{scheme}:{tmp_path / 'new'}"))) as engine:
        engine.rebuild([document("a", title_fr="Devenir infirmier")])
        assert [hit.id for hit in engine.search(plan("infirmier")).hits] == ["a"]
