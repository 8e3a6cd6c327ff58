// The rules of the house as a test: what may include what, how long a line, a file and a function
// may be, which constructs are banned. The checks themselves are tried first on small texts.
#include <filesystem>

#include "tests/support/catch.hpp"
#include "tests/support/places.hpp"
#include "tests/tidy/checks.hpp"

using namespace trimhorizon::tidy;

namespace {

const Levels levels = parse_levels(TH_LEVELS);

Findings banned(const std::string& path, const std::string& text) {
  return check_banned({path, text}, levels);
}

std::string repeated(const std::string& text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

template <typename Check>
void for_whole_tree(Check check) {
  Findings findings;
  for (const SourceFile& file :
       read_tree(trimhorizon::tests::source_dir(), {"sim", "bindings", "tests"})) {
    const Findings some = check(file);
    findings.insert(findings.end(), some.begin(), some.end());
  }
  INFO(to_string(findings));
  CHECK(findings.empty());
}

}  // namespace

TEST_CASE("tidy: a finding names its file, its line, the rule and the replacement") {
  const Findings found = banned("sim/world/a.hpp", "int a;\nstd::function<void()> f;\n");
  CHECK(to_string(found) ==
        "sim/world/a.hpp:2: std::function is not written here; instead: a plain value that says "
        "what to do, or a template parameter\n");
}

TEST_CASE("tidy: an include goes down, never up and never sideways") {
  const auto found = [](const char* path, const char* name) {
    return check_inclusion({path, "#include \"" + std::string(name) + "\"\n"}, levels).size();
  };
  CHECK(found("sim/world/a.cpp", "sim/lambda/b.hpp") == 0);
  CHECK(found("sim/world/a.cpp", "sim/world/b.hpp") == 0);
  CHECK(found("sim/lambda/a.cpp", "sim/world/b.hpp") == 1);
  CHECK(found("sim/lambda/a.cpp", "sim/history/b.hpp") == 1);
  CHECK(found("sim/base/a.cpp", "sim/faults/b.hpp") == 1);
  CHECK(found("sim/base/a.cpp", "b.hpp") == 1);
  CHECK(found("sim/base/a.cpp", "tests/support/catch.hpp") == 1);
  CHECK(found("sim/nowhere/a.cpp", "sim/base/b.hpp") == 1);
  CHECK(found("bindings/cpp/a.cpp", "sim/explore/b.hpp") == 0);
  CHECK(found("bindings/cpp/a.cpp", "bindings/cpp/b.hpp") == 0);
  CHECK(found("bindings/cpp/a.cpp", "sim/cli/b.hpp") == 1);
  CHECK(found("tests/world/a.cpp", "sim/explore/b.hpp") == 0);
  CHECK(check_inclusion({"sim/base/a.cpp", "// #include \"sim/cli/b.hpp\"\n"}, levels).empty());
}

TEST_CASE("tidy: a library stays in its one place and out of headers") {
  const auto found = [](const char* path, const char* name) {
    return check_libraries({path, "#include <" + std::string(name) + ">\n"}).size();
  };
  CHECK(found("sim/yaml/tree.cpp", "yaml-cpp/yaml.h") == 0);
  CHECK(found("sim/yaml/tree.hpp", "yaml-cpp/yaml.h") == 1);
  CHECK(found("sim/scenario/yaml_reader.cpp", "yaml-cpp/yaml.h") == 1);
  CHECK(found("sim/kinesis/lineage.cpp", "boost/graph/adjacency_list.hpp") == 0);
  CHECK(found("sim/kinesis/stream.cpp", "boost/graph/adjacency_list.hpp") == 1);
  CHECK(found("sim/cli/main.cpp", "CLI/CLI.hpp") == 0);
  CHECK(found("sim/report/json.cpp", "nlohmann/json.hpp") == 1);
  CHECK(found("sim/base/json.cpp", "nlohmann/json.hpp") == 0);
  CHECK(found("sim/cli/main.cpp", "pybind11/pybind11.h") == 1);
  CHECK(found("tests/base/a_test.cpp", "rapidcheck/catch.h") == 1);
  CHECK(found("tests/base/a_test.cpp", "catch2/catch.hpp") == 1);
}

TEST_CASE("tidy: lines have at most 100 columns, files at most 500 lines") {
  CHECK(check_sizes({"sim/a.cpp", std::string(100, 'x') + "\n"}).empty());
  CHECK(check_sizes({"sim/a.cpp", std::string(101, 'x') + "\n"}).size() == 1);
  CHECK(check_sizes({"sim/a.cpp", repeated("\u00b5", 100) + "\n"}).empty());
  CHECK(check_sizes({"sim/a.cpp", repeated("x\n", 500)}).empty());
  CHECK(check_sizes({"sim/a.cpp", repeated("x\n", 501)}).size() == 1);
  CHECK(check_sizes({"tests/data.yaml", repeated("x\n", 501)}).empty());
}

TEST_CASE("tidy: functions have at most 70 lines, wherever they stand") {
  const auto found = [](const std::string& head, int lines, const std::string& tail) {
    return check_function_lengths({"sim/a.cpp", head + repeated("  f();\n", lines) + tail}).size();
  };
  CHECK(found("void f() {\n", 68, "}\n") == 0);
  CHECK(found("void f() {\n", 69, "}\n") == 1);
  CHECK(found("namespace a {\nvoid f() {\n", 69, "}\n}\n") == 1);
  CHECK(found("class A {\n public:\n  void f() const {\n", 69, "}\n};\n") == 1);
  CHECK(found("template <class T, class U = A<B<T>>>\nvoid f(T t) {\n", 68, "}\n") == 1);
  CHECK(found("A::A() : a_{1}, b_{2} {\n", 69, "}\n") == 1);
  CHECK(found("const auto f = [](int a) {\n", 69, "};\n") == 1);
  CHECK(found("bool operator==(A a, A b) {\n", 69, "}\n") == 1);
  CHECK(found("TEST_CASE(\"a { b\") {\n", 69, "}\n") == 1);
  CHECK(found("const int table[] = {\n", 300, "};\n") == 0);
  CHECK(found("const auto table = make({\n", 300, "});\n") == 0);
  CHECK(found("void f() {}\n", 300, "void g() {}\n") == 0);
  CHECK(found("struct A {\n", 300, "};\n") == 0);
  CHECK(found("#define OPEN {\nvoid f() { char c = '}'; }\nnamespace {\n", 300, "}\n") == 0);
}

TEST_CASE("tidy: a header is guarded before its first line of code") {
  CHECK(check_guard({"sim/a.hpp", "// A thing.\n#pragma once\n\nint a;\n"}).empty());
  CHECK(check_guard({"sim/a.hpp", "#ifndef A\n#define A\n#endif\n"}).size() == 1);
  CHECK(check_guard({"sim/a.hpp", "int a;\n#pragma once\n"}).size() == 1);
  CHECK(check_guard({"sim/a.cpp", "int a;\n"}).empty());
}

TEST_CASE("tidy: each banned construct is found where it is banned") {
  CHECK(banned("sim/world/a.cpp", "std::unordered_map<int, int> m;\n").size() == 1);
  CHECK(banned("sim/explore/a.cpp", "std::unordered_map<int, int> m;\n").empty());
  CHECK(banned("sim/kinesis/a.hpp", "double rate;\n").size() == 1);
  CHECK(banned("sim/report/a.hpp", "double rate;\n").empty());
  CHECK(banned("sim/world/a.hpp", "std::function<int()> f;\n").size() == 1);
  CHECK(banned("sim/lambda/a.cpp", "int i = rand();\n").size() == 1);
  CHECK(banned("sim/lambda/a.cpp", "int i = operand();\n").empty());
  CHECK(banned("sim/lambda/a.cpp", "std::mt19937 g;\n").size() == 1);
  CHECK(banned("sim/lambda/a.cpp", "#include <random>\n").size() == 1);
  CHECK(banned("tests/base/a.cpp", "std::uniform_int_distribution<int> d;\n").size() == 1);
  CHECK(banned("sim/cli/a.cpp", "std::chrono::system_clock::now();\n").size() == 1);
  CHECK(banned("sim/cli/a.cpp", "std::chrono::steady_clock::now();\n").empty());
  CHECK(banned("sim/run/a.cpp", "std::chrono::steady_clock::now();\n").size() == 1);
  CHECK(banned("sim/run/a.cpp", "auto t = time(nullptr);\n").size() == 1);
  CHECK(banned("sim/run/a.cpp", "auto t = event.time(0);\n").empty());
  CHECK(banned("sim/run/a.cpp", "assert(a);\n").size() == 1);
  CHECK(banned("sim/run/a.cpp", "static_assert(a);\n").empty());
  CHECK(banned("sim/run/a.cpp", "std::format(\"{}\", 1);\n").size() == 1);
  CHECK(banned("sim/run/a.cpp", "#include <source_location>\n").size() == 1);
  CHECK(banned("sim/run/a.cpp", "x | std::views::filter(f);\n").size() == 1);
  CHECK(banned("sim/run/a.cpp", "using namespace std;\n").size() == 1);
  CHECK(banned("sim/run/a.cpp", "std::hash<int>{}(1);\n").size() == 1);
  CHECK(banned("sim/run/a.cpp", "std::cout << 1;\n").size() == 1);
  CHECK(banned("sim/cli/a.cpp", "std::cout << 1;\n").empty());
  CHECK(banned("sim/run/a.cpp", "std::regex r;\n").size() == 1);
  CHECK(banned("sim/lambda/a.hpp", "int f() { return TH_RULE(A-1, 1, 2); }\n").size() == 1);
  CHECK(banned("sim/lambda/a.cpp", "int f() { return TH_RULE(A-1, 1, 2); }\n").empty());
}

TEST_CASE("tidy: a rule and its id stand on one line") {
  CHECK(check_rules({"sim/lambda/a.cpp", "return TH_RULE(ESM-BIS-01,\n 1, 2);\n"}).empty());
  CHECK(check_rules({"sim/lambda/a.cpp", "return TH_RULE(\n ESM-BIS-01, 1, 2);\n"}).size() == 1);
}

TEST_CASE("tidy: a type is defined once, whatever folder it lies in") {
  const auto found = [](const std::string& one, const std::string& other) {
    return check_defined_once({{"sim/kinesis/a.hpp", "namespace t {\n" + one + "}\n"},
                               {"sim/world/b.cpp", "namespace t {\n" + other + "}\n"}})
        .size();
  };
  CHECK(found("struct View { int a; };\n", "struct View { long b; };\n") == 1);
  CHECK(found("struct View { int a; };\n", "class View : public A { long b; };\n") == 1);
  CHECK(found("enum class E : int { a };\n", "struct E { int a; };\n") == 1);
  CHECK(found("struct View { int a; };\n", "namespace u { struct View { int a; }; }\n") == 0);
  CHECK(found("struct View { int a; };\n", "namespace {\nstruct View { int a; };\n}\n") == 0);
  CHECK(found("struct View { int a; };\n", "struct View;\nvoid f(struct View v) {}\n") == 0);
  CHECK(found("struct A { struct View { int a; }; };\n", "struct View { int a; };\n") == 0);
  CHECK(found("template <class T>\nstruct View { T a; };\n", "struct View { int a; };\n") == 1);
  const std::string hidden = "namespace t {\nnamespace {\nstruct View { int a; };\n}\n}\n";
  CHECK(check_defined_once({{"sim/a/a.cpp", hidden}, {"sim/a/b.cpp", hidden}}).size() == 1);
  CHECK(check_defined_once({{"sim/a/a.cpp", hidden}, {"sim/b/b.cpp", hidden}}).empty());
}

TEST_CASE("tidy: a class that points to something says what a copy of it is") {
  const auto found = [](const std::string& members) {
    return check_copies({"sim/run/a.hpp", "namespace t {\nclass Run {\n" + members + "};\n}\n"})
        .size();
  };
  CHECK(found("  int a_;\n") == 0);
  CHECK(found("  Choices* choices_;\n") == 1);
  CHECK(found("  const Choices& choices_;\n") == 1);
  CHECK(found("  std::ostream& out_;\n") == 1);
  CHECK(found("  Choices* choices_ = nullptr;\n") == 1);
  CHECK(found("  Run(const Run&) = delete;\n  Choices* choices_;\n") == 0);
  CHECK(found("  Choices& choices() const { return *c_; }\n") == 0);
}

TEST_CASE("tidy: comments and literals are not code") {
  CHECK(banned("sim/run/a.cpp", "// assert(a)\n/* assert(b)\nassert(c) */\n").empty());
  CHECK(banned("sim/run/a.cpp", "f(\"assert(a) \\\" assert(b)\");\n").empty());
  CHECK(banned("sim/run/a.cpp", "f(R\"x(assert(a) \" )y\" )x\");\n").empty());
  CHECK(banned("sim/run/a.cpp", "f('\"'); assert(a); g('\"');\n").size() == 1);
  CHECK(banned("sim/run/a.cpp", "int i = 1'000; assert(a); int j = 2'000;\n").size() == 1);
}

TEST_CASE("tidy: nothing names a place of one machine") {
  const std::string place = std::string("/wo") + "rk/main/sim";
  CHECK(check_places({"tools/a", "cd " + place + "\n"}).size() == 1);
  CHECK(check_places({"tools/a", "cd sim/work\n"}).empty());
}

TEST_CASE("tidy: a source without a test file of its name is found") {
  const std::string source = "sim/world/step.cpp";
  CHECK(check_has_tests({source, "tests/world/step_test.cpp"}).empty());
  CHECK(to_string(check_has_tests({source, "tests/world/steps_test.cpp"})) ==
        "sim/world/step.cpp: has no test file; instead: write tests/world/step_test.cpp\n");
  CHECK(check_has_tests({source, "tests/lambda/step_test.cpp"}).size() == 1);
  CHECK(check_has_tests({"sim/world/world.hpp", "sim/base/version.cpp"}).empty());
}

TEST_CASE("tidy: only the folders of the house lie at the top") {
  CHECK(check_top_level({"sim", "tests", ".ci", "run"}).empty());
  CHECK(check_top_level({"sim", "notes.txt"}).size() == 1);
}

TEST_CASE("tidy: inclusion in the whole tree") {
  for_whole_tree([](const SourceFile& file) { return check_inclusion(file, levels); });
}

TEST_CASE("tidy: libraries in the whole tree") { for_whole_tree(check_libraries); }

TEST_CASE("tidy: types in the whole tree") {
  const Findings findings =
      check_defined_once(read_tree(trimhorizon::tests::source_dir(), {"sim", "bindings"}));
  INFO(to_string(findings));
  CHECK(findings.empty());
}

TEST_CASE("tidy: copies in the whole tree") { for_whole_tree(check_copies); }

TEST_CASE("tidy: lines and files in the whole tree") { for_whole_tree(check_sizes); }

TEST_CASE("tidy: functions in the whole tree") { for_whole_tree(check_function_lengths); }

TEST_CASE("tidy: rules in the whole tree") { for_whole_tree(check_rules); }

TEST_CASE("tidy: guards in the whole tree") { for_whole_tree(check_guard); }

TEST_CASE("tidy: banned constructs in the whole tree") {
  for_whole_tree([](const SourceFile& file) { return check_banned(file, levels); });
}

TEST_CASE("tidy: tests of the whole tree") {
  std::vector<std::string> paths;
  for (const SourceFile& file : read_tree(trimhorizon::tests::source_dir(), {"sim", "tests"})) {
    paths.push_back(file.path);
  }
  const Findings findings = check_has_tests(paths);
  INFO(to_string(findings));
  CHECK(findings.empty());
}

TEST_CASE("tidy: places in the whole tree") {
  for_whole_tree(check_places);
  Findings findings;
  for (const SourceFile& file : read_tree(trimhorizon::tests::source_dir(),
                                          {"tools", "docs", "scenarios", "notebooks", ".ci"})) {
    const Findings some = check_places(file);
    findings.insert(findings.end(), some.begin(), some.end());
  }
  INFO(to_string(findings));
  CHECK(findings.empty());
}

TEST_CASE("tidy: the top of the tree") {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(trimhorizon::tests::source_dir())) {
    names.push_back(entry.path().filename().string());
  }
  const Findings findings = check_top_level(names);
  INFO(to_string(findings));
  CHECK(findings.empty());
}
