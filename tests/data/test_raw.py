"""Which columns a raw row has, and what stands for a missing value in them."""

from __future__ import annotations

from pathlib import Path

from bpviz import read_table, train
from bpviz.data.raw import raw_columns
from bpviz.data.settings import DataSettings
from bpviz.model.fitting import suited
from bpviz.model.templates import fitted_project

TEXT = "region,size,y\n" + "".join(
    f"{region},{at},{at % 2}\n" for at, region in enumerate(["eu", "NA", "as", "unknown"] * 3)
)


def test_words_that_were_said_to_be_missing_are_so_in_raw_rows_too(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(TEXT)
    for said, missing, values in (
        ("unknown", {"unknown", "n/a"}, {"NA", "as", "eu"}),
        ("none", {"n/a"}, {"NA", "as", "eu", "unknown"}),
    ):
        table = read_table(path, gaps={"region": said}).table
        data = suited(
            DataSettings(
                source="table", table=table, targets=("y",), uses=(("region", "category"),), drop_missing=True
            )
        )
        region, size = raw_columns(data, train(fitted_project(data), epochs=1).prepared)
        assert missing <= set(region.missing)
        assert not values & set(region.missing)
        assert set(region.levels) == values
        assert (size.name, size.words, size.missing) == ("size", False, ())
