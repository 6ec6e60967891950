"""What every export is made from: the nouns with printable names, cut to a profile, and their story."""

from __future__ import annotations

from dataclasses import dataclass, replace

from territo.domain.catalogue import Catalogue
from territo.domain.indicators import Comparison
from territo.domain.territory import Territory
from territo.domain.travel import TravelTimes
from territo.i18n import t
from territo.report.facts import passport
from territo.report.names import printable_catalogue, printable_comparison, printable_territory
from territo.report.profiles import Profile, for_readers, profile_of
from territo.report.story import Story, tell


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """The facts of a comparison, for one kind of readers.

    Parameters
    ----------
    comparison
        Without what the profile may not see.
    territory, catalogue, travel
        What the runs were made from, names printable.
    story
        The same, in words.
    profile
        For whom.
    """

    comparison: Comparison
    territory: Territory
    catalogue: Catalogue
    travel: TravelTimes
    story: Story
    profile: Profile

    @property
    def lang(self) -> str:
        """Language of the exports."""
        return self.story.lang

    @property
    def date(self) -> str:
        """ISO date of the results; empty where it is not known."""
        return passport(self.comparison).get("date", "")


def prepare(
    comparison: Comparison,
    territory: Territory,
    catalogue: Catalogue,
    travel: TravelTimes,
    *,
    lang: str = "fr",
    profile: str = "internal",
) -> Material:
    """Prepare the exports of a comparison.

    Raises
    ------
    InputError
        There is no such profile.
    """
    readers = profile_of(profile)
    place, services = printable_territory(territory), printable_catalogue(catalogue)
    shown = for_readers(printable_comparison(comparison), place, services, readers)
    story = tell(shown, place, services, travel, lang)
    if not readers.small_counts:
        story = replace(story, limits=(*story.limits, t("page.limits.masked", lang)))
    return Material(shown, place, services, travel, story, readers)
