# SPDX-License-Identifier: LGPL-2.1-or-later
"""Size limits: short functions, files that can be read in one go, few parameters, one type a header."""
import ast
import re
import statistics

import tree

LONGEST_FUNCTION = 80
LONGEST_OF_95_PERCENT = 45
TYPICAL_FUNCTION = 10
LONGEST_FILE = 800
MOST_PARAMETERS = 5
WIDEST_LINE = 120
C_NAME = re.compile(r"^(?:[\w*]+ )*\*?(\w+) ?\(")


def c_functions(path):
    """(name, code lines) of each function: in this style its braces stand alone in the first column."""
    lines = tree.without_comments(tree.text(path)).splitlines()
    found, start = [], None
    for i, line in enumerate(lines):
        if line.rstrip() == "{":
            start = i
        elif line.rstrip() == "}" and start is not None:
            above = next((C_NAME.match(lines[j]) for j in range(start - 1, -1, -1) if C_NAME.match(lines[j])), None)
            found.append((above.group(1) if above else f"line {start}", tree.code_lines(lines[start + 1:i])))
            start = None
    return found


def python_functions(path):
    code = tree.text(path)
    lines = code.splitlines()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            body = [line for line in lines[node.lineno:node.end_lineno] if not line.strip().startswith("#")]
            yield node.name, tree.code_lines(body)


def library_functions():
    return [(f"{tree.relative(path)}: {name}", length)
            for path in tree.files(".c", under="lib") for name, length in c_functions(path)]


def test_the_parser_sees_functions():
    assert dict(c_functions(tree.ROOT / "lib/base/vc-version.c"))["vc_get_version"] == 1


def test_no_c_function_is_too_long():
    long = [f"{tree.relative(path)}: {name}: {length}" for path in tree.files(".c")
            for name, length in c_functions(path) if length > LONGEST_FUNCTION]
    assert long == []


def test_no_python_function_is_too_long():
    long = [f"{tree.relative(path)}: {name}: {length}" for path in tree.files(".py")
            for name, length in python_functions(path) if length > LONGEST_FUNCTION]
    assert long == []


def test_most_library_functions_are_short():
    lengths = sorted(length for _, length in library_functions())
    assert lengths[int(len(lengths) * 0.95)] <= LONGEST_OF_95_PERCENT
    assert statistics.median(lengths) <= TYPICAL_FUNCTION


def test_no_file_is_too_long():
    long = []
    for path in tree.files(".c", ".h", ".py", ".js", ".vala", ".sh", ".build"):
        code = tree.text(path)
        code = tree.without_comments(code) if path.suffix in (".c", ".h", ".js", ".vala") else code
        if tree.code_lines(code.splitlines()) >= LONGEST_FILE:
            long.append(f"{tree.relative(path)}: {tree.code_lines(code.splitlines())}")
    assert long == []


def test_public_functions_have_few_parameters():
    """Beside the error and, of what is asynchronous, the callback with its data, which GLib's conventions add."""
    many = []
    for function in tree.namespace().iter():
        parameters = function.find(tree.CORE + "parameters")
        if parameters is not None and function.get(tree.C + "identifier"):
            names = [parameter.get("name") for parameter in parameters
                     if parameter.get("name") != "user_data" and parameter.get("scope") != "async"]
            if len(names) > MOST_PARAMETERS:
                many.append(f"{function.get(tree.C + 'identifier')} ({', '.join(names)})")
    assert many == []


def test_one_type_a_header():
    many = [tree.relative(path) for path in tree.files(".h")
            if len(re.findall(r"^G_DECLARE_\w+ ?\(", tree.text(path), re.MULTILINE)) > 1]
    assert many == []


def test_lines_fit_the_page():
    """But for rows of tables in comments, and definitions, which cannot be broken where one likes."""
    wide = [f"{tree.relative(path)}:{number}" for path in tree.files(".c", ".h")
            for number, line in enumerate(tree.text(path).splitlines(), 1)
            if len(line) > WIDEST_LINE and not line.lstrip().startswith(("* |", "#"))]
    assert wide == []


def test_each_row_of_a_table_in_a_comment_stands_on_one_line():
    broken = [f"{tree.relative(path)}:{number}" for path in tree.files(".c", ".h")
              for number, line in enumerate(tree.text(path).splitlines(), 1)
              if line.lstrip().startswith("* |") and not line.rstrip().endswith("|")]
    assert broken == []
