import numpy as np
from ocr import edits
from ocr_pages import TEXTS, Setting, set_page, settings


class TestEdits:
    def test_what_must_be_put_in_taken_out_or_changed(self) -> None:
        assert edits("", "") == 0
        assert edits("kitten", "sitting") == 3
        assert edits("abc", "") == 3
        assert edits("", "abcd") == 4
        assert edits("the port", "the porter") == 2


class TestPages:
    def test_each_language_stands_on_four_pages(self) -> None:
        kinds = {one.kind for one in settings()}
        assert len(list(settings())) == len(TEXTS) * len(kinds) == 20

    def test_a_page_is_full_of_its_text_from_the_first_word_on(self) -> None:
        setting = Setting("Czech", 2, 50, 1.0, 10.0, "DejaVuSans.ttf")
        page = set_page(setting, TEXTS["Czech"])
        assert page.picture.size == (414, 584)
        assert page.text.startswith("Vesnice pod přehradou čeká")
        assert len(page.text) > len(" ".join(TEXTS["Czech"]))
        grey = np.asarray(page.picture)
        assert grey[150:400, 50:190].mean() < 240 < grey[:30].mean()  # print; the margin above
