"""The navigation: home, a section for each type of document, the registers.

A page shows its neighbours and the way to every register, not every document of the edition, so that
the time for a page does not grow with their number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page

from isodocs.edition import registers
from isodocs.edition.html import in_title
from isodocs.edition.links import page_path

if TYPE_CHECKING:
    from mkdocs.structure import StructureItem

    from mkdocs_isodocs.content import Site

NEIGHBOURS: Final = 12
_ALL: Final = 2 * NEIGHBOURS + 1


def as_config(site: Site) -> list[Any]:
    """The navigation in the form of mkdocs.yml."""
    edition = site.edition
    if edition is None:
        return []
    nav: list[Any] = [registers.HOME]
    for type_id, title, documents in registers.by_type(edition):
        pages = [registers.type_page_path(type_id), *(page_path(each) for each in documents)]
        nav.append({in_title(title) or type_id: pages})
    lists = [registers.MASTER_LIST]
    lists += [registers.WITHDRAWN] if edition.withdrawn else []
    lists += [registers.RULES] if edition.rules else []
    nav.append({"Registers": lists})
    if site.drafts:
        nav.append({"Drafts, not in force": sorted(site.drafts)})
    return nav


def date_pages(nav: Navigation, site: Site) -> None:
    """Give pages the day from which they are true, for the sitemap."""
    edition = site.edition
    if edition is None:
        return
    for page in nav.pages:
        document = site.documents.get(page.file.src_uri)
        since = document.effective_from if document else None
        page.update_date = (since or edition.day).isoformat()


def number_pages(nav: Navigation, site: Site) -> None:
    """Note the place of each page in its section: to look for it on every page would take n times n."""
    for section in nav.items:
        if isinstance(section, Section):
            pages = (child for child in section.children if isinstance(child, Page))
            site.places.update((child.file.src_uri, place) for place, child in enumerate(pages))


def around(page: Page, nav: Navigation, site: Site) -> Navigation:
    """The navigation as one page shows it."""
    place = site.places.get(page.file.src_uri, 0)
    items = [_around_section(item, page, place) if isinstance(item, Section) else item for item in nav.items]
    shown = Navigation(items, [nav.homepage] if nav.homepage else [])
    shown.homepage = nav.homepage
    return shown


def _around_section(section: Section, page: Page, place: int) -> Section:
    active = page.parent is section
    children = section.children
    if active and len(children) > _ALL + 1:
        first = max(1, min(place - NEIGHBOURS, len(children) - _ALL))
        children = [children[0], *children[first : first + _ALL]]
    elif not active and _begins_with_index(children):
        children = children[:1]
    made = Section(section.title, children)
    made.active = active
    return made


def _begins_with_index(children: list[StructureItem]) -> bool:
    return bool(children) and isinstance(children[0], Page) and children[0].is_index
