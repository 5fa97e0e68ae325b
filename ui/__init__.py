"""The chat page: a Gradio page over the collections of a home.

For whoever sits at this machine; with users, for each of them from wherever it is served.

In an installed package this folder is `qa_ui`, so imports in it are relative. Nothing here decides
what is answered; it shows what the assistant reports. `page` builds, `serving` serves behind the
`guard`; `sessions` asks and stops, `backend` keeps what comes of it; `exchange` is one question and
what has come of it, `rendering` turns it into HTML, `routes` answers what the page's script asks
beside Gradio. `lookahead` has the passages of a question that is still being typed read before
Enter.
"""
