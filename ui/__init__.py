"""The chat page: a Gradio page over an assistant, for one person on one machine.

In an installed package this folder is `qa_ui`, so imports in it are relative. Nothing here decides
what is answered; it shows what the assistant reports. `page` builds, `serving` serves behind the
`guard`; `desk` asks and stops, `office` keeps what comes of it; `exchange` is one question and what
has come of it, `rendering` turns it into HTML, `routes` answers what the page's script asks beside
Gradio. `draft` is a question that is still being typed, `lookahead` has its passages read before
Enter.
"""
