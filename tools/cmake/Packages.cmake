# System packages only. Names differ between versions; the rest of the build sees one name each.
find_package(Boost 1.74 REQUIRED)         # headers; no components
find_package(fmt REQUIRED)
find_package(yaml-cpp REQUIRED)           # 0.7: yaml-cpp, 0.8: yaml-cpp::yaml-cpp
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)

add_library(th_yaml INTERFACE)
if(TARGET yaml-cpp::yaml-cpp)
  target_link_libraries(th_yaml INTERFACE yaml-cpp::yaml-cpp)
else()
  target_link_libraries(th_yaml INTERFACE yaml-cpp)
endif()

if(SKBUILD)
  set(TH_INSTALL_BINDIR ${SKBUILD_SCRIPTS_DIR})
else()
  include(GNUInstallDirs)
  set(TH_INSTALL_BINDIR ${CMAKE_INSTALL_BINDIR})
endif()
