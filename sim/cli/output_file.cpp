#include "sim/cli/output_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "sim/cli/program.hpp"

namespace trimhorizon {
namespace {

namespace fs = std::filesystem;

// The file to remove when a signal ends the program. A handler can read nothing else safely.
char unfinished[4096] = "";

extern "C" void remove_unfinished(int signal) {
  if (unfinished[0] != '\0') unlink(unfinished);
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

// From now on such a signal removes the file. What the caller of the program ignores stays ignored.
void watch_signals() {
  for (const int each : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGXFSZ}) {
    struct sigaction now {};
    if (sigaction(each, nullptr, &now) == 0 && now.sa_handler == SIG_DFL) {
      std::signal(each, remove_unfinished);
    }
  }
}

void set_unfinished(const std::string& path) {
  if (path.size() >= sizeof unfinished) return;
  std::memcpy(unfinished, path.c_str(), path.size() + 1);
}

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

// Is it a file that a process has open already, such as /proc/self/fd/1?
bool is_open_file(const fs::path& path) {
  std::error_code error;
  const fs::path folder = fs::canonical(folder_of(path), error);
  return !error && folder.filename() == "fd" && folder.native().starts_with("/proc/");
}

// Follows links, also one that leads to no file yet, up to an open file.
fs::path followed(fs::path path) {
  std::error_code error;
  for (int links = 0; links < 40 && fs::is_symlink(path, error) && !is_open_file(path); ++links) {
    const fs::path to = fs::read_symlink(path, error);
    path = to.is_absolute() ? to : path.parent_path() / to;
  }
  return path;
}

// A device or a pipe, or what is open already: nothing may take its place.
bool is_stream(const fs::path& target) {
  std::error_code error;
  const bool other = fs::exists(target, error) && !fs::is_regular_file(target, error);
  return other || is_open_file(target);
}

bool is_input(const std::string& path, const std::vector<std::string>& inputs) {
  std::error_code error;
  if (fs::is_character_file(path, error)) return false;  // /dev/null stays what it is
  return std::any_of(inputs.begin(), inputs.end(), [&](const std::string& input) {
    return !input.empty() && fs::equivalent(input == "-" ? "/dev/stdin" : input, path, error);
  });
}

// A device takes all that is written; a file or a pipe would mix it with the result.
bool is_standard_output(const std::string& path) {
  struct stat its {};
  struct stat out {};
  if (path == "-") return true;
  if (stat(path.c_str(), &its) != 0 || fstat(STDOUT_FILENO, &out) != 0) return false;
  return its.st_dev == out.st_dev && its.st_ino == out.st_ino && !S_ISCHR(its.st_mode);
}

}  // namespace

OutputFile::OutputFile(std::string path, std::string_view option,
                       const std::vector<std::string>& inputs)
    : path_(std::move(path)), target_(followed(path_)) {
  if (is_standard_output(path_)) {
    throw CommandError(fmt::format("{} needs the name of a file, not `{}`", option, path_),
                       "standard output has the result already");
  }
  std::error_code error;
  if (fs::is_directory(target_, error)) fail(EISDIR);
  const bool stream = is_stream(target_);
  if (is_input(path_, inputs)) {
    throw CommandError(fmt::format("{} would overwrite {}, which the command reads", option, path_),
                       "give the result a name of its own");
  }
  const fs::path folder = folder_of(target_);
  if (!stream && !fs::is_directory(folder, error)) fail(ENOENT);
  const bool exists = fs::exists(target_, error);
  const bool can_rename = !stream && access(folder.c_str(), W_OK | X_OK) == 0;
  if (!can_rename && !exists) fail(EACCES);
  if (exists && access(target_.c_str(), W_OK) != 0) fail(errno);
  static int number = 0;
  if (can_rename) {
    beside_ = folder / fmt::format(".trimhorizon-{}-{}.part", getpid(), ++number);
  }
}

OutputFile::~OutputFile() {
  if (!file_.is_open() || beside_.empty()) return;
  std::error_code ignored;
  fs::remove(beside_, ignored);
  set_unfinished("");
}

void OutputFile::open() {
  if (beside_.empty()) {
    file_.open(target_, std::ios::binary | std::ios::trunc);
  } else {
    const int made = ::open(beside_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (made < 0) fail(errno);
    close(made);
    set_unfinished(fs::absolute(beside_).string());
    watch_signals();
    file_.open(beside_, std::ios::binary | std::ios::trunc);
  }
  if (!file_) fail(errno);
}

std::ostream& OutputFile::stream() {
  if (!file_.is_open()) open();
  return file_;
}

void OutputFile::finish() {
  if (!stream().flush()) fail(errno);
  if (!beside_.empty()) {
    std::error_code error;
    const fs::file_status old = fs::status(target_, error);
    if (fs::exists(old)) fs::permissions(beside_, old.permissions(), error);
    fs::rename(beside_, target_, error);
    if (error) fail(error.value());
    set_unfinished("");
    beside_.clear();
  }
  file_.close();
}

void OutputFile::fail(int error) const {
  throw CommandError("cannot write " + path_ + ": " + std::strerror(error));
}

}  // namespace trimhorizon
