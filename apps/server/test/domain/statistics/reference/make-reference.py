"""
Makes the reference values of the statistics with independent software: scipy, statsmodels, scikit-learn,
R and its packages, and where no package has a method, a plain transcription of the published formula with
numpy or exact fractions. Not part of `npm test`, which reads the JSON files.

    python3 make-reference.py [family ...]      needs scipy, statsmodels, scikit-learn, mpmath, Rscript with
                                                jsonlite, exactRankTests, coin, lme4, psych
"""

import importlib
import json
import pathlib
import platform
import subprocess
import sys

import numpy
import scipy
import mpmath
import sklearn
import statsmodels

from common import Cases

FAMILIES = ["distributions", "comparison", "rates", "planning", "sequences", "agreement", "sessions"]
folder = pathlib.Path(__file__).parent

versions = {
    "python": platform.python_version(),
    "numpy": numpy.__version__,
    "mpmath": mpmath.__version__,
    "scipy": scipy.__version__,
    "statsmodels": statsmodels.__version__,
    "scikit-learn": sklearn.__version__,
    "R": subprocess.run(["Rscript", "--version"], capture_output=True, text=True).stdout.strip().split(" ")[3],
}

for family in sys.argv[1:] or FAMILIES:
    cases = Cases()
    importlib.import_module(f"family_{family}").make(cases)
    lines = ",\n".join("    " + json.dumps(case, allow_nan=False) for case in cases.cases)
    text = f'{{\n  "versions": {json.dumps(versions)},\n  "cases": [\n{lines}\n  ]\n}}\n'
    (folder / f"{family}.json").write_text(text)
    print(family, len(cases.cases), "cases", len(text), "bytes")
