"""For the real documents: an `llms.txt` written from the emitted code by other means, read back, says what it says."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from corpus import corpus, folder

from docs.writer import write_llms
from generator.docs.compare.descriptions import compare
from generator.docs.compare.disagreements import Facet
from generator.docs.emitted.package import imported
from generator.docs.pages.llms import read_llms

if TYPE_CHECKING:
    from collections.abc import Sequence

EVERY = 9
pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> corpus.Made:
    return corpus.make(corpus.shared_between_workers(tmp_path_factory.getbasetemp()) / "corpus")


def compared(made: corpus.Made, ids: Sequence[str]) -> Counter[Facet]:
    """How much was compared; nothing of it disagrees."""
    counts: Counter[Facet] = Counter()
    wrong: list[str] = []
    with imported(made.package) as package:
        for endpoint in ids:
            text = write_llms(made.package, endpoint, package.endpoints[endpoint][0])
            reading = read_llms(text)
            description, contradictions = package.describe(endpoint)
            comparison = compare(reading.description, description)
            wrong += [f"{endpoint}: {one}" for one in (*reading.problems, *contradictions, *comparison.disagreements)]
            counts += comparison.compared
    assert not wrong, "\n".join(wrong[:20])
    return counts


def test_some_of_the_corpus(made: corpus.Made) -> None:
    counts = compared(made, list(corpus.documents())[::EVERY])
    assert set(counts) == set(Facet) - {Facet.NESTED}
    assert counts.total() > (2_000 if folder.IS_HERE else 300)


def test_the_whole_corpus(made: corpus.Made) -> None:
    counts = compared(made, list(corpus.documents()))
    assert counts[Facet.FIELDS] > (3_500 if folder.IS_HERE else 400)
    assert counts.total() > (25_000 if folder.IS_HERE else 2_000)


def test_the_writer_does_not_make_it_up(made: corpus.Made) -> None:
    """One thing changed in what is written is one thing that disagrees."""
    endpoint = "fal-ai/flux-1/schnell"
    with imported(made.package) as package:
        text = write_llms(made.package, endpoint, package.endpoints[endpoint][0])
        for old, new in [("`1` to `12`", "`1` to `13`"), ("- Default: `4`", "- Default: `5`"), ("`seed`", "`sead`")]:
            assert old in text
            reading = read_llms(text.replace(old, new))
            found = compare(reading.description, package.describe(endpoint)[0]).disagreements
            assert found or reading.problems
