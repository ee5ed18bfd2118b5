#!/usr/bin/env python3
# Turns gateway/openapi.yaml into one C++ string, so that the program can serve its own description.
import json
import sys

import yaml

source, target = sys.argv[1:]
with open(source, encoding="utf-8") as stream:
    document = json.dumps(yaml.safe_load(stream), ensure_ascii=False, separators=(",", ":"))
# Compilers limit the length of one literal; adjacent ones are one.
pieces = [document[at : at + 8000] for at in range(0, len(document), 8000)]
literals = "\n".join(f'    R"openapi({piece})openapi"' for piece in pieces)
with open(target, "w", encoding="utf-8") as stream:
    stream.write('// Made by gateway/embed_openapi.py from gateway/openapi.yaml.\n#include "gateway/api/openapi.hpp"\n\n'
                 "namespace returngate::api {\n\nstd::string_view openapi_json() {\n    return\n"
                 f"{literals};\n}}\n\n}}  // namespace returngate::api\n")
