// One lambda for each alternative of a std::variant, for std::visit.
#pragma once

namespace trimhorizon {

template <class... Fs>
struct overloaded : Fs... {
  using Fs::operator()...;
};
template <class... Fs>
overloaded(Fs...) -> overloaded<Fs...>;  // clang 14 needs this deduction guide

}  // namespace trimhorizon
