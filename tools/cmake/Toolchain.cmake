# Flags that every file gets, and the faster compiler and linker when they are there.
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

set(CMAKE_CXX_FLAGS_RELEASE "-O2")        # no NDEBUG: assertions stay on
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1")

# The same bits from every compiler, and __FILE__ relative to the top of the checkout.
add_compile_options(
  -fno-fast-math -ffp-contract=off "-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=" -Wall -Wextra
  -Wnon-virtual-dtor -Wno-missing-field-initializers)   # members left out have defaults
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # False alarms of g++ 12 at -O2 on std::variant and std::string.
  add_compile_options(-Wno-maybe-uninitialized -Wno-restrict)
endif()
if(TH_WERROR)
  add_compile_options(-Werror)
endif()

if(TH_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
  add_compile_definitions(_GLIBCXX_ASSERTIONS)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    # Edge counters for the fuzz targets, which share the objects of the tests: in what reads files.
    set(TH_EDGE_COUNTERS -fsanitize=fuzzer-no-link)
    add_link_options(-fsanitize=fuzzer-no-link)
  endif()
endif()

find_program(TH_CCACHE ccache)
if(TH_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Paths inside the checkout are cached relative to its top, so that a second clone finds what the
  # first one compiled. Precompiled headers are cached only if the cache is told that it may.
  set(CMAKE_CXX_COMPILER_LAUNCHER
    ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
    CCACHE_SLOPPINESS=pch_defines,time_macros ${TH_CCACHE})
endif()

find_program(TH_MOLD mold)
if(TH_MOLD AND NOT APPLE)
  include(CheckCXXCompilerFlag)
  set(CMAKE_REQUIRED_LINK_OPTIONS -fuse-ld=mold)
  check_cxx_compiler_flag(-fuse-ld=mold TH_MOLD_WORKS)
  unset(CMAKE_REQUIRED_LINK_OPTIONS)
  if(TH_MOLD_WORKS)
    add_link_options(-fuse-ld=mold)
  endif()
endif()
