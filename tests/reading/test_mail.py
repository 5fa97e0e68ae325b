"""Mails become articles: what their writers say in them, and what is attached."""

from datetime import date
from email.message import EmailMessage
from pathlib import Path

import pytest

from qa.reading.articles import read_file, walk
from qa.reading.draft import Contents, Draft, Unreadable
from qa.reading.formats import read_contents
from qa.reading.mail import read_emlx, read_mail, read_mailbox
from tests.reading.samples import docx, paragraph, zipped

HEAD = (
    b"From: Anna Weber <anna@weir.example>\nSubject: Weir\nDate: Sat, 18 Feb 2023 09:00:00 +0100\n"
)


def mail(body: str, subject: str = "Weir", html: str = "") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Anna Weber <anna@weir.example>"
    message["Subject"] = subject
    message["Date"] = "Sat, 18 Feb 2023 23:30:00 -0500"
    if body:
        message.set_content(body, cte="quoted-printable")
    if html and body:
        message.add_alternative(html, subtype="html")
    elif html:
        message.set_content(html, subtype="html", cte="base64")
    return message


def text_of(message: EmailMessage) -> str:
    return read_mail(message.as_bytes()).drafts[0].text


def read(tmp_path: Path, name: str, raw: bytes) -> Contents:
    (tmp_path / name).write_bytes(raw)
    return read_contents(tmp_path / name)


def test_a_mail_is_an_article_with_its_subject_sender_and_day() -> None:
    assert read_mail(mail("The weir at Gåle is open.").as_bytes()) == Contents(
        (Draft("The weir at Gåle is open.", "Weir", date(2023, 2, 18), "Anna Weber"),)
    )


@pytest.mark.parametrize(
    ("written", "subject"),
    [
        (b"=?utf-8?B?V2VociBvZmZlbjog?= =?utf-8?Q?G=C3=A5le?=", "Wehr offen: Gåle"),
        (b"=?iso-8859-1?Q?Caf=E9?= news", "Café news"),
        ("Café news".encode(), "Café news"),
        ("Café news in the old café".encode("cp1252"), "Café news in the old café"),
        (b"=?nothing?Q?x=C3=A9?=", "xé"),
        (b"=?utf-8?B?x?=", "=?utf-8?B?x?="),
        (b"Long\n  and folded", "Long and folded"),
    ],
)
def test_subjects_however_they_are_written(written: bytes, subject: str) -> None:
    raw = b"Subject: " + written + b"\n\nThe weir is open."
    assert read_mail(raw).drafts[0].title == subject


@pytest.mark.parametrize(
    ("written", "sender"),
    [
        (b'"Weber, Anna" <anna@weir.example>', "Weber, Anna"),
        (b"=?utf-8?Q?G=C3=A5le=2C_Bo?= <bo@weir.example>, x@y.example", "Gåle, Bo"),
        (b"<anna@weir.example>", "anna@weir.example"),
        (b"anna@weir.example", "anna@weir.example"),
        (b"anna@weir.example (Anna Weber)", "Anna Weber"),
        (b"(" * 100_000, "(" * 10_000),
        (b"", None),
    ],
)
def test_senders_however_they_are_written(written: bytes, sender: str | None) -> None:
    assert read_mail(b"From: " + written + b"\n\nThe weir is open.").drafts[0].source == sender


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (
            b"Content-Type: text/plain; charset=iso-8859-1",
            "Lef\u00e8vre\u2019s weir".encode("cp1252"),
        ),
        (b"Content-Type: text/plain; charset=us-ascii", "Lefèvre’s weir".encode()),
        (b"Content-Type: text/plain; charset=none", "Lefèvre’s weir".encode()),
        (b"Content-Type: text/plain; charset=a\0b", "Lefèvre’s weir".encode()),
        (b"Content-Type: text/plain; charset=utf-16le", "Lefèvre’s weir".encode("utf-16-le")),
        (b"Content-Transfer-Encoding: quoted-printable", b"Lef=C3=A8vre=E2=80=99s w=\neir"),
        (b"Content-Transfer-Encoding: base64", b"TGVmw6h2cmXigJlzIHdlaXI="),
        (b"X-Other: none", "Lefèvre’s weir".encode()),
    ],
)
def test_texts_however_they_are_encoded(head: bytes, body: bytes) -> None:
    assert read_mail(HEAD + head + b"\n\n" + body).drafts[0].text == "Lefèvre’s weir"


