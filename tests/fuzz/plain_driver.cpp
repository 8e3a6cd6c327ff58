// main for a fuzz target where libFuzzer is missing: the files of the corpus, then their mutations.
// The same options as libFuzzer, as far as ./test uses them: -runs=N -seed=N FILE_OR_FOLDER...
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;
using Input = std::vector<std::uint8_t>;

std::uint64_t state = 1;

std::uint64_t next_number(std::uint64_t below) {  // splitmix64
  std::uint64_t z = (state += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return (z ^ (z >> 31)) % below;
}

void read_into(std::vector<Input>& corpus, const fs::path& path) {
  std::vector<fs::path> files;
  if (fs::is_directory(path)) {
    for (const auto& entry : fs::recursive_directory_iterator(path)) {
      if (entry.is_regular_file()) files.push_back(entry.path());
    }
  } else if (fs::exists(path)) {
    files.push_back(path);
  }
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) {
    std::ifstream in(file, std::ios::binary);
    corpus.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
}

// One to four small edits: a byte changed, a stretch removed, a stretch of another input inserted.
Input mutated(Input input, const Input& other) {
  for (std::uint64_t edits = 1 + next_number(4); edits > 0; --edits) {
    const std::size_t at = next_number(input.size() + 1);
    switch (next_number(3)) {
      case 0:
        if (at < input.size()) input[at] = static_cast<std::uint8_t>(next_number(256));
        break;
      case 1: {
        const std::size_t count = std::min<std::size_t>(next_number(16), input.size() - at);
        input.erase(input.begin() + static_cast<std::ptrdiff_t>(at),
                    input.begin() + static_cast<std::ptrdiff_t>(at + count));
        break;
      }
      default: {
        if (other.empty()) break;
        const std::size_t from = next_number(other.size());
        const std::size_t count = std::min<std::size_t>(next_number(32), other.size() - from);
        const Input piece(other.begin() + static_cast<std::ptrdiff_t>(from),
                          other.begin() + static_cast<std::ptrdiff_t>(from + count));
        input.insert(input.begin() + static_cast<std::ptrdiff_t>(at), piece.begin(), piece.end());
      }
    }
  }
  return input;
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t runs = 1000;
  std::vector<Input> corpus;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument.rfind("-runs=", 0) == 0) {
      runs = std::strtoull(argument.c_str() + 6, nullptr, 10);
    } else if (argument.rfind("-seed=", 0) == 0) {
      state = std::strtoull(argument.c_str() + 6, nullptr, 10);
    } else if (argument[0] != '-') {
      read_into(corpus, argument);
    }
  }
  if (corpus.empty()) corpus.emplace_back();
  for (const Input& input : corpus) LLVMFuzzerTestOneInput(input.data(), input.size());
  for (std::uint64_t run = 0; run < runs; ++run) {
    const Input& chosen = corpus[next_number(corpus.size())];
    const Input input = mutated(chosen, corpus[next_number(corpus.size())]);
    LLVMFuzzerTestOneInput(input.data(), input.size());
  }
  std::fprintf(stderr, "%zu inputs, %llu mutations: no crash\n", corpus.size(),
               static_cast<unsigned long long>(runs));
}
