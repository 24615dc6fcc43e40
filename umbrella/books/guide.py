"""What the first worksheet of a new workbook says to do, step by step."""

STEPS = (
    (
        "1  Name your topics",
        "In the worksheet conditions, a row for each topic: a short code and the label that "
        "readers see. The other lists of codes can be changed and extended in the same way.",
    ),
    (
        "2  Type what the papers print",
        "In meta_analyses a row for each paper, in reported_effects a row for each pooled effect: "
        "estimate and limits of its interval as printed, and which way is better. Shares of people "
        "go into reported_rates. Blue headers must be filled; what is left empty elsewhere is "
        "unknown or has its usual value. Notes at the headers say what belongs there. Columns that "
        "few need are folded away at the right: press + above them.",
    ),
    (
        "3  Let it be checked",
        "umbrella check FILE reads the saved workbook and writes a copy beside it, in which cells "
        "that cannot be right are coloured, with what is wrong as a note. Your file is never "
        "changed.",
    ),
    (
        "4  Get the results",
        "umbrella build FILE pools and grades; umbrella headline prints the results, and umbrella "
        "report draws the site. Which analyses there are follows from your rows, until you write "
        "down your own in the worksheet analyses.",
    ),
    (
        "Grey examples",
        "A grey row is an example; it is not read. Type over it, with an identifier of your own, "
        "or delete it.",
    ),
    (
        "Your own columns",
        "Add any columns that you like: they are kept. Worksheets of your own are left alone.",
    ),
)