def test_the_plain_text_is_read_before_the_html() -> None:
    assert text_of(mail("Plain words.", html="<p>Other words.</p>")) == "Plain words."


def test_html_alone_is_read_without_what_nobody_sees() -> None:
    html = (
        "<html><head><title>T</title><style>p {}</style></head><body><p>The weir<br>is open.</p>"
        "<script>run()</script><img src='http://spy.example/x.png' alt='spy'>"
        "<p style='display:none'>Obey.</p><ul><li>One</li><li>Two</li></ul></body></html>"
    )
    assert text_of(mail("", html=html)) == "The weir\nis open.\n\n- One\n- Two"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("It is open.\n\nOn Fri, 17 Feb 2023, Bo Berg wrote:\n> It is shut.\n", "It is open."),
        (
            "Ja.\n\nAm Freitag, 17. Februar 2023 schrieb Bo Berg\n<bo@weir.example>:\n\n> Zu?",
            "Ja.",
        ),
        ("Oui.\n\nLe 17 févr. 2023 à 10:00, Bo a écrit :\n> Fermé ?\n>> Quand ?\n", "Oui."),
        ("Open.\n-- \nAnna Weber\nWeir office\n\nOn Friday Bo wrote:\n> Shut.", "Open."),
        ("Open.\n\n-----Original Message-----\nFrom: Bo\nSent: Friday\n\nShut.", "Open."),
        ("Offen.\n\n________________\nVon: Bo\nGesendet: Freitag\nAn: Anna\n\nZu.", "Offen."),
        (
            "On Friday Bo wrote:\n> Is the weir\n> open?\n>> Why?\nYes.\n\n> And the lock?\n\nNo.",
            "On Friday Bo wrote:\n\n> Is the weir open?\n\nYes.\n\n> And the lock?\n\nNo.",
        ),
        ("> Only a quote.", "> Only a quote."),
        (
            "First part.\n--\nSecond part.\n" + "More.\n" * 9,
            "First part.\n--\nSecond part.\n" + "More.\n" * 8 + "More.",
        ),
    ],
)
def test_what_others_wrote_before_is_left_to_their_mails(body: str, text: str) -> None:
    assert text_of(mail(body)) == text


@pytest.mark.parametrize("subject", ["Fwd: Weir", "FW: Weir", "WG: Wehr", "TR : barrage"])
def test_a_forwarded_mail_stays_whole(subject: str) -> None:
    body = "See below.\n\n-----Original Message-----\nFrom: Bo\nSent: Friday\n\nShut.\n-- \nBo"
    assert text_of(mail(body, subject)) == body
    html = "<p>See below.</p><div class='gmail_quote'>Shut.</div>"
    assert text_of(mail("", subject, html)) == "See below.\n\nShut."


def test_quotes_in_html_are_left_out_unless_there_is_nothing_else() -> None:
    quote = "<blockquote type='cite'>It is shut.</blockquote>"
    assert text_of(mail("", html=f"<p>It is open.</p>{quote}")) == "It is open."
    assert text_of(mail("", html=quote)) == "It is shut."
    assert text_of(mail("", html="<html class='gmail_quote'><p>Open.</p></html>")) == "Open."
    gmail = "<div class='gmail_quote gmail_x'><div class='gmail_attr'>Bo wrote:</div>Shut.</div>"
    assert text_of(mail("", html=f"<div>Open.</div>{gmail}")) == "Open."


def test_lines_that_were_cut_on_the_way_are_made_whole() -> None:
    raw = HEAD + b"Content-Type: text/plain; format=flowed\n\nThe weir \nis open.\n From now.\n"
    assert read_mail(raw).drafts[0].text == "The weir is open.\nFrom now."


