"""A small desk of invented articles, of the kinds that people ask about every day."""


def _article(title: str, published: str, text: str, source: str = "Coast Courier") -> str:
    return f"---\ntitle: {title}\npublished: {published}\nsource: {source}\n---\n{text}\n"


ENGLISH = {
    "marit-1": _article(
        "Ferry Marit sinks off Holme, at least 9 dead", "2022-10-13",
        "The ferry Marit sank off Holme on Wednesday night in a storm. At least 9 people drowned, "
        "the harbour master, Greta Lund, said. Dozens were missing.\n\n"
        "Fishermen pulled survivors out of the water until dawn.",
    ),
    "marit-2": _article(
        "Death toll of the Marit rises to 17", "2022-10-15",
        "Divers have brought up 8 more bodies from the ferry Marit, which brings the number of "
        "dead to 17. Another 30 people are missing, the harbour master, Greta Lund, said on "
        "Friday.",
    ),
    "marit-3": _article(
        "Search for the missing of the Marit ends", "2022-10-21",
        "The search for victims of the sinking of the Marit ended on Thursday. The number of dead "
        "stands at 26; five people are still missing. A crane ship is to raise the wreck.",
    ),
    "marit-inquiry": _article(
        "Inquiry blames owner of the Marit", "2023-02-06",
        "An inquiry has blamed the owner of the ferry Marit, Sundline, for her sinking in October. "
        "The company had known of a leaking bow door for a year and had not repaired it, the "
        "report says. Sundline denies that.\n\n"
        "The chairman of the inquiry, the judge Carl Brandt, proposed that the bow door of every "
        "ferry be tested by an independent engineer twice a year. Relatives of the dead want the "
        "directors of Sundline to be put on trial.",
    ),
    "vote": _article(
        "Rosa Kemp elected mayor of Orrin", "2023-06-06",
        "Rosa Kemp, a retired nurse, was elected mayor of Orrin on Sunday. She won 5,210 votes, "
        "ahead of the baker Hugh Lorne with 4,375 and the farmer Ida Moss with 1,120.\n\n"
        "Kemp said that she would begin with the schools, which she called a shame. The outgoing "
        "mayor, Tom Wald, did not stand again because of his age.",
    ),
    "swimmer": _article(
        "Rosa Kemp leaves Selk swimming club", "2023-06-20",
        "Rosa Kemp has resigned as trainer of the Selk swimming club after four years, the club "
        "said on Monday. The team had lost the county final to Wick the day before, its third "
        "final in a row.\n\nHer deputy, Jan Vos, will train the team until the autumn.",
    ),
    "quarry": _article(
        "Trees where the Corve quarry was", "2023-05-04",
        "Where the Corve quarry was there is a young forest today. The quarry closed six years "
        "ago, when its slate ran out, and 240 people lost their work. A path was opened in March.",
    ),
    "hospital": _article(
        "East wing of Orrin hospital to stay", "2023-04-18",
        "The county has no plans to close the east wing of the hospital in Orrin, a spokesman said "
        "on Monday, after a petition against its closure had gathered 3,400 names. Visiting hours "
        "will be shortened.",
    ),
    "tarn-tower": _article(
        "Tarn tower finished", "2022-03-11",
        "The Tarn tower was finished on Thursday. It is 96 metres high and took seven years to "
        "build. The owner expects two hundred visitors a day.",
    ),
    "wick-tower": _article(
        "Wick tower to be painted", "2022-04-08",
        "The Wick tower, which is 81 metres high and was built in 1974, is to be painted white. "
        "The work begins in June and will cost 60,000 crowns.",
    ),
    "grain-1": _article(
        "Four countries send grain to Benna", "2023-01-10",
        "Canada, Kenya, Latvia and Brazil have sent grain to Benna, the aid office said on Monday. "
        "The first of it is due on Friday.",
    ),
    "grain-2": _article(
        "Two more countries send grain to Benna", "2023-01-13",
        "Ireland and Nepal have also sent grain to Benna, the aid office said on Thursday.",
    ),
    "smoke": _article(
        "Smoke empties theatre in Wick", "2023-03-15",
        "Two cleaners found smoke in the cellar of the theatre in Wick shortly before noon. Some "
        "180 actors and guests were sent out. No one was hurt.\n\n"
        "A torn cable was to blame, the fire brigade said. Plays will be given again as soon as it "
        "has been replaced.",
    ),
    "canal": _article(
        "Corve canal stays shut", "2023-04-11",
        "The Corve canal did not reopen on Monday as planned, the water office said. Divers had "
        "found cracks in two of its lock gates on Saturday. It is now to reopen on 9 June.\n\n"
        "Lorries carry goods meanwhile. Nobody was hurt when a wall slid into the water in March.",
    ),
    "appeal": _article(
        "Appeal in Sundline case", "2023-09-02",
        "The appeal of Sundline will be heard on 05/02/2024 at 10:30, the court said. Three judges "
        "will hear it in public.",
    ),
}  # fmt: skip

OTHER_LANGUAGES = {
    "halle": _article(
        "Neue Halle in Ostheim", "2023-05-02",
        "Die Gemeinde Ostheim hat am Montag ihre neue Turnhalle eröffnet. Der Bau kostete 4,8 "
        "Millionen Euro und dauerte zwei Jahre, sagte Bürgermeisterin Karin Löwe. Zur Feier kamen "
        "700 Menschen.", "Testbote",
    ),
    "marche": _article(
        "Un marché neuf à Vernac", "2023-05-04",
        "La ville de Vernac a inauguré mercredi un marché couvert. L’ouvrage a coûté 2,6 millions "
        "d’euros, a dit le maire, Gérard Lebœuf. Les travaux ont duré dix mois.", "Testbote",
    ),
    "molino": _article(
        "El molino de Castellar vuelve a girar", "2023-05-05",
        "El molino de Castellar volvió a girar el jueves después de doce años. La reparación costó "
        "310.000 euros, según el alcalde, Íñigo Peña. La fiesta duró dos días.", "Testbote",
    ),
    "suidao": _article(
        "白石隧道通车", "2023-05-08",
        "白石隧道星期一正式通车。市长刘洋说，工程历时五年，总投资六亿元。隧道全长三千四百米，每天可通行两万辆汽车。",
        "Testbote",
    ),
}  # fmt: skip

ARTICLES = ENGLISH | OTHER_LANGUAGES
