"""Pages set for `bench/ocr.py`: text in five languages, printed, scanned a little askew, noisy.

The same seed gives the same pixels. The fonts are those that matplotlib brings.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
import numpy as np
from PIL import Image, ImageDraw, ImageFont

PAGE_INCHES = (8.27, 11.69)
MARGIN_INCHES = 0.9
GUTTER_INCHES = 0.3
SIZE_POINTS = 10.5
LEADING = 1.3
SEED = 7

SERIF, SANS = "STIXGeneral.ttf", "DejaVuSans.ttf"

TEXTS = {
    "English": (
        "The harbour board met on Tuesday evening to decide whether the old grain quay should be"
        " let to a ferry company for another twenty years. Members had been given the accounts"
        " only that morning, and two of them asked for the vote to be put off.",
        "“We were told in March that dredging would cost £1.4 million,” said the treasurer, Agnes"
        " Whitlow. “It is now nearer £2.6 million, and nobody can say who pays the difference.”",
        "The company carried 312,480 passengers last year, 7% fewer than in 2019, and has asked"
        " for a discount on its dues until 2031. A decision is expected on 14 May at the earliest.",
    ),
    "German": (
        "Die Stadtwerke wollen die Brücke über den Mühlgraben bis zum Spätherbst sperren. Fußgänger"
        " dürfen sie während der Bauarbeiten weiter benutzen, für Lastwagen über 7,5 Tonnen gilt"
        " eine Umleitung durch die Königsstraße.",
        "Bürgermeisterin Süß sprach von einer „zumutbaren Lösung“; die Händler in der Altstadt"
        " befürchten dagegen Einbußen von bis zu 40 Prozent. Ob das Land einen Zuschuss gewährt,"
        " entscheidet sich frühestens im März.",
        "Geprüft wird außerdem, ob die alten Gewölbe aus dem Jahr 1873 den schwereren Bussen"
        " standhalten. Größere Schäden fanden die Gutachter bisher nicht.",
    ),
    "French": (
        "Le conseil général a rejeté hier soir le projet de gare routière, jugé trop coûteux par"
        " la majorité. À l’issue d’un débat de près de quatre heures, seize élus ont voté contre,"
        " onze pour ; trois se sont abstenus.",
        "« Nous n’avons reçu aucune étude sérieuse sur le trafic », a déploré François Lévêque,"
        " maire de la commune voisine. Les travaux, évalués à 3,8 millions d’euros, devaient"
        " débuter à l’été, où la circulation est la plus faible.",
        "Les commerçants, eux, espèrent qu’une œuvre moins ambitieuse verra bientôt le jour :"
        " quelques arrêts abrités, un parking à vélos et des trottoirs élargis.",
    ),
    "Polish": (
        "Rada miejska odłożyła głosowanie w sprawie zabudowy dawnej żwirowni. Mieszkańcy osiedla"
        " skarżą się, że o planach dowiedzieli się dopiero z ogłoszenia na słupie, choć dyskusja"
        " toczyła się już od września.",
        "„Nikt nas nie zapytał o zdanie” – mówi Łucja Źródlak, która zebrała ponad tysiąc podpisów"
        " pod sprzeciwem. Inwestor zapewnia, że zieleń wzdłuż strumienia pozostanie nietknięta.",
        "Według urzędu gmina zyskałaby na sprzedaży gruntów około 12,5 miliona złotych, część tej"
        " kwoty miałaby pójść na remont szkoły. Następne posiedzenie odbędzie się 21 października.",
    ),
    "Czech": (
        "Vesnice pod přehradou čeká na nový most už třetím rokem. Původní lávku strhla povodeň"
        " a náhradní přívoz jezdí jen za příznivého počasí, takže děti chodí do školy oklikou přes"
        " průmyslovou čtvrť.",
        "Starosta Jiří Dvořáček tvrdí, že stavba začne nejpozději v únoru; opozice mu vyčítá, že"
        " žádost o dotaci podal pozdě. „Účty jsou v pořádku,“ uvedl při středečním zasedání.",
        "Odhadovaná cena stoupla z 18 na 27 milionů korun. Polovinu by měl zaplatit kraj, zbytek"
        " obec a sbírka, do které přispělo přes čtyři sta lidí.",
    ),
}


@dataclass(frozen=True, slots=True)
class Setting:
    """How a page is printed and scanned; `noise` is a standard deviation of grey levels of 255."""

    language: str
    columns: int
    dots_per_inch: int
    skew_degrees: float
    noise: float
    font: str

    @property
    def kind(self) -> str:
        """What the row of the table says of it."""
        columns = "two columns" if self.columns == 2 else "one column"
        return f"{columns}, {self.dots_per_inch} dpi"


@dataclass(frozen=True, slots=True)
class SetPage:
    """A scanned page and what is printed on it, in reading order, words apart by one space."""

    setting: Setting
    picture: Image.Image
    text: str


def settings() -> Iterator[Setting]:
    """Twenty pages: each language in one and two columns, at 150 and 200 dpi."""
    askew = itertools.cycle((0.0, 1.0, -1.0, 2.0, -2.0))
    fonts = itertools.cycle((SERIF, SANS, SERIF))
    for dots_per_inch, columns in itertools.product((200, 150), (1, 2)):
        for language in TEXTS:
            yield Setting(language, columns, dots_per_inch, next(askew), 10.0, next(fonts))


def set_page(setting: Setting, paragraphs: Sequence[str]) -> SetPage:
    """The page full of these paragraphs, again and again, as a scanner gives it."""
    dots = setting.dots_per_inch
    width, height = (round(side * dots) for side in PAGE_INCHES)
    margin, gutter = round(MARGIN_INCHES * dots), round(GUTTER_INCHES * dots)
    column = (width - 2 * margin - gutter * (setting.columns - 1)) // setting.columns
    size = SIZE_POINTS * dots / 72
    fonts = Path(mpl.get_data_path()) / "fonts" / "ttf"
    font = ImageFont.truetype(fonts / setting.font, size)
    lines = _broken(itertools.cycle(paragraphs), font, column)
    picture = Image.new("L", (width, height), 250)
    pen = ImageDraw.Draw(picture)
    printed: list[str] = []
    for number in range(setting.columns):
        top = float(margin)
        while top < height - margin:
            line = next(lines)
            pen.text((margin + number * (column + gutter), top), line, font=font, fill=25)
            printed += line.split()
            top += size * LEADING
    return SetPage(
        setting, scanned(picture, setting.skew_degrees, setting.noise), " ".join(printed)
    )


def scanned(picture: Image.Image, skew_degrees: float, noise: float) -> Image.Image:
    """The page as a scanner gives it: turned, with a grain of this standard deviation."""
    turned = picture.rotate(skew_degrees, Image.Resampling.BICUBIC, fillcolor=250)
    grain = np.random.default_rng(SEED).normal(0, noise, (picture.height, picture.width))
    grey = np.clip(np.asarray(turned, dtype=float) + grain, 0, 255).astype(np.uint8)
    return Image.fromarray(grey)


def _broken(paragraphs: Iterator[str], font: ImageFont.FreeTypeFont, width: int) -> Iterator[str]:
    """The paragraphs, broken into lines no wider than this; an empty line between two."""
    for paragraph in paragraphs:
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}".strip()
            if font.getlength(longer) > width:
                yield line
                longer = word
            line = longer
        yield line
        yield ""
