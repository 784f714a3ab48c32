"""The home page is arranged by officers, block by block."""

import threading

import pytest

from pages import blocks
from pages.models import Block
from tenants.context import TenantExecutor, in_tenant

DEFAULT = ["banner", "collection", "collection", "story"]


def kinds():
    return [block.kind for block in blocks.everything()]


def key(place):
    return blocks.key(blocks.everything()[place])


@pytest.mark.django_db
class TestArranging:
    def test_a_new_shop_has_a_home_page_without_any_row(self, kopi):
        assert kinds() == DEFAULT
        assert Block.objects.count() == 0

    def test_the_first_change_writes_down_what_was_there(self, kopi):
        blocks.add(kind="text")
        assert kinds() == [*DEFAULT, "text"]
        assert list(Block.objects.order_by("position").values_list("position", flat=True)) == [0, 1, 2, 3, 4]

    def test_a_block_of_the_first_day_is_known_by_its_place(self, kopi):
        blocks.move(key=key(3), up=True)
        assert kinds() == ["banner", "collection", "story", "collection"]

    def test_up_and_down_end_at_the_ends(self, kopi):
        blocks.add(kind="map")
        blocks.move(key=key(0), up=True)
        blocks.move(key=key(4), up=False)
        assert kinds() == [*DEFAULT, "map"]
        blocks.move(key=key(4), up=True)
        blocks.move(key=key(0), up=False)
        assert kinds() == ["collection", "banner", "collection", "map", "story"]

    def test_a_hidden_block_keeps_its_place_and_is_not_on_the_page(self, kopi):
        blocks.show(key=key(1), is_shown=False)
        assert kinds() == DEFAULT
        assert len(blocks.on_home()) == 3
        blocks.show(key=key(1), is_shown=True)
        assert len(blocks.on_home()) == 4

    def test_what_is_removed_is_gone_and_the_rest_closes_up(self, kopi):
        blocks.remove(key=key(0), cooperative=kopi)
        assert kinds() == DEFAULT[1:]
        assert list(Block.objects.order_by("position").values_list("position", flat=True)) == [0, 1, 2]

    def test_the_last_one_leaves_an_empty_banner_not_the_first_days_page(self, kopi):
        for _block in DEFAULT:
            blocks.remove(key=key(0), cooperative=kopi)
        assert kinds() == ["banner"]

    def test_starting_again_is_the_first_day(self, kopi):
        blocks.add(kind="text")
        blocks.start_again(cooperative=kopi)
        assert (kinds(), Block.objects.count()) == (DEFAULT, 0)

    def test_there_is_an_end_to_blocks(self, kopi):
        for _number in range(blocks.MOST_BLOCKS - len(DEFAULT)):
            blocks.add(kind="text")
        with pytest.raises(blocks.TooMany):
            blocks.add(kind="text")
        assert Block.objects.count() == blocks.MOST_BLOCKS

    def test_what_a_block_says_is_kept_and_what_is_empty_is_not(self, kopi):
        said = {"title_id": "Panen", "title_en": "", "text_id": "Oktober."}
        written = blocks.write(key=key(3), content=said, cooperative=kopi)
        assert written.content == {"title_id": "Panen", "text_id": "Oktober."}

    def test_a_block_says_only_what_its_kind_says(self, kopi):
        blocks.add(kind="text")
        with pytest.raises(TypeError, match="picture"):
            blocks.write(key=key(4), content={"picture": "x"}, cooperative=kopi)
        assert blocks.everything()[4].content == {}

    @pytest.mark.parametrize("gone", ["0", "999999", "awal-0", "awal-9", "x", ""])
    def test_one_that_is_gone_is_said_to_be(self, kopi, gone):
        blocks.add(kind="text")
        before = list(Block.objects.order_by("pk").values())
        for act in (
            lambda: blocks.move(key=gone, up=True),
            lambda: blocks.show(key=gone, is_shown=False),
            lambda: blocks.remove(key=gone, cooperative=kopi),
            lambda: blocks.write(key=gone, content={}, cooperative=kopi),
            lambda: blocks.found(gone),
        ):
            with pytest.raises(blocks.Gone):
                act()
        assert list(Block.objects.order_by("pk").values()) == before

    def test_no_other_kind_is_added(self, kopi):
        with pytest.raises(ValueError, match="html"):
            blocks.add(kind="html")
        assert Block.objects.count() == 0


def test_of_officers_who_begin_at_once_each_finds_the_others_work(own_cooperative, django_db_blocker):
    barrier = threading.Barrier(4)

    def add() -> None:
        barrier.wait(timeout=30)
        blocks.add(kind="text")

    with django_db_blocker.unblock(), in_tenant(own_cooperative):
        with TenantExecutor(max_workers=4) as officers:
            for done in [officers.submit(add) for _officer in range(4)]:
                done.result(timeout=30)
        assert kinds() == [*DEFAULT, "text", "text", "text", "text"]
        positions = list(Block.objects.order_by("position").values_list("position", flat=True))
    assert positions == list(range(8))
