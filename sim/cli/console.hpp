// Where a command writes: results to stdout, everything else to stderr.
//
// Always:
//  1. Colour on a stream only when it and stderr are terminals, NO_COLOR is unset or empty and
//     TERM is not `dumb`.
//  2. err() passes on no control character: what it quotes cannot reach the terminal.
//  3. A closed pipe (`| head`) is not a failure; a full disk is.
#pragma once

#include <string>
#include <string_view>

namespace trimhorizon {

class Console {
 public:
  Console();

  void out(std::string_view text);
  void err(std::string_view text);
  void draw(std::string_view text);  // to stderr as it is, with what moves the cursor

  bool colour_out() const { return colour_out_; }
  bool out_is_terminal() const { return out_is_terminal_; }
  bool err_is_terminal() const { return err_is_terminal_; }

  // Flushes stdout. Returns the exit code: `code`, or 2 if the result could not be written.
  int finish(int code);

 private:
  bool colour_out_ = false;
  bool out_is_terminal_ = false;
  bool err_is_terminal_ = false;
  int write_error_ = 0;  // errno of the first failed write to stdout
};

}  // namespace trimhorizon