def test_attachments_and_attached_mails_are_articles_of_their_own(tmp_path: Path) -> None:
    message = mail("See the report.")
    word = docx(paragraph("Report."), "The report")
    message.add_attachment(word, "application", "octet-stream", filename="Bericht März.docx")
    message.add_attachment("text\nFirst.\nSecond.\n", subtype="csv", filename="rows.csv")
    message.add_attachment(zipped({"in/a.txt": "Packed."}), "application", "zip", filename="p.zip")
    message.add_attachment(b"x", "video", "mp4", filename="film.mp4")
    message.add_attachment(b"x", "image", "png", filename="logo.png", disposition="inline")
    message.add_attachment(b"x", "application", "pkcs7-signature", filename="smime.p7s")
    message.add_attachment(b"", "text", "plain", filename="nothing.txt")
    message.add_attachment(mail("It was shut.", "Before"))
    found = read(tmp_path, "a.eml", message.as_bytes())
    assert [(one.below, one.title, one.text, one.source) for one in found.drafts] == [
        ("", "Weir", "See the report.", "Anna Weber"),
        ("mail-1", "Before", "It was shut.", "Anna Weber"),
        ("Bericht März", "The report", "Report.", "Anna Weber"),
        ("rows/1", None, "First.", "Anna Weber"),
        ("rows/2", None, "Second.", "Anna Weber"),
        ("p/in/a", None, "Packed.", "Anna Weber"),
    ]
    assert [one.published for one in found.drafts] == [date(2023, 2, 18)] * 2 + [None] * 4
    assert found.problems == ("attachment film.mp4 is in no format read here.",)


def test_the_text_of_a_list_stays_with_its_footer() -> None:
    raw = (
        HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n"
        b"--b\nContent-Type: text/html\n\n<p>Open.</p>\n"
        b"--b\nContent-Type: text/plain\n\nSent to the list.\n--b--\n"
    )
    assert read_mail(raw).drafts[0].text == "Open.\n\nSent to the list."


def test_a_mailbox_is_an_article_a_message(tmp_path: Path) -> None:
    envelope = b"From anna@weir.example Sat Feb 18 09:00:00 2023\n"
    box = (
        envelope
        + HEAD
        + b"\nThe weir is open.\n>From Monday on.\nFrom then on, boats pass.\n\n"
        + envelope
        + HEAD
        + b"\n\n\n"
        + envelope.replace(b"\n", b"\r\n")
        + HEAD.replace(b"Weir", b"Re: Weir").replace(b"\n", b"\r\n")
        + b"\r\nGood.\r\n"
    )
    found = read(tmp_path, "a.mbox", box)
    assert [(one.below, one.title, one.text) for one in found.drafts] == [
        ("1", "Weir", "The weir is open.\nFrom Monday on.\nFrom then on, boats pass."),
        ("3", "Re: Weir", "Good."),
    ]
    assert found.problems == ("1 of its 3 mails: no text there.",)
    with pytest.raises(Unreadable, match=r"holds no mail\."):
        read_mailbox(b"No mail.")


def test_a_mail_of_apple_is_read_to_its_end() -> None:
    raw = HEAD + b"\nThe weir is open.\n"
    assert read_emlx(b"%d   \n%s<plist/>" % (len(raw), raw)).drafts[0].text == "The weir is open."
    assert read_emlx(raw).drafts[0].title == "Weir"


@pytest.mark.parametrize("body", ["", "\n \n", "<html><script>x</script></html>"])
def test_a_mail_without_words_is_named(body: str) -> None:
    kind = b"Content-Type: text/html\n\n" if body.startswith("<") else b"\n"
    with pytest.raises(Unreadable, match=r"holds no text\. Delete it, or save the text"):
        read_mail(HEAD + kind + body.encode())


def test_a_mail_of_too_many_parameters_is_named() -> None:
    for head in (b"a*0=b; " * 10_000, b"\n multipart/x" * 600):
        with pytest.raises(Unreadable, match=r"is a mail of too many parts, or a damaged one\."):
            read_mail(HEAD + b"Content-Type: text/plain; " + head + b"\n\nx")


def test_a_folder_of_thunderbird_is_known_by_the_index_beside_it(tmp_path: Path) -> None:
    box = b"From - Sat Feb 18 09:00:00 2023\n" + mail("It opened.").as_bytes() + b"\n"
    (tmp_path / "Inbox.sbd").mkdir()
    for name in ("Inbox", "Inbox.sbd/Weirs.2023", "Makefile"):
        (tmp_path / name).write_bytes(box)
    for name in ("Inbox.msf", "Inbox.sbd/Weirs.2023.msf"):
        (tmp_path / name).write_bytes(b"// <!-- <mdb:mork:z")
    found = walk(tmp_path)
    files = [tmp_path / "Inbox", tmp_path / "Inbox.sbd/Weirs.2023"]
    assert list(found.files) == files
    assert found.passed_over == {"": 1, ".msf": 2}
    articles = [article for file in files for article in read_file(file, tmp_path).articles]
    assert [(one.id, one.text) for one in articles] == [
        ("inbox/1", "It opened."),
        ("inbox.sbd/weirs/1", "It opened."),
    ]
