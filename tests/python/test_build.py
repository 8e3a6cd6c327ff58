"""The package itself: not stale, typed, documented with examples that run, a program inside."""

import ast
import doctest
import hashlib
import importlib
import inspect
import pathlib
import pkgutil
import re
import subprocess
import sys

import pytest

import trimhorizon as th
from conftest import TOP
from trimhorizon import _core

PACKAGE = pathlib.Path(th.__file__).parent
MODULES = sorted(name.removeprefix("trimhorizon.")
                 for _, name, _ in pkgutil.walk_packages([str(PACKAGE)], "trimhorizon.")
                 if name not in ("trimhorizon._core", "trimhorizon.__main__"))
FAMILIES = sorted(path.stem for path in (PACKAGE / "_core").glob("[!_]*.pyi"))


def test_the_module_was_built_from_these_sources():
    top = pathlib.Path(TOP)
    files = sorted(
        str(path.relative_to(top))
        for folder in ("sim", "bindings/cpp")
        for path in (top / folder).rglob("*")
        if path.suffix in (".cpp", ".hpp")
    )
    lines = "".join(
        f"{name} {hashlib.sha256((top / name).read_bytes()).hexdigest()}\n" for name in files)
    digest = hashlib.sha256(lines.encode()).hexdigest()[:16]
    assert th.__build__.endswith(f"sources {digest}"), "build again: the module is stale"
    assert th.__build__.startswith(th.__version__)


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_the_documentation_run(name):
    module = importlib.import_module(f"trimhorizon.{name}")
    failed, _ = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert failed == 0


def test_examples_of_the_package_run():
    assert doctest.testmod(th).failed == 0


def test_everything_public_is_documented():
    """Also in modules that are private: every name without an underscore says what it is."""
    missing, checked = [], 0
    for path in sorted(PACKAGE.rglob("*.py")):
        todo = [(path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text("utf-8")))]
        for name, node in todo:
            checked += 1
            if not ast.get_docstring(node):
                missing.append(name)
            if isinstance(node, (ast.Module, ast.ClassDef)):
                todo += [(f"{name}: {each.name}", each) for each in node.body
                         if isinstance(each, (ast.FunctionDef, ast.ClassDef))
                         and not each.name.startswith("_")]
    assert missing == [] and checked > 300


def public_callables():
    for home in (th, th.plot, importlib.import_module("trimhorizon.strategies")):
        for name in home.__all__:
            thing = getattr(home, name)
            if inspect.isfunction(thing):
                yield f"{home.__name__}.{name}", thing
            for member, value in vars(thing).items() if inspect.isclass(thing) else ():
                function = getattr(value, "__func__", value)
                if inspect.isfunction(function) and not member.startswith("_"):
                    yield f"{name}.{member}", function


def test_every_callable_has_an_example_and_says_what_it_returns():
    """A NamedTuple's own methods are Python's."""
    checked = 0
    for name, function in public_callables():
        if function.__module__.startswith("trimhorizon"):
            assert "Examples\n" in inspect.getdoc(function), name
            assert "return" in function.__annotations__, name
            checked += 1
    assert checked > 40


def stub_names(family):
    tree = ast.parse((PACKAGE / "_core" / f"{family}.pyi").read_text())
    names = {}
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            names[node.name] = {each.name: each for each in node.body
                                if isinstance(each, ast.FunctionDef)}
            names[node.name].update({each.target.id: None for each in node.body
                                     if isinstance(each, ast.AnnAssign)})
        elif isinstance(node, ast.FunctionDef):
            names[node.name] = node
        elif isinstance(node, ast.AnnAssign):
            names[node.target.id] = None
        elif family == "__init__" and isinstance(node, ast.ImportFrom):  # the families
            names.update({alias.name: None for alias in node.names})
    return names


def arguments(node):
    return [each.arg for each in node.args.args if each.arg != "self"]


def check_arguments(thing, node):
    """pybind11 writes the signature into the first line of the docstring."""
    wanted = arguments(node)
    found = re.findall(r"(\w+): ", (thing.__doc__ or "").split("->")[0])
    found = [name for name in found if name not in ("self", "arg0")]
    assert found == wanted, f"{node.name}: the module has {found}, the stub {wanted}"


