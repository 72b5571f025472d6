"""Runs many commands of the AWS CLI in one process: what takes longest of each is that it is loaded. Argument lists in, texts out, as JSON."""

import contextlib
import io
import json
import sys

from awscli.clidriver import create_clidriver

driver = create_clidriver()
texts = []
for arguments in json.load(sys.stdin):
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        code = driver.main(arguments)
    if code:
        sys.exit(f"exit code {code}: aws {' '.join(arguments)}")
    texts.append(text.getvalue())
json.dump(texts, sys.stdout)
