"""Reads a table in Markdown."""


def cells(table: str, *beginning: str) -> list[str]:
    """The cells of the line that begins with these."""
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()]
    (line,) = [line for line in lines if line[: len(beginning)] == list(beginning)]
    return line[len(beginning) :]
