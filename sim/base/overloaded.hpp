// One lambda per alternative of a std::variant.
#pragma once

namespace trimhorizon {

template <class... Fs>
struct overloaded : Fs... {
  using Fs::operator()...;
};
template <class... Fs>
overloaded(Fs...) -> overloaded<Fs...>;  // clang 14 needs the guide spelled out

}  // namespace trimhorizon
