"""German, French and Spanish words of tables as the English ones that columns are known by.

A word means the same whichever of the languages it is of; a name in English stays as it is.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cached_property

NAMES = {
    "author": ("autor", "autoren", "autorin", "erstautor", "auteur", "auteurs", "premier auteur",
               "autores", "primer autor"),
    "year": ("jahr", "publikationsjahr", "erscheinungsjahr", "année", "año",
             "année de publication", "año de publicación"),
    "review": ("übersichtsarbeit", "übersicht", "systematische übersicht", "metaanalyse",
               "meta-analyse", "revue", "revue systématique", "méta-analyse", "revisión",
               "revisión sistemática", "metaanálisis", "meta-análisis"),
    "study": ("studie", "étude", "estudio", "essai", "ensayo"),
    "source": ("quelle", "fuente"),
    "reference": ("literatur", "referenz", "référence", "referencia"),
    "studies": ("studien", "studienzahl", "primärstudien", "études", "essais", "estudios",
                "ensayos"),
    "included": ("eingeschlossene", "eingeschlossenen", "inclus", "incluses", "incluidos",
                 "incluidas"),
    "number of": ("anzahl", "anzahl der", "zahl der", "nombre de", "nombre d'", "nombre d\u2019",
                  "nb de", "nb d'", "nb d\u2019", "nb", "número de", "n.º de", "nº de", "n° de",
                  "n\u00ba", "n\u00b0"),
    "participants": ("teilnehmer", "teilnehmerzahl", "patientenzahl", "teilnehmende",
                     "teilnehmerinnen", "probanden", "personen",
                     "patienten", "patient:innen", "effectif", "effectifs", "sujets", "patients",
                     "participantes", "pacientes", "sujetos"),
    "total": ("gesamt", "insgesamt", "gesamtzahl", "summe", "totaux", "totales"),
    "sample size": ("stichprobe", "stichprobengröße", "taille de l'échantillon",
                    "échantillon", "muestra", "tamaño de la muestra", "tamaño muestral"),
    "cases": ("fälle", "cas", "casos"),
    "controls": ("kontrollen", "témoins", "controles"),
    "events": ("ereignisse", "événements", "évènements", "eventos"),
    "deaths": ("todesfälle", "verstorbene", "décès", "muertes"),
    "exposure": ("exposition", "exposición"),
    "risk factor": ("risikofaktor", "risikofaktoren", "facteur de risque", "factor de riesgo"),
    "factor": ("faktor", "einflussfaktor", "facteur", "facteur pronostique", "prognosefaktor",
               "factor pronóstico"),
    "intervention": ("behandlung", "therapie", "maßnahme", "traitement", "intervención",
                     "tratamiento"),
    "drug": ("medikament", "wirkstoff", "arzneimittel", "médicament", "fármaco", "medicamento"),
    "disease": ("erkrankung", "krankheit", "erkrankungen", "störung", "diagnose", "maladie",
                "pathologie", "enfermedad", "trastorno"),
    "outcome": ("endpunkt", "zielgröße", "zielkriterium", "ergebnis", "critère de jugement",
                "critère", "résultat", "desenlace", "resultado", "variable de resultado"),
    "adverse event": ("nebenwirkung", "nebenwirkungen", "unerwünschtes ereignis",
                      "unerwünschte ereignisse", "effet indésirable", "effets indésirables",
                      "événement indésirable", "efecto adverso", "efectos adversos",
                      "evento adverso"),
    "subgroup": ("untergruppe", "subgruppe", "sous-groupe", "subgrupo"),
    "population": ("bevölkerung", "población"),
    "country": ("staat", "pays", "país"),
    "sex": ("geschlecht", "sexe", "sexo"),
    "comparison": ("vergleich", "vergleichsgruppe", "comparaison", "comparateur", "comparación",
                   "comparador"),
    "dose": ("dosis",),
    "effect measure": ("effektmaß", "effektmass", "maß", "mesure d'effet", "mesure d\u2019effet",
                       "mesure", "medida de efecto", "medida del efecto", "medida"),
    "effect size": ("effektstärke", "effektgröße", "taille d'effet", "taille d\u2019effet",
                    "taille de l'effet", "tamaño del efecto", "tamaño de efecto"),
    "effect": ("effekt", "schätzer", "effektschätzer", "effet", "efecto"),
    "CI": ("ki", "konfidenzintervall", "vertrauensintervall", "vertrauensbereich", "ic",
           "intervalle de confiance", "intervalo de confianza"),
    "lower": ("unteres", "untere", "untere grenze", "unterer", "inférieure", "inférieur",
              "borne inférieure", "inferior", "límite inferior"),
    "upper": ("oberes", "obere", "obere grenze", "oberer", "supérieure", "supérieur",
              "borne supérieure", "superior", "límite superior"),
    "prediction interval": ("prädiktionsintervall", "vorhersageintervall",
                            "intervalle de prédiction", "intervalo de predicción"),
    "value": ("wert", "valeur", "valor"),
    "standard error": ("standardfehler", "erreur type", "erreur standard", "error estándar"),
    "SD": ("standardabweichung", "écart type", "écart-type", "desviación estándar",
           "desviación típica"),
    "(SD)": ("(sa)", "(et)", "(de)"),
    "mean": ("mittelwert", "moyenne", "media"),
    "heterogeneity": ("heterogenität", "hétérogénéité", "heterogeneidad"),
    "model": ("modell", "modèle", "modelo"),
    "unit": ("einheit", "unité", "unidad"),
    "group": ("gruppe", "groupe", "grupo"),
    "control": ("kontrollgruppe", "kontrolle", "contrôle", "témoin"),
    "intervention group": ("interventionsgruppe", "behandlungsgruppe"),
    "exposed": ("exponierte", "exponiert", "exposés", "expuestos"),
    "unexposed": ("nicht exponierte", "nichtexponierte", "non exposés", "no expuestos"),
    "person-years": ("personenjahre", "patientenjahre", "personnes-années", "personne-années",
                     "personas-año", "personas-años", "años-persona"),
    "prevalence": ("prävalenz", "häufigkeit", "prévalence", "prevalencia"),
    "percentage": ("anteil", "prozent", "pourcentage", "porcentaje"),
    "incidence rate": ("inzidenzrate", "inzidenz", "taux d'incidence", "taux d\u2019incidence",
                       "tasa de incidencia"),
    "publication bias": ("publikationsbias", "biais de publication", "sesgo de publicación"),
    "certainty of evidence": (
        "vertrauenswürdigkeit der evidenz", "qualität der evidenz", "evidenzqualität",
        "niveau de preuve", "qualité des preuves", "certitude des preuves",
        "certeza de la evidencia", "calidad de la evidencia", "certeza"),
    "evidence class": ("evidenzklasse", "classe de preuve", "clase de evidencia"),
    "risk of bias": ("verzerrungsrisiko", "bias-risiko", "risque de biais", "riesgo de sesgo"),
    "odds ratio": ("chancenverhältnis", "rapport de cotes", "razón de momios",
                   "razón de probabilidades", "razón de posibilidades", "quotenverhältnis"),
    "risk ratio": ("relatives risiko", "risikoverhältnis", "risque relatif", "rapport de risques",
                   "riesgo relativo", "razón de riesgos"),
    "hazard ratio": ("rapport de risques instantanés", "razón de riesgos instantáneos"),
    "risk difference": ("risikodifferenz", "différence de risque", "différence de risques",
                        "diferencia de riesgos"),
    "rate ratio": ("ratenverhältnis", "inzidenzratenverhältnis", "rapport de taux",
                   "rapport des taux d'incidence", "razón de tasas",
                   "razón de tasas de incidencia"),
    "standardised mean difference": (
        "standardisierte mittelwertdifferenz", "standardisierte mittelwertsdifferenz",
        "différence moyenne standardisée", "différence de moyennes standardisée", "dms", "dme",
        "diferencia de medias estandarizada", "diferencia media estandarizada"),
    "mean difference": (
        "mittelwertdifferenz", "mittelwertsdifferenz", "mittlere differenz",
        "différence moyenne", "différence de moyennes", "diferencia de medias",
        "diferencia media"),
    "correlation": ("korrelation", "corrélation", "correlación"),
    "of": ("der", "des", "von", "de la", "de los", "de las", "del", "de l'", "de"),
    "and": ("und", "et"),
    "et al": ("et al",),
}  # fmt: skip
"""Words of the names of columns, by the English one."""

CELLS = {
    "high": ("hoch", "élevée", "élevé", "haute", "alta", "alto"),
    "moderate": ("moderat", "mittel", "mäßig", "modérée", "modéré", "moyenne", "moderada",
                 "moderado"),
    "very low": ("sehr niedrig", "sehr gering", "très faible", "très basse", "muy baja",
                 "muy bajo"),
    "low": ("niedrig", "gering", "faible", "basse", "baja", "bajo"),
    "random": ("zufällig", "zufällige effekte", "zufallseffekte", "aléatoire", "aléatoires",
               "effets aléatoires", "effet aléatoire", "aleatorio", "aleatorios",
               "efectos aleatorios"),
    "fixed": ("fest", "feste effekte", "fixe", "fixes", "effets fixes", "effet fixe", "fijo",
              "fijos", "efectos fijos"),
    "yes": ("ja", "oui", "sí", "si"),
    "no": ("nein", "non"),
    "not significant": ("nicht signifikant", "n. s.", "non significatif", "no significativo"),
    "NR": ("k.a.", "k. a.", "keine angabe", "nicht berichtet", "n.d.", "nd", "nc",
           "non rapporté", "non disponible", "no reportado", "no informado", "no disponible"),
}  # fmt: skip
"""What whole cells say that hold a number, a verdict, a rating or a model, by the English words."""

CONTRASTS = {
    "per": ("pro", "je", "par", "por"),
    "highest": ("höchste", "höchstes", "hoch", "viel", "élevé", "élevée", "plus élevé", "más alto",
                "alto", "alta"),
    "lowest": ("niedrigste", "niedrigstes", "niedrig", "wenig", "faible", "bas", "plus faible",
               "más bajo", "bajo", "baja"),
    "yes": ("ja", "oui", "sí"),
    "no": ("nein", "kein", "keine", "non", "aucun", "aucune", "ninguno"),
    "ever": ("jemals",),
    "never": ("nie", "niemals", "jamais", "nunca"),
}  # fmt: skip
"""Words of what was compared, by the English ones."""

UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


class Dictionary:
    """English words for those of other languages, with and without their accents."""

    def __init__(self, words: Mapping[str, Iterable[str]]) -> None:
        """Take `words` by their English ones."""
        self._english = {
            spelt: english
            for english, theirs in words.items()
            for word in theirs
            for spelt in spellings(word)
        }

    @cached_property
    def _any(self) -> re.Pattern[str]:
        # Of hundreds of words: every command would compile it.
        longest = sorted(self._english, key=len, reverse=True)
        return re.compile(rf"(?<!\w)(?:{'|'.join(map(_pattern, longest))})", re.IGNORECASE)

    def translated(self, text: str) -> str:
        """The text with each word that is known in English."""
        known = unicodedata.normalize("NFC", text)
        return self._any.sub(lambda found: self._of(found[0]), known) if text else text

    def meaning(self, cell: str) -> str:
        """What a whole cell says in English; the cell itself where it is no such word."""
        return self._english.get(_key(cell), cell)

    def _of(self, word: str) -> str:
        # An elided article, as in "d'études", is followed by its noun without a blank.
        return self._english[_key(word)] + (" " if word[-1] in "'\u2019" else "")


def spellings(word: str) -> set[str]:
    """A word as it is, without its accents, and with umlauts as two letters."""
    bare = "".join(
        sign
        for sign in unicodedata.normalize("NFD", word.replace("ß", "ss"))
        if not unicodedata.combining(sign)
    )
    return {word, bare, word.translate(UMLAUTS)}


def _pattern(word: str) -> str:
    end = "" if word[-1] in "'\u2019" else r"(?!\w)"
    return re.escape(word).replace(r"\ ", r"\s+") + end


def _key(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).lower().split())


IN_NAMES, IN_CELLS, IN_CONTRASTS = map(Dictionary, (NAMES, CELLS, CONTRASTS))
