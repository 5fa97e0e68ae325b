"""English words that say nothing of what a question or a sentence is about."""

STOP_WORDS = frozenset(
    "a about an and any are as at be been but by can could did do does for from had has have he"
    " her his how i if in into is it its may me my of on or our s she should so t than that the"
    " their them there these they this those to was we were what when where which who whom whose"
    " why will with would you your".split()
)
