"""Subtitles become a text in sentences that keeps who speaks, and when."""

import pytest

from qa.reading.draft import Contents, Draft, Unreadable
from qa.reading.subtitles import read_subtitles


def text_of(written: str) -> str:
    return read_subtitles(written.encode()).drafts[0].text


def test_cues_are_joined_into_sentences() -> None:
    srt = (
        "\ufeff1\r\n00:00:01,000 --> 00:00:03,500\r\n<i>The weir</i>\r\nat Gåle\r\n\r\n"
        "2\r\n00:00:03,600 --> 00:00:05,000\r\n{\\an8}is open &amp; dry.\r\n\r\n"
        "3\r\n00:00:05,100 --> 00:00:06,000\r\nBoats pass.\r\n"
    )
    assert read_subtitles(srt.encode()) == Contents(
        (Draft("The weir at Gåle is open & dry. Boats pass."),)
    )


def test_a_pause_begins_a_paragraph_and_the_time_is_told_twice_a_minute() -> None:
    srt = (
        "1\n00:00:20,000 --> 00:00:22,000\nOne.\n\n2\n00:00:26,000 --> 00:00:27,000\nTwo.\n\n"
        "3\n00:00:51,000 --> 00:00:52,000\nThree.\n\n4\n01:02:03,900 --> 01:02:05,000\nFour.\n"
    )
    assert text_of(srt) == "One.\n\nTwo.\n\n00:00:51\n\nThree.\n\n01:02:03\n\nFour."


def test_speakers_begin_paragraphs() -> None:
    vtt = (
        "WEBVTT - The weir\nKind: captions\n\nNOTE\nnot shown\n\nSTYLE\n::cue { color: red"
        " }\n\nintro\n00:01.000 --> 00:02.000 align:start position:0%\n<v Anna Weber>Is it"
        " <c.loud>open</c>?</v>\n\n00:02.000 --> 00:03.000\n<v Anna Weber>I ask.\n\n00:03.000 -->"
        " 00:04.000\n<v Bo>Yes.</v>\n"
    )
    assert read_subtitles(vtt.encode()) == Contents(
        (Draft("Anna Weber: Is it open? I ask.\n\nBo: Yes.", "The weir"),)
    )
    srt = (
        "1\n00:00:01,000 --> 00:00:02,000\nANNA: Is it open?\n\n2\n00:00:02,000 --> 00:00:03,000\n"
        "BO: Yes.\n\n3\n00:00:03,000 --> 00:00:04,000\n- Since when?\n- Monday.\n"
    )
    assert text_of(srt) == "ANNA: Is it open?\n\nBO: Yes.\n\n- Since when?\n- Monday."


def test_captions_that_roll_up_say_each_line_once() -> None:
    vtt = (
        "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\n \nthe<00:00:00.500><c> weir</c>\n\n"
        "00:00:02.000 --> 00:00:02.010\nthe weir\n \n\n"
        "00:00:02.010 --> 00:00:04.000\nthe weir\nis<00:00:03.000><c> open</c>\n\n"
    )
    assert text_of(vtt) == "the weir is open"


def test_what_is_said_twice_stays() -> None:
    cue = "{0}\n00:00:0{0},000 --> 00:00:0{0},900\nNo.\n\n"
    assert text_of(cue.format(1) + cue.format(2)) == "No. No."


def test_long_paragraphs_are_cut_behind_a_sentence_or_at_last_anywhere() -> None:
    cue = "{0}\n00:00:{0:02},000 --> 00:00:{0:02},900\n{1}\n\n"
    sentences = "".join(cue.format(n, f"Sentence {n:02} of the speech is here.") for n in range(30))
    cut = text_of(sentences).split("\n\n")
    assert [one.count(".") for one in cut] == [12, 12, 6]
    assert cut[1].startswith("Sentence 12 of")
    endless = "".join(cue.format(n, "words without an end to them") for n in range(40))
    assert [len(one) for one in text_of(endless).split("\n\n") if one[0] == "w"] == [898, 260]


def test_what_holds_no_words_or_no_times() -> None:
    with pytest.raises(Unreadable, match=r"holds no words\. Delete it\."):
        read_subtitles(b"1\n00:00:01,000 --> 00:00:02,000\n<i></i>\n")
    assert read_subtitles(b"Subject: Weir\n\nIt opened.").problems == (
        "it is plain text under another name, and was read as such. Name it .txt.",
    )