@pytest.mark.parametrize("family", ["__init__", *FAMILIES])
def test_the_stubs_say_what_the_module_has(family):
    module = _core if family == "__init__" else getattr(_core, family)
    stubs = stub_names(family)
    built = {name for name in dir(module)
             if not name.startswith("_") or name in ("__version__", "__edition__", "__build__")}
    assert built == set(stubs)
    for name, stub in stubs.items():
        thing = getattr(module, name)
        if isinstance(stub, dict):
            own = {each for each in vars(thing) if not each.startswith("_") or each == "__len__"}
            assert own == set(stub) - {"__init__"}, name
            for member, node in stub.items():
                value = vars(thing)[member]
                if node is None:  # a value of an enumeration
                    assert isinstance(value, thing)
                    continue
                is_property = bool(node.decorator_list)
                assert is_property == isinstance(value, property), f"{name}.{member}"
                if not is_property and member != "__len__":
                    check_arguments(value, node)
        elif stub is not None:
            check_arguments(thing, stub)


def test_the_page_of_the_bindings_names_what_is_there():
    page = pathlib.Path(TOP, "bindings/README.md").read_text("utf-8")
    roots = [pathlib.Path(TOP, each) for each in (
        "", "bindings", "bindings/cpp", "bindings/python", "bindings/python/trimhorizon",
        "tests/python")]
    named = re.findall(r"`([a-z_./]+(?:\.[ch]pp|\.py|/))`", page)
    named += [f"{each}.cpp" for each in re.findall(r"`(bind_\w+|made_run)`", page)]
    assert len(named) > 20
    for name in named:
        assert any((root / name).exists() for root in roots), name
    modules = {each.name for each in PACKAGE.iterdir()} - {"__pycache__", "__init__.py",
                                                           "__main__.py", "py.typed"}
    missing = [each for each in modules if f"`{each}`" not in page and f"`{each}/`" not in page]
    assert [each for each in missing if not each.endswith(".so")] == []


def imported_by(path):
    """What a module takes from other parts of the package when it is imported."""
    for node in ast.parse(path.read_text("utf-8")).body:  # not under TYPE_CHECKING
        if isinstance(node, ast.ImportFrom) and node.level == len(path.relative_to(PACKAGE).parts):
            for name in [node.module] if node.module else [each.name for each in node.names]:
                yield name.split(".")[0]


def test_parts_import_from_those_above_them_on_the_page():
    page = pathlib.Path(TOP, "bindings/README.md").read_text("utf-8")
    rows = [name.strip("/").removesuffix(".py")
            for name in re.findall(r"^\| `([^`]+)` ", page, re.M)]
    seen = 0
    for path in sorted(PACKAGE.rglob("*.py")):
        part = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if part in ("__init__", "__main__"):
            continue
        for name in imported_by(path):
            assert rows.index(name) < rows.index(part), f"{path}: {name} comes after {part}"
            seen += 1
    assert seen > 40


def test_every_folder_lists_its_modules():
    for init in PACKAGE.glob("_*/__init__.py"):
        modules = {path.stem for path in init.parent.glob("[!_]*.py")}
        listed = re.findall(r"^``(\w+)`` ", init.read_text("utf-8"), re.M)
        assert set(listed) == modules and len(listed) == len(modules), init.parent.name


def test_the_package_is_typed():
    assert (PACKAGE / "py.typed").exists() and (PACKAGE / "_core" / "__init__.pyi").exists()
    about_it = {"__version__", "__edition__", "__build__"}
    assert FAMILIES == sorted(set(stub_names("__init__")) - about_it)


def test_python_m_is_the_program(command):
    done = subprocess.run([sys.executable, "-m", "trimhorizon", "--version"],
                          capture_output=True, text=True)
    assert done.returncode == 0 and th.__version__ in done.stdout
    assert done.stdout == command("--version")
    assert subprocess.run([sys.executable, "-m", "trimhorizon", "nonsense"],
                          capture_output=True).returncode == 2


def test_the_source_package_holds_what_the_build_needs(tmp_path, monkeypatch):
    import tarfile

    backend = pytest.importorskip("scikit_build_core.build")
    monkeypatch.chdir(TOP)
    with tarfile.open(tmp_path / backend.build_sdist(str(tmp_path))) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    tracked = subprocess.run(["git", "ls-files", "sim", "bindings", "tools/cmake"], cwd=TOP,
                             capture_output=True, text=True).stdout.split()
    assert {"CMakeLists.txt", "pyproject.toml", "PKG-INFO"} <= names
    assert set(tracked) - names == set()
    assert not [name for name in names if name.startswith(("build/", ".venv/", "tests/"))]
    assert not [name for name in names if name.endswith((".so", ".pyc", ".o"))]
